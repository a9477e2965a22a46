import { tDifference } from './difference.ts';
import type { Difference } from './difference.ts';

/** The mean of what the rows differ by, with the paired t-test. Undefined with a single row, of which no spread is known. */
export function meanDifference(differences: Float64Array): Difference | undefined {
  const rows = differences.length;
  if (rows < 2) return undefined;
  const mean = differences.reduce((sum, one) => sum + one, 0) / rows;
  const variance = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (rows - 1);
  return tDifference('paired t', mean, Math.sqrt(variance / rows), rows - 1);
}
