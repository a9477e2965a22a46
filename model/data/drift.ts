import type { CheckSpec } from '../spec/check.ts';
import { checksFor } from '../spec/resolve-checks.ts';
import { baselineCumulative, comparisonOf } from './baseline.ts';
import type { Baseline, Cumulative } from './baseline.ts';
import type { DistributionConstraints } from './constraints.ts';
import type { ColumnDistribution } from './distribution.ts';
import { countNotAbove, countValues } from './drift-counts.ts';
import type { DuckDb } from './duckdb.ts';
import type { DatasetProfile } from './profile.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { FeatureStatistics, StringStatistics } from './statistics.ts';
import type { TypedTable } from './typed-table.ts';
import type { Finding } from './violations.ts';
import { digits, percent } from './words.ts';

/**
 * Two samples of the same distribution, of n and m values, differ by more than this times sqrt(1/n + 1/m) in 3 of 1,000 cases
 * (Kolmogorov and Smirnov: 2 exp(-2 * 1.8^2)).
 */
const chanceFactor = 1.8;

/** Compares each column with the baseline: numbers by the largest distance of the cumulative shares, categories by that of a value's share. */
export async function checkDrift(
  db: DuckDb,
  table: TypedTable,
  profile: DatasetProfile,
  distributions: ReadonlyMap<string, ColumnDistribution>,
  baseline: Baseline,
  checks: readonly CheckSpec[],
): Promise<Finding[]> {
  const compared = profile.columns.flatMap((column) => {
    const before = baseline.statistics.features.find(({ name }) => name === column.name);
    const bounds = checksFor(checks, 'drift', column.name).flatMap(({ level, bound }) => {
      const how = comparisonOf(baseline, column.name, bound);
      return how === undefined ? [] : [{ severity: level === 'fail' ? 'fail' as const : 'warn' as const, how }];
    });
    return before === undefined || bounds.length === 0 || column.present === 0 ? [] : [{ column, before, bounds }];
  });
  const numeric = compared.flatMap((one) => {
    const cumulative = one.column.numbers === undefined ? undefined : baselineCumulative(one.before);
    return cumulative === undefined ? [] : [{ ...one, cumulative }];
  });
  const now = await countNotAbove(db, table, numeric.map(({ column, cumulative }) => ({ name: column.name, bounds: boundsOf(cumulative) })));
  const findings = numeric.map(({ column, before, bounds, cumulative }) => {
    const distance = largestDistance(cumulative, now.get(column.name)!);
    return firstOf(bounds, (how) => numberFinding(column, before, how, distance));
  });
  for (const { column, before, bounds } of compared) {
    // The values of a timestamp move with time by nature.
    if (column.type !== 'string' || before.string_statistics === undefined) continue;
    const moved = await largestMove(db, table, column, distributions.get(column.name) ?? {}, before.string_statistics);
    findings.push(firstOf(bounds, (how) => categoryFinding(column, before.string_statistics!, moved, how)));
  }
  return findings.flatMap((found) => (found === undefined ? [] : [found]));
}

type Drift = Pick<Finding, 'column' | 'description'> | undefined;

/** What the strictest of the checks finds that finds something. */
function firstOf(bounds: readonly { readonly severity: Finding['severity']; readonly how: DistributionConstraints }[], find: (how: DistributionConstraints) => Drift): Finding | undefined {
  for (const { severity, how } of bounds) {
    const drift = find(how);
    if (drift !== undefined) return { ...drift, severity, check: 'baseline_drift_check' };
  }
  return undefined;
}

/** The distance that counts: as it is, or without what chance explains. */
export function countedDistance(distance: number, before: number, now: number, method: DistributionConstraints['comparison_method']): number {
  return method === 'Simple' ? distance : Math.max(0, distance - chanceFactor * Math.sqrt(1 / before + 1 / now));
}

