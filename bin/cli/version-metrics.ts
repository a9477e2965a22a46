import { CloudWatchClient, type MetricDataQuery, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import type { Arm } from '../../model/evaluation/ab/report.ts';
import { metricsNamespace, servingDimensions, servingMetrics } from '../../model/spec/serving-metrics.ts';
import { clientConfig, type Connection } from './connection.ts';

/** Figures that people want beside those that are tested. */
export interface VersionFigures extends Arm {
  /** The 99th percentile of the latency in the whole time, in milliseconds; undefined without requests. */
  readonly p99?: number;
}

/** What versions did on a target in a time, from the metrics that its servers report of each. */
export async function versionFigures(connection: Connection, target: string, versions: readonly string[], from: Date, to: Date): Promise<VersionFigures[]> {
  const client = new CloudWatchClient(clientConfig(connection));
  try {
    return await Promise.all(versions.map((version) => figuresOf(client, target, version, from, to)));
  } finally {
    client.destroy();
  }
}

/** Periods in all, at most: each of them is an observation of the latency. */
const mostPeriods = 1000;

async function figuresOf(client: CloudWatchClient, target: string, version: string, from: Date, to: Date): Promise<VersionFigures> {
  const span = Math.max(60, (to.getTime() - from.getTime()) / 1000);
  const period = Math.ceil(span / mostPeriods / 60) * 60;
  const whole = Math.ceil(span / 60) * 60;
  const query = (Id: string, MetricName: string, Stat: string, Period: number): MetricDataQuery => ({
    Id,
    MetricStat: {
      Metric: { Namespace: metricsNamespace, MetricName, Dimensions: [{ Name: servingDimensions.target, Value: target }, { Name: servingDimensions.modelVersion, Value: version }] },
      Period,
      Stat,
    },
  });
  const queries = [query('requests', servingMetrics.requests, 'Sum', period), query('errors', servingMetrics.errors, 'Sum', period), query('latency', servingMetrics.latency, 'Average', period), query('p99', servingMetrics.latency, 'p99', Math.min(86_400, whole))];
  const values = new Map<string, number[]>();
  for await (const page of paginateGetMetricData({ client }, { MetricDataQueries: queries, StartTime: from, EndTime: to, ScanBy: 'TimestampAscending' })) {
    for (const { Id = '', Values = [] } of page.MetricDataResults ?? []) values.set(Id, [...(values.get(Id) ?? []), ...Values]);
  }
  const of = (id: string): number[] => values.get(id) ?? [];
  const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);
  const p99 = of('p99');
  return { version, requests: sum(of('requests')), errors: sum(of('errors')), latencies: of('latency'), ...(p99.length === 0 ? {} : { p99: Math.max(...p99) }) };
}
