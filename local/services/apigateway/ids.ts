import { createHash } from 'node:crypto';

/** Lower-case letters and digits, the same for the same parts: what API Gateway's ids look like. */
export function stableId(length: number, ...parts: string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return BigInt(`0x${digest}`).toString(36).slice(-length);
}