function numberFinding(column: ColumnProfile, { numerical_statistics: before }: FeatureStatistics, how: DistributionConstraints, distance: number): Drift {
  const numbers = column.numbers!;
  const counted = countedDistance(distance, before!.common.num_present, numbers.count, how.comparison_method);
  if (counted <= how.comparison_threshold) return undefined;
  const mean = before!.mean === undefined ? '' : `; the mean is ${digits(numbers.mean)}, was ${digits(before!.mean)}`;
  return { column: column.name, description: `the distribution is another than the baseline's: ${inWords(counted, how)}, expected at most ${String(how.comparison_threshold)}${mean}.` };
}

/** The value whose share is the most another than the baseline's. */
interface MovedValue {
  readonly value: string;
  readonly was: number;
  readonly is: number;
  /** Whether the baseline may have had less of it. */
  readonly atMost: boolean;
}

async function largestMove(db: DuckDb, table: TypedTable, { name, present }: ColumnProfile, { values = [], distinct = 0 }: ColumnDistribution, before: StringStatistics): Promise<MovedValue> {
  const { buckets } = before.distribution.categorical;
  const total = before.common.num_present;
  const counts = new Map(values.map(({ value, count }) => [value, count]));
  const uncounted = distinct > values.length ? buckets.filter(({ value }) => !counts.has(value)) : [];
  for (const { value, count } of await countValues(db, table, name, uncounted.map(({ value }) => value))) counts.set(value, count);
  const shares = buckets.map(({ value, count }) => ({ value, was: count / total, is: (counts.get(value) ?? 0) / present }));
  // A value that the baseline did not list was there as often as the last one listed at most, or not at all where it listed all.
  const unlisted = before.distinct_count > buckets.length ? (buckets.at(-1)?.count ?? 0) / total : 0;
  const known = new Set(buckets.map(({ value }) => value));
  const fresh = [...counts].flatMap(([value, count]) => (known.has(value) ? [] : [{ value, was: Math.min(unlisted, count / present), is: count / present }]));
  const largest = [...shares, ...fresh].reduce((worst, share) => (Math.abs(share.is - share.was) > Math.abs(worst.is - worst.was) ? share : worst), { value: '', was: 0, is: 0 });
  return { ...largest, atMost: !known.has(largest.value) && unlisted > 0 };
}

function categoryFinding({ name, present }: ColumnProfile, before: StringStatistics, { value, was, is, atMost }: MovedValue, how: DistributionConstraints): Drift {
  const bound = how.categorical_comparison_threshold;
  if (how.categorical_drift_method !== 'LInfinity') {
    return { column: name, description: `the categories are not compared with the baseline's: its categorical_drift_method is '${how.categorical_drift_method}', expected 'LInfinity'.` };
  }
  const total = before.common.num_present;
  if (total === 0) return undefined;
  const counted = countedDistance(Math.abs(is - was), total, present, how.comparison_method);
  if (counted <= bound) return undefined;
  return { column: name, description: `the categories are others than the baseline's: '${value}' is ${percent(is)} of the values, was ${atMost ? 'at most ' : ''}${percent(was)}; ${inWords(counted, how)}, expected at most ${String(bound)}.` };
}

function inWords(distance: number, { comparison_method: method }: DistributionConstraints): string {
  return `distance ${digits(distance)}${method === 'Robust' ? ' beyond chance' : ''}`;
}

/** Each point, and the number just below it: between two points the baseline knows nothing, at a point it may jump. */
function boundsOf({ points }: Cumulative): number[] {
  return [...new Set(points.flatMap((point) => [numberBelow(point), point]))].toSorted((a, b) => a - b);
}

/** The largest distance of two cumulative distributions at the bounds of the second. */
export function largestDistance(before: Cumulative, now: Cumulative): number {
  let largest = 0;
  let at = 0;
  now.points.forEach((bound, index) => {
    while (at < before.points.length && before.points[at]! <= bound) at += 1;
    largest = Math.max(largest, Math.abs(now.shares[index]! - (at === 0 ? 0 : before.shares[at - 1]!)));
  });
  return largest;
}

/** The largest number below a finite one. */
export function numberBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  bits[0]! += value > 0 ? -1n : 1n;
  return new Float64Array(bits.buffer)[0]!;
}
