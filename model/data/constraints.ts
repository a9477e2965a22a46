import { defaultChecks } from '../spec/check.ts';
import type { ColumnDistribution } from './distribution.ts';
import type { DatasetProfile } from './profile.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { Columns } from './source.ts';
import { inferredType } from './statistics.ts';
import type { InferredType } from './statistics.ts';

/** `constraints.json`, as SageMaker Model Monitor writes it: what the next dataset is expected to keep to. */
export interface Constraints {
  readonly version: 0;
  readonly features: readonly FeatureConstraints[];
  readonly monitoring_config: MonitoringConfig;
}

/** How later data are compared with a dataset. */
export interface MonitoringConfig {
  readonly evaluate_constraints: Switch;
  readonly emit_metrics: Switch;
  readonly datatype_check_threshold: number;
  readonly domain_content_threshold: number;
  readonly distribution_constraints: DistributionConstraints;
}

/** How far a column's distribution may move. */
export interface DistributionConstraints {
  readonly perform_comparison: Switch;
  /** Of a number's. */
  readonly comparison_threshold: number;
  /** `Robust` leaves aside what samples of their size differ by chance. */
  readonly comparison_method: 'Robust' | 'Simple';
  /** Of a text's. */
  readonly categorical_comparison_threshold: number;
  readonly categorical_drift_method: 'LInfinity' | 'ChiSquared';
}

type Switch = 'Enabled' | 'Disabled';

/** Of one column. */
export interface FeatureConstraints {
  readonly name: string;
  readonly inferred_type: InferredType;
  readonly completeness: number;
  readonly num_constraints?: { readonly is_non_negative: boolean };
  readonly string_constraints?: { readonly domains: readonly string[] };
  /** Where the column is compared in another way than the others; never written here, but read in both of its spellings. */
  readonly monitoringConfigOverrides?: MonitoringConfigOverrides;
  readonly monitoring_config_overrides?: MonitoringConfigOverrides;
}

/** What of the configuration is another one for a column. */
export interface MonitoringConfigOverrides extends Partial<Omit<MonitoringConfig, 'distribution_constraints'>> {
  readonly distribution_constraints?: Partial<DistributionConstraints>;
}

/** Of a number's cumulative shares, and of a category's share. */
const usualDistance = defaultChecks.find(({ check }) => check === 'drift')?.bound ?? 0.1;

const monitoringConfig = (maximumDistance: number): MonitoringConfig => ({
  evaluate_constraints: 'Enabled',
  emit_metrics: 'Enabled',
  datatype_check_threshold: 1,
  domain_content_threshold: 1,
  distribution_constraints: {
    perform_comparison: 'Enabled',
    comparison_threshold: maximumDistance,
    comparison_method: 'Robust',
    categorical_comparison_threshold: maximumDistance,
    categorical_drift_method: 'LInfinity',
  },
});

/** The constraints that this dataset suggests; a declared bound or list of categories goes before what was seen. */
export function buildConstraints(schema: Columns, profile: DatasetProfile, distributions: ReadonlyMap<string, ColumnDistribution>, maximumDistance = usualDistance): Constraints {
  const features = profile.columns.map((column) => featureConstraints(column, schema, profile.rows, distributions.get(column.name)));
  return { version: 0, features, monitoring_config: monitoringConfig(maximumDistance) };
}

function featureConstraints(column: ColumnProfile, schema: Columns, rows: number, distribution: ColumnDistribution | undefined): FeatureConstraints {
  const { name, type, numbers } = column;
  const declared = schema.columns.find((candidate) => candidate.name === name);
  const completeness = rows === 0 ? 1 : (rows - column.missing) / rows;
  const base = { name, inferred_type: inferredType(type), completeness };
  if (numbers !== undefined) return { ...base, num_constraints: { is_non_negative: numbers.count > 0 && (declared?.minimum ?? numbers.minimum) >= 0 } };
  // A timestamp is a String to Model Monitor, but no category.
  const domains = type === 'timestamp' ? [] : (declared?.categories ?? distribution?.domain ?? []);
  return { ...base, string_constraints: { domains } };
}
