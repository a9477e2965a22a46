/** A metric and how far it would move on other rows of the same kind. */
export interface MeasuredMetric {
  readonly value: number;
  readonly standardDeviation: number;
}

/** Each value with its deviation. */
export function measured<Key extends string>(values: Readonly<Record<Key, number>>, spread: Readonly<Record<Key, number>>, keys: readonly Key[]): Record<Key, MeasuredMetric> {
  return Object.fromEntries(keys.map((key) => [key, { value: values[key], standardDeviation: spread[key] }])) as Record<Key, MeasuredMetric>;
}

/** The values alone. */
export function valuesOf<Key extends string>(metrics: Readonly<Record<Key, MeasuredMetric>>): Record<Key, number> {
  return Object.fromEntries((Object.entries(metrics) as [Key, MeasuredMetric][]).map(([key, metric]) => [key, metric.value])) as Record<Key, number>;
}

/** @throws RangeError where there is no row, or not as many predictions as the labels ask for. */
export function checkRows(labels: number, predictions: number, columns: number, what: string): void {
  if (predictions !== labels * columns) {
    const perRow = columns === 1 ? 'as many' : `${String(columns)} a row`;
    throw new RangeError(`Found ${String(labels)} labels for ${String(predictions)} ${what}, expected ${perRow}.`);
  }
  if (labels === 0) throw new RangeError('Found no row to evaluate, expected at least one.');
}
