import type { DatasetSpec } from '../spec/dataset.ts';
import type { ColumnDistribution } from './distribution.ts';
import type { ColumnProfile, DatasetProfile } from './profile.ts';
import { inferredType } from './statistics.ts';
import type { InferredType } from './statistics.ts';

/** `constraints.json`, as SageMaker Model Monitor writes it: what the next dataset is expected to keep to. */
export interface Constraints {
  readonly version: 0;
  readonly features: readonly FeatureConstraints[];
  readonly monitoring_config: typeof monitoringConfig;
}

/** Of one column. */
export interface FeatureConstraints {
  readonly name: string;
  readonly inferred_type: InferredType;
  readonly completeness: number;
  readonly num_constraints?: { readonly is_non_negative: boolean };
  readonly string_constraints?: { readonly domains: readonly string[] };
}

const monitoringConfig = {
  evaluate_constraints: 'Enabled',
  emit_metrics: 'Enabled',
  datatype_check_threshold: 1,
  domain_content_threshold: 1,
  distribution_constraints: {
    perform_comparison: 'Enabled',
    comparison_threshold: 0.1,
    comparison_method: 'Robust',
    categorical_comparison_threshold: 0.1,
    categorical_drift_method: 'LInfinity',
  },
} as const;

/** The constraints that this dataset suggests; a declared bound or list of categories goes before what was seen. */
export function buildConstraints(schema: DatasetSpec, profile: DatasetProfile, distributions: ReadonlyMap<string, ColumnDistribution>): Constraints {
  const features = profile.columns.map((column) => featureConstraints(column, schema, profile.rows, distributions.get(column.name)));
  return { version: 0, features, monitoring_config: monitoringConfig };
}

function featureConstraints(column: ColumnProfile, schema: DatasetSpec, rows: number, distribution: ColumnDistribution | undefined): FeatureConstraints {
  const { name, type, numbers } = column;
  const declared = schema.columns.find((candidate) => candidate.name === name);
  const completeness = rows === 0 ? 1 : (rows - column.missing) / rows;
  const base = { name, inferred_type: inferredType(type), completeness };
  if (numbers !== undefined) return { ...base, num_constraints: { is_non_negative: numbers.count > 0 && (declared?.minimum ?? numbers.minimum) >= 0 } };
  // A timestamp is a String to Model Monitor, but no category.
  const domains = type === 'timestamp' ? [] : (declared?.categories ?? distribution?.domain ?? []);
  return { ...base, string_constraints: { domains } };
}
