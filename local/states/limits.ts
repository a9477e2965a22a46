import type { Json } from './types.ts';

/** The most bytes that a state's input, output, task result or variable may have as JSON. */
const dataLimitBytes = 262_144;

/** Whether a value is larger than Step Functions lets through. */
export function exceedsDataLimit(value: Json): boolean {
  return Buffer.byteLength(JSON.stringify(value)) > dataLimitBytes;
}

/** AWS's wording for what is too large. */
export function dataLimitCause(subject: string): string {
  return `The state/task '${subject}' returned a result with a size exceeding the maximum number of bytes service limit.`;
}
