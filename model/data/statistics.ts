import type { ColumnType } from '../spec/dataset.ts';
import type { ColumnDistribution } from './distribution.ts';
import type { DatasetProfile } from './profile.ts';
import type { ColumnProfile } from './column-profile.ts';
import { sketchFromQuantiles } from './sketch.ts';
import type { KllSketch } from './sketch.ts';

/** A column's type in Model Monitor's words. */
export type InferredType = 'Fractional' | 'Integral' | 'String';

/** `statistics.json`, as SageMaker Model Monitor writes it. */
export interface Statistics {
  readonly version: 0;
  readonly dataset: { readonly item_count: number };
  readonly features: readonly FeatureStatistics[];
}

/** Of one column: `numerical_statistics` or `string_statistics`. */
export interface FeatureStatistics {
  readonly name: string;
  readonly inferred_type: InferredType;
  readonly numerical_statistics?: NumericalStatistics;
  readonly string_statistics?: StringStatistics;
}

interface CommonStatistics {
  readonly num_present: number;
  readonly num_missing: number;
}

/** Of a numeric column. `mean`, `min` and the like are absent where the column has no number. */
export interface NumericalStatistics {
  readonly common: CommonStatistics;
  readonly mean?: number;
  readonly sum: number;
  readonly std_dev?: number;
  readonly min?: number;
  readonly max?: number;
  readonly distribution: { readonly kll: { readonly buckets: readonly { readonly lower_bound: number; readonly upper_bound: number; readonly count: number }[]; readonly sketch: KllSketch } };
}

/** Of a text column. */
export interface StringStatistics {
  readonly common: CommonStatistics;
  readonly distinct_count: number;
  readonly distribution: { readonly categorical: { readonly buckets: readonly { readonly value: string; readonly count: number }[] } };
}

/** What Model Monitor calls a declared type: it knows no timestamps and no booleans. */
export function inferredType(type: ColumnType): InferredType {
  if (type === 'number') return 'Fractional';
  return type === 'integer' || type === 'boolean' ? 'Integral' : 'String';
}

/** The statistics of the profiled columns. */
export function buildStatistics(profile: DatasetProfile, distributions: ReadonlyMap<string, ColumnDistribution>): Statistics {
  const features = profile.columns.map((column) => featureStatistics(column, profile.rows, distributions.get(column.name) ?? {}));
  return { version: 0, dataset: { item_count: profile.rows }, features };
}

function featureStatistics(column: ColumnProfile, rows: number, distribution: ColumnDistribution): FeatureStatistics {
  const { name, type, numbers } = column;
  const common = { num_present: rows - column.missing, num_missing: column.missing };
  if (numbers === undefined) {
    const { values = [], distinct = 0 } = distribution;
    return { name, inferred_type: inferredType(type), string_statistics: { common, distinct_count: distinct, distribution: { categorical: { buckets: values } } } };
  }
  const buckets = (distribution.buckets ?? []).map(({ lower, upper, count }) => ({ lower_bound: lower, upper_bound: upper, count }));
  const moments = numbers.count === 0 ? { sum: 0 } : { mean: numbers.mean, sum: numbers.sum, std_dev: numbers.standardDeviation, min: numbers.minimum, max: numbers.maximum };
  const sketch = sketchFromQuantiles(numbers.count, numbers.quantiles);
  return { name, inferred_type: inferredType(type), numerical_statistics: { common, ...moments, distribution: { kll: { buckets, sketch } } } };
}
