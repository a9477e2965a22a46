import type { Constraints, DistributionConstraints } from './constraints.ts';
import type { FeatureStatistics, Statistics } from './statistics.ts';

/** An earlier dataset, as its `statistics.json` and `constraints.json` tell of it. */
export interface Baseline {
  readonly statistics: Statistics;
  readonly constraints: Constraints;
}

/** Documents that are no baseline: somebody edited them, or a tool wrote them otherwise. */
export class BrokenBaseline extends Error {
  override readonly name = 'BrokenBaseline';
}

/** The baseline of two JSON documents. @throws BrokenBaseline that names what is not as Model Monitor writes it */
export function parseBaseline(documents: { readonly statistics: unknown; readonly constraints: unknown }): Baseline {
  for (const [name, document] of Object.entries(documents)) {
    const { version, features } = (document ?? {}) as { version?: unknown; features?: unknown };
    if (version !== 0) throw new BrokenBaseline(`The baseline's ${name}.json has the version ${String(JSON.stringify(version))}, expected 0.`);
    const named = Array.isArray(features) && features.every((feature: { name?: unknown } | null) => typeof feature?.name === 'string');
    if (!named) throw new BrokenBaseline(`The baseline's ${name}.json has no list of named features, expected one for each column.`);
  }
  const { statistics, constraints } = documents as unknown as Baseline;
  const bound: unknown = (constraints.monitoring_config as Constraints['monitoring_config'] | undefined)?.distribution_constraints?.comparison_threshold;
  if (typeof bound !== 'number') throw new BrokenBaseline("The baseline's constraints.json has no monitoring_config.distribution_constraints.comparison_threshold, expected a number.");
  return { statistics, constraints };
}

/**
 * How a column is compared with its baseline; `undefined` where it is not.
 * @param bound of the distance, in place of the baseline's own; what the baseline's constraints say of this column comes before it
 */
export function comparisonOf({ constraints }: Baseline, column: string, bound?: number): DistributionConstraints | undefined {
  const { monitoring_config: config, features } = constraints;
  const feature = features.find(({ name }) => name === column);
  const overrides = feature?.monitoringConfigOverrides ?? feature?.monitoring_config_overrides;
  const declared = bound === undefined ? {} : { comparison_threshold: bound, categorical_comparison_threshold: bound };
  const comparison = { ...config.distribution_constraints, ...declared, ...overrides?.distribution_constraints };
  const enabled = (overrides?.evaluate_constraints ?? config.evaluate_constraints) !== 'Disabled' && comparison.perform_comparison !== 'Disabled';
  return enabled ? comparison : undefined;
}

/** The distribution of a numeric column: points in order, each with the share of the values that are not above it. */
export interface Cumulative {
  readonly points: readonly number[];
  readonly shares: readonly number[];
}

/** The distribution that a baseline keeps of a numeric column: its sketch, where it has one, else its buckets; none where it had no number. */
export function baselineCumulative({ numerical_statistics: statistics }: FeatureStatistics): Cumulative | undefined {
  if (statistics === undefined) return undefined;
  const { buckets, sketch } = statistics.distribution.kll;
  const sketched = (sketch as typeof sketch | undefined)?.data.flatMap((level, index) => level.map((point) => ({ point, weight: 2 ** index }))) ?? [];
  const weighted = sketched.length > 0 ? sketched : buckets.map((bucket) => ({ point: bucket.upper_bound, weight: bucket.count }));
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return undefined;
  const points: number[] = [];
  const shares: number[] = [];
  let below = 0;
  for (const { point, weight } of weighted.toSorted((a, b) => a.point - b.point)) {
    below += weight;
    if (point === points.at(-1)) shares[shares.length - 1] = below / total;
    else {
      points.push(point);
      shares.push(below / total);
    }
  }
  return { points, shares };
}
