import { normalCdf, studentsTQuantile, twoSidedT } from '../../metrics/distributions.ts';
import type { Chances, GroupDifference } from './proportions.ts';

/** A group's mean and how far its values are from it. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/** The mean of values and their variance (of a sample: over one less than there are). */
export function spreadOf(values: readonly number[]): Spread {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { count, mean, variance };
}

/** Compares two means whose groups may be spread differently: Welch's t test. Nothing can be said of fewer than two values in a group. */
export function compareMeans(a: Spread, b: Spread, confidence: number): GroupDifference {
  const difference = b.mean - a.mean;
  if (a.count < 2 || b.count < 2) return { test: "Welch's t", difference, low: Number.NEGATIVE_INFINITY, high: Infinity, p: Number.NaN };
  const [ofA, ofB] = [a.variance / a.count, b.variance / b.count];
  const error = Math.sqrt(ofA + ofB);
  if (error === 0) return { test: "Welch's t", difference, low: difference, high: difference, p: difference === 0 ? 1 : 0 };
  const degrees = (ofA + ofB) ** 2 / (ofA ** 2 / (a.count - 1) + ofB ** 2 / (b.count - 1));
  const half = studentsTQuantile(0.5 + confidence / 2, degrees) * error;
  return { test: "Welch's t", difference, low: difference - half, high: difference + half, p: twoSidedT(difference / error, degrees) };
}

/** How many values each of two groups needs, for a test to find a difference of means with these chances. */
export function sampleForMeans(difference: number, varianceA: number, varianceB: number, { confidence, power }: Chances): number {
  if (difference === 0) return Infinity;
  const z = studentsTQuantile(0.5 + confidence / 2, Infinity) + studentsTQuantile(power, Infinity);
  return Math.max(2, Math.ceil(((varianceA + varianceB) * z * z) / (difference * difference)));
}

/**
 * The Mann-Whitney test, corrected for ties: whether values of one group tend to be larger, whatever their distribution. Latencies have long tails, of which a mean alone says little.
 * @returns U of the first group, how likely a value of the second is larger than one of the first, and p.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): { readonly u: number; readonly superiority: number; readonly p: number } {
  const all = [...a.map((value) => ({ value, first: true })), ...b.map((value) => ({ value, first: false }))].sort((x, y) => x.value - y.value);
  let [rankSum, ties] = [0, 0];
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (to < all.length && all[to]!.value === all[from]!.value) to += 1;
    const tied = to - from;
    // The mean of the ranks that the tied values have together.
    rankSum += all.slice(from, to).filter(({ first }) => first).length * ((from + 1 + to) / 2);
    ties += tied ** 3 - tied;
    from = to;
  }
  const pairs = a.length * b.length;
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const superiority = pairs === 0 ? Number.NaN : 1 - u / pairs;
  const total = all.length;
  const deviation = Math.sqrt((pairs / 12) * (total + 1 - ties / (total * (total - 1))));
  if (!(deviation > 0)) return { u, superiority, p: pairs === 0 ? Number.NaN : 1 };
  const distance = Math.max(0, Math.abs(u - pairs / 2) - 0.5);
  return { u, superiority, p: Math.min(1, 2 * normalCdf(-distance / deviation)) };
}
