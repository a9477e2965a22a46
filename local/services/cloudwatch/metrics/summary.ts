/** The values of a metric within a span of time: exact in number, sum and extremes. */
export interface Summary {
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /** How often each value came, for percentiles; covers fewer than `count` where a statistic set was put. */
  readonly values: Map<number, number>;
}

/** So many different values are kept as they are; beyond, percentiles are told to three digits: half a percent. */
const mostExact = 1000;
const digits = 3;

/** Nothing yet. */
export function emptySummary(): Summary {
  return { count: 0, sum: 0, minimum: Infinity, maximum: -Infinity, values: new Map() };
}

/** Adds a value that came so many times. */
export function addValue(summary: Summary, value: number, times: number): void {
  addTotals(summary, { count: times, sum: value * times, minimum: value, maximum: value });
  countValue(summary.values, value, times);
}

/** Adds values of which no more is known. */
export function addTotals(summary: Summary, totals: Pick<Summary, 'count' | 'sum' | 'minimum' | 'maximum'>): void {
  summary.count += totals.count;
  summary.sum += totals.sum;
  summary.minimum = Math.min(summary.minimum, totals.minimum);
  summary.maximum = Math.max(summary.maximum, totals.maximum);
}

/** Adds all of another summary. */
export function addSummary(summary: Summary, other: Summary): void {
  addTotals(summary, other);
  for (const [value, times] of other.values) countValue(summary.values, value, times);
}

function countValue(values: Map<number, number>, value: number, times: number): void {
  const before = values.get(value);
  const key = before === undefined && values.size >= mostExact ? Number(value.toPrecision(digits)) : value;
  values.set(key, (values.get(key) ?? 0) + times);
}
