import type { Output } from '../../../core/call.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Value } from '../math/values.ts';
import type { Dimension, Metric } from '../metrics/metric.ts';
import { metricOf } from '../metrics/metric.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { QueryRun, windowsBetween } from '../metrics/query.ts';
import type { MetricDataQuery } from '../metrics/query.ts';
import { parseStatistic } from '../metrics/statistic.ts';
import type { Statistic } from '../metrics/statistic.ts';

interface GetMetricDataInput {
  readonly MetricDataQueries: readonly MetricDataQuery[];
  readonly StartTime: Date;
  readonly EndTime: Date;
  readonly ScanBy?: string;
}

/** GetMetricData: everything in one page. */
export function getMetricData(metrics: Metrics, { MetricDataQueries: queries, StartTime, EndTime, ScanBy = 'TimestampDescending' }: GetMetricDataInput): Output {
  checkSpan(StartTime, EndTime);
  const run = new QueryRun(metrics, queries, windowsBetween(StartTime.getTime(), EndTime.getTime()));
  const direction = ScanBy === 'TimestampAscending' ? 1 : -1;
  const results = queries
    .filter(({ ReturnData = true }) => ReturnData)
    .flatMap(({ Id, Label, MetricStat, Expression }) =>
      pointsOf(run.value(Id), StartTime).map((points) => {
        const sorted = [...points].sort(([left], [right]) => direction * (left - right));
        return { Id, Label: Label ?? MetricStat?.Metric.MetricName ?? Expression ?? Id, Timestamps: sorted.map(([time]) => new Date(time)), Values: sorted.map(([, value]) => value), StatusCode: 'Complete' };
      }),
    );
  return { MetricDataResults: results, Messages: [] };
}

/** An expression may come to one number: CloudWatch answers it at the start of the span. */
function pointsOf(value: Value, start: Date): readonly ReadonlyMap<number, number>[] {
  if (value.kind === 'series') return [value.points];
  if (value.kind === 'list') return value.members;
  if (value.kind === 'scalar') return [Number.isFinite(value.value) ? new Map([[start.getTime(), value.value]]) : new Map<number, number>()];
  throw new AwsError('ValidationError', 'An expression must come to numbers, and comes to a text.');
}

interface GetMetricStatisticsInput {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly Dimension[];
  readonly StartTime: Date;
  readonly EndTime: Date;
  readonly Period: number;
  readonly Statistics?: readonly string[];
  readonly ExtendedStatistics?: readonly string[];
  readonly Unit?: string;
}

/** GetMetricStatistics. */
export function getMetricStatistics(metrics: Metrics, input: GetMetricStatisticsInput): Output {
  const { Namespace, MetricName, Dimensions, StartTime, EndTime, Period, Statistics = [], ExtendedStatistics = [], Unit } = input;
  checkSpan(StartTime, EndTime);
  if (Statistics.length + ExtendedStatistics.length === 0) throw new AwsError('MissingParameter', 'The parameter Statistics or ExtendedStatistics must be given.');
  const simple = Statistics.map((name) => [name, parseStatistic(name)] as const);
  const extended = ExtendedStatistics.map((name) => [name, parseStatistic(name)] as const);
  const series = metrics.find(metricOf(Namespace, MetricName, Dimensions));
  const Datapoints = windowsBetween(StartTime.getTime(), EndTime.getTime())(Period).times.flatMap((start) => {
    const summary = series?.between(start, start + Period * 1000, Unit);
    if (summary === undefined) return [];
    const computed = (statistics: readonly (readonly [string, Statistic])[]): Record<string, number | undefined> => Object.fromEntries(statistics.map(([name, statistic]) => [name, statistic(summary)]));
    return [{ Timestamp: new Date(start), ...computed(simple), ...(extended.length > 0 && { ExtendedStatistics: computed(extended) }), Unit: Unit ?? series?.unit ?? 'None' }];
  });
  return { Label: MetricName, Datapoints };
}

interface ListMetricsInput {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value?: string }[];
}

/** ListMetrics: everything in one page. */
export function listMetrics(metrics: Metrics, { Namespace, MetricName, Dimensions = [] }: ListMetricsInput): Output {
  const fits = (metric: Metric): boolean =>
    (Namespace === undefined || metric.namespace === Namespace) &&
    (MetricName === undefined || metric.name === MetricName) &&
    Dimensions.every(({ Name, Value }) => metric.dimensions.some((dimension) => dimension.Name === Name && (Value === undefined || dimension.Value === Value)));
  return { Metrics: metrics.list().filter(fits).map(({ namespace, name, dimensions }) => ({ Namespace: namespace, MetricName: name, Dimensions: dimensions })) };
}

function checkSpan(start: Date, end: Date): void {
  if (start >= end) throw new AwsError('ValidationError', `StartTime ${start.toISOString()} must lie before EndTime ${end.toISOString()}.`);
}
