import { Token } from 'aws-cdk-lib';
import type { Finding } from '../../private/validation.ts';

/** The memory that Fargate has for each size of processor: from, to, and the step between, in MiB. */
const sizes: Readonly<Record<number, readonly [number, number, number]>> = {
  256: [512, 2048, 512],
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16_384: [32_768, 122_880, 8192],
};

/** A finding where Fargate has no such task: CloudFormation would tell it in the middle of a deployment. */
export function validateFargateSize(cpu: number, memorySizeMiB: number): Finding {
  if (Token.isUnresolved(cpu) || Token.isUnresolved(memorySizeMiB)) return undefined;
  const size = sizes[cpu];
  if (size === undefined) return `cpu is ${String(cpu)}, expected one of ${Object.keys(sizes).join(', ')}.`;
  const [from, to, step] = size;
  const smallest = cpu === 256 && memorySizeMiB === 1536;
  if (memorySizeMiB >= from && memorySizeMiB <= to && memorySizeMiB % step === 0 && !smallest) return undefined;
  return cpu === 256
    ? `memorySizeMiB is ${String(memorySizeMiB)} MiB, expected 512, 1024 or 2048 MiB for a cpu of 256.`
    : `memorySizeMiB is ${String(memorySizeMiB)} MiB, expected ${String(from)} to ${String(to)} MiB in steps of ${String(step)} for a cpu of ${String(cpu)}.`;
}
