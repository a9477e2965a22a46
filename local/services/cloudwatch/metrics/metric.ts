import { createHash } from 'node:crypto';

/** A dimension in the SDK's shape. */
export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** What tells one metric from another. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** In the order of their names. */
  readonly dimensions: readonly Dimension[];
}

/** The metric that is named so, with its dimensions in order. */
export function metricOf(namespace: string, name: string, dimensions: readonly Dimension[] = []): Metric {
  return { namespace, name, dimensions: dimensions.map(({ Name, Value }) => ({ Name, Value })).sort((left, right) => (left.Name < right.Name ? -1 : 1)) };
}

/** A text that only this metric has. */
export function metricKey({ namespace, name, dimensions }: Metric): string {
  return JSON.stringify([namespace, name, dimensions.flatMap(({ Name, Value }) => [Name, Value])]);
}

/** A short name of it for the store. */
export function metricId(key: string): string {
  return createHash('sha1').update(key).digest('hex').slice(0, 20);
}
