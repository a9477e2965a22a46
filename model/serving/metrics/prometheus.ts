import type { Served } from '../live-models.ts';
import { durationBuckets, type RequestSeries } from './request-metrics.ts';

/** What the process that serves says of itself. */
export interface ProcessFacts {
  readonly residentBytes: number;
  readonly cpuSeconds: number;
  /** Seconds since 1970. */
  readonly startedAt: number;
}

type Labels = Readonly<Record<string, string | undefined>>;

/** The content type of the text. */
export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8';

/** Metrics in Prometheus' text format: requests and how long they took, rows, the models that are live, the process. */
export function prometheusText(series: readonly RequestSeries[], live: readonly Pick<Served, 'identity' | 'role'>[], { residentBytes, cpuSeconds, startedAt }: ProcessFacts): string {
  return [
    ...metric('slipway_requests_total', 'counter', 'Requests by route, status and the model that answered.', series.map((one) => sample('slipway_requests_total', { route: one.route, status: String(one.status), ...modelOf(one) }, one.requests))),
    ...metric('slipway_predicted_rows_total', 'counter', 'Rows that were predicted.', series.filter(({ rows }) => rows > 0).map((one) => sample('slipway_predicted_rows_total', { route: one.route, status: String(one.status), ...modelOf(one) }, one.rows))),
    ...metric('slipway_request_duration_seconds', 'histogram', 'From a request to its answer, inside of the server.', series.flatMap(histogram)),
    ...metric('slipway_model_info', 'gauge', 'The models that are live, each with 1.', live.map(({ identity, role }) => sample('slipway_model_info', { model_name: identity.modelName, model_version: identity.modelVersion, role, sha256: identity.sha256 }, 1))),
    ...metric('process_resident_memory_bytes', 'gauge', 'Memory of the process.', [sample('process_resident_memory_bytes', {}, residentBytes)]),
    ...metric('process_cpu_seconds_total', 'counter', 'Processor time of the process.', [sample('process_cpu_seconds_total', {}, cpuSeconds)]),
    ...metric('process_start_time_seconds', 'gauge', 'When the process started, since 1970.', [sample('process_start_time_seconds', {}, startedAt)]),
    '',
  ].join('\n');
}

function metric(name: string, type: string, help: string, samples: readonly string[]): string[] {
  return samples.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples];
}

function histogram(one: RequestSeries): string[] {
  const name = 'slipway_request_duration_seconds';
  const labels = { route: one.route, status: String(one.status), ...modelOf(one) };
  let below = 0;
  const buckets = [...durationBuckets.map(String), '+Inf'].map((le, index) => sample(`${name}_bucket`, { ...labels, le }, (below += one.buckets[index]!)));
  return [...buckets, sample(`${name}_sum`, labels, one.seconds), sample(`${name}_count`, labels, one.requests)];
}

function modelOf({ role, modelVersion }: RequestSeries): Labels {
  return { role, model_version: modelVersion };
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).flatMap(([label, text]) => (text === undefined ? [] : [`${label}="${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`]));
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${String(value)}`;
}
