import { studentsTQuantile, twoSidedT } from '../../metrics/distributions.ts';

/** How many of so many. */
export interface Count {
  readonly of: number;
  readonly count: number;
}

/** What two groups differ by. */
export interface GroupDifference {
  readonly test: 'two proportions' | "Welch's t" | 'Mann-Whitney';
  /** Of the second group less the first. */
  readonly difference: number;
  /** The interval that holds the true difference with this confidence. */
  readonly low: number;
  readonly high: number;
  /** How likely a difference at least as large is where there is none; NaN where nothing can be said. */
  readonly p: number;
}

/** Each group should have so many of either outcome, or the normal distribution is no good likeness. */
export const leastExpected = 5;

/**
 * Compares two shares: the pooled z test, and Newcombe's interval of the difference (from Wilson's of each share), which holds its level for small counts and for shares near 0.
 * @throws RangeError where a count is none.
 */
export function compareProportions(a: Count, b: Count, confidence: number): GroupDifference {
  for (const { of, count } of [a, b]) if (!(count >= 0 && count <= of)) throw new RangeError(`${String(count)} of ${String(of)} is no share, expected a count from 0 to the whole.`);
  const difference = b.count / b.of - a.count / a.of;
  const pooled = (a.count + b.count) / (a.of + b.of);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.of + 1 / b.of));
  const p = a.of === 0 || b.of === 0 ? Number.NaN : error === 0 ? 1 : twoSidedT(difference / error, Infinity);
  const z = studentsTQuantile(0.5 + confidence / 2, Infinity);
  const [ofA, ofB] = [wilson(a, z), wilson(b, z)];
  return {
    test: 'two proportions',
    difference,
    low: difference - Math.hypot(ofB.share - ofB.low, ofA.high - ofA.share),
    high: difference + Math.hypot(ofB.high - ofB.share, ofA.share - ofA.low),
    p,
  };
}

/** Whether the counts are large enough for the test. */
export function isEnoughForProportions(a: Count, b: Count): boolean {
  const pooled = (a.count + b.count) / (a.of + b.of);
  return [a.of, b.of].every((of) => of * Math.min(pooled, 1 - pooled) >= leastExpected);
}

function wilson({ of, count }: Count, z: number): { readonly share: number; readonly low: number; readonly high: number } {
  if (of === 0) return { share: Number.NaN, low: 0, high: 1 };
  const share = count / of;
  const centre = (count + (z * z) / 2) / (of + z * z);
  const half = (z * Math.sqrt(of * share * (1 - share) + (z * z) / 4)) / (of + z * z);
  return { share, low: count === 0 ? 0 : centre - half, high: count === of ? 1 : centre + half };
}

/** Chances of a test: of an error that finds what is not there, and of finding what is. */
export interface Chances {
  readonly confidence: number;
  readonly power: number;
}

/** How many each of two groups needs, for a test to find the difference of two shares with these chances. Infinity where they are equal. */
export function sampleForProportions(first: number, second: number, { confidence, power }: Chances): number {
  const alpha = studentsTQuantile(0.5 + confidence / 2, Infinity);
  const beta = studentsTQuantile(power, Infinity);
  const mean = (first + second) / 2;
  const spread = alpha * Math.sqrt(2 * mean * (1 - mean)) + beta * Math.sqrt(first * (1 - first) + second * (1 - second));
  return first === second ? Infinity : Math.ceil((spread / (first - second)) ** 2);
}

/** The smallest rise of a share that groups of these sizes would find with these chances; undefined where not even all would do. */
export function detectableRise(share: number, a: number, b: number, chances: Chances): number | undefined {
  const size = 2 / (1 / a + 1 / b);
  const found = (rise: number): boolean => sampleForProportions(share, share + rise, chances) <= size;
  if (!found(1 - share)) return undefined;
  let [low, high] = [0, 1 - share];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (found(middle)) high = middle;
    else low = middle;
  }
  return high;
}
