import { Size, SizeRoundingBehavior } from 'aws-cdk-lib';

/** What a function that reads a dataset is given. */
export interface FunctionSize {
  readonly memorySizeMiB: number;
  readonly ephemeralStorageSize: Size;
}

/** Lambda's largest memory and ephemeral storage. */
const lambdaMaximumMiB = 10_240;

/** What the runtime, DuckDB and ONNX Runtime take before any data, and what they take a byte of input on top. */
const baseMemoryMiB = 2048;
const memoryPerByte = 4;

/** Lambda's own ephemeral storage, and the room for the input, DuckDB's spill and the prepared copies a byte of input. */
const baseStorageMiB = 512;
const storagePerByte = 4;

/** The largest input that a Lambda function can be given room for. */
export const largestDataSize = Size.mebibytes(Math.floor((lambdaMaximumMiB - baseMemoryMiB) / memoryPerByte));

/** Memory and storage for inputs up to this size. */
export function sizeFor(maximumDataSize: Size): FunctionSize {
  const input = Math.ceil(maximumDataSize.toMebibytes({ rounding: SizeRoundingBehavior.NONE }));
  return {
    memorySizeMiB: Math.min(lambdaMaximumMiB, baseMemoryMiB + memoryPerByte * input),
    ephemeralStorageSize: Size.mebibytes(Math.min(lambdaMaximumMiB, baseStorageMiB + storagePerByte * input)),
  };
}
