import { AwsError } from '../../../core/errors.ts';
import type { Summary } from './summary.ts';

/** Computes a statistic of what came in a period, or undefined where it cannot be told. */
export type Statistic = (summary: Summary) => number | undefined;

const simple: Readonly<Record<string, Statistic>> = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

/**
 * Finds a statistic by its name: `Sum`, `p99`, `p99.9`, `tm90`, `IQM`.
 * @throws {AwsError} InvalidParameterValue
 */
export function parseStatistic(name: string): Statistic {
  if (Object.hasOwn(simple, name)) return simple[name]!;
  const [, kind = '', digits = ''] = /^(p|tm)(\d{1,3}(?:\.\d{1,10})?)$/.exec(name) ?? [];
  const share = Number(digits) / 100;
  if (kind === 'p' && share <= 1) return (summary) => percentile(summary, share);
  if (kind === 'tm' && share <= 1) return (summary) => trimmedMean(summary, 0, share);
  if (name === 'IQM') return (summary) => trimmedMean(summary, 0.25, 0.75);
  throw new AwsError('InvalidParameterValue', `The statistic '${name}' is not one that the laptop knows: expected ${Object.keys(simple).join(', ')}, p0 to p100, tm0 to tm100 or IQM.`);
}

/** The smallest value that at least this share of all values do not exceed. */
function percentile(summary: Summary, share: number): number | undefined {
  if (!isWhole(summary)) return undefined;
  let left = share * summary.count;
  for (const [value, times] of sorted(summary)) {
    left -= times;
    if (left <= 1e-9) return value;
  }
  return summary.maximum;
}

/** The mean of the values between two shares of all, in their order. */
function trimmedMean(summary: Summary, from: number, to: number): number | undefined {
  if (!isWhole(summary)) return undefined;
  const [first, last] = [from * summary.count, to * summary.count];
  let [seen, sum, taken] = [0, 0, 0];
  for (const [value, times] of sorted(summary)) {
    const within = Math.max(0, Math.min(seen + times, last) - Math.max(seen, first));
    sum += value * within;
    taken += within;
    seen += times;
  }
  return taken > 0 ? sum / taken : undefined;
}

/** Where a statistic set holds one value, or one value only, it is known as well as the values themselves. */
function isWhole({ count, values, minimum, maximum }: Summary): boolean {
  if (minimum === maximum) return true;
  let known = 0;
  for (const times of values.values()) known += times;
  return known === count;
}

function sorted({ values, minimum, maximum, count }: Summary): (readonly [number, number])[] {
  return minimum === maximum ? [[minimum, count]] : [...values].sort(([left], [right]) => left - right);
}
