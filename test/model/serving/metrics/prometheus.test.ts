import { expect, test } from 'vitest';
import type { Observation } from '../../../../model/serving/http/call.ts';
import { accessEntry } from '../../../../model/serving/metrics/access-log.ts';
import { BufferedMetrics } from '../../../../model/serving/metrics/buffered-metrics.ts';
import { prometheusText } from '../../../../model/serving/metrics/prometheus.ts';
import { mergedSeries, RequestMetrics } from '../../../../model/serving/metrics/request-metrics.ts';

const facts = { residentBytes: 1e8, cpuSeconds: 1.5, startedAt: 1_700_000_000 };
const seen = (more: object = {}) => ({ route: '/predict', status: 200, role: 'stable' as const, modelVersion: '3', rows: 1, milliseconds: 2, ...more });

/** Samples of the text format by their name and labels; anything that is none throws. */
function samplesOf(text: string): Map<string, number> {
  expect(text.endsWith('\n')).toBe(true);
  const samples = new Map<string, number>();
  for (const line of text.trimEnd().split('\n')) {
    if (/^# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram))$/.test(line)) continue;
    const match = /^([a-z_]+(?:\{(?:[a-z_0-9]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})?) (-?[0-9.e+-]+)$/.exec(line);
    if (match === null) throw new Error(`No line of Prometheus' text format: ${line}`);
    expect(samples.has(match[1]!), line).toBe(false);
    samples.set(match[1]!, Number(match[2]));
  }
  return samples;
}

test('requests are counted by route, status and model, with a histogram that adds up', () => {
  const [one, other] = [new RequestMetrics(), new RequestMetrics()];
  for (const milliseconds of [0.4, 2, 2.5, 20_000]) one.observe(seen({ milliseconds, rows: 10 }));
  one.observe(seen({ route: 'unknown', status: 404, role: undefined, modelVersion: undefined, rows: 0 }));
  other.observe(seen({ milliseconds: 2 }));
  other.observe(seen({ role: 'canary', modelVersion: 'a "quoted"\n\\ version' }));
  const live = [{ role: 'stable' as const, identity: { modelName: 'trips', modelVersion: '3', sha256: 'ab' } }];
  const samples = samplesOf(prometheusText(mergedSeries([one.snapshot(), other.snapshot()]), live, facts));
  const labels = 'route="/predict",status="200",role="stable",model_version="3"';
  expect(samples.get(`slipway_requests_total{${labels}}`)).toBe(5);
  expect(samples.get('slipway_requests_total{route="unknown",status="404"}')).toBe(1);
  expect(samples.get(`slipway_predicted_rows_total{${labels}}`)).toBe(41);
  expect(samples.get('slipway_requests_total{route="/predict",status="200",role="canary",model_version="a \\"quoted\\"\\n\\\\ version"}')).toBe(1);
  expect(['0.0005', '0.001', '0.0025', '10', '+Inf'].map((le) => samples.get(`slipway_request_duration_seconds_bucket{${labels},le="${le}"}`))).toEqual([1, 1, 4, 4, 5]);
  expect(samples.get(`slipway_request_duration_seconds_count{${labels}}`)).toBe(5);
  expect(samples.get(`slipway_request_duration_seconds_sum{${labels}}`)).toBeCloseTo(20.0069);
  expect(samples.get('slipway_model_info{model_name="trips",model_version="3",role="stable",sha256="ab"}')).toBe(1);
  expect(samples.get('process_resident_memory_bytes')).toBe(1e8);
});

test('a snapshot is of its moment', () => {
  const metrics = new RequestMetrics();
  metrics.observe(seen());
  const before = metrics.snapshot();
  metrics.observe(seen());
  expect(before[0]!.requests).toBe(1);
  expect(mergedSeries([before, before])[0]!.requests).toBe(2);
});

test('buffered metrics keep every count, and of very many latencies their percentiles', () => {
  const buffered = new BufferedMetrics();
  for (let index = 0; index < 5_500; index += 1) buffered.add({ role: 'stable', modelVersion: '3', status: index % 100 === 0 ? 503 : 200, milliseconds: index });
  buffered.add({ status: 400, milliseconds: 1 });
  const lines = buffered.flush('Slipway', 'staging', 1).map((line) => JSON.parse(line) as { Requests: number; Errors: number; RefusedRequests: number; Latency: number[] | number; Role?: string });
  const sum = (name: 'Requests' | 'Errors' | 'RefusedRequests') => lines.reduce((total, line) => total + line[name], 0);
  expect([sum('Requests'), sum('Errors'), sum('RefusedRequests')]).toEqual([5_501, 55, 1]);
  const latencies = lines.filter(({ Role, Errors }) => Role === 'stable' && Errors === 0).flatMap(({ Latency }) => Latency).sort((a, b) => a - b);
  expect(latencies.length).toBe(1000);
  expect(latencies.at(-1)).toBe(5_499);
  expect(Math.abs(latencies[989]! - 5_445)).toBeLessThan(10);
  expect(lines.every(({ Latency }) => !Array.isArray(Latency) || Latency.length <= 100)).toBe(true);
  expect(buffered.flush('Slipway', 'staging', 2)).toEqual([]);
});

test('a log tells of a request without what it says, unless somebody asked for that', () => {
  const observation: Observation = {
    ...seen({ milliseconds: 1.23456 }), predicts: true,
    request: { method: 'POST', path: '/predict', query: 'secret=1', headers: { authorization: 'secret' }, body: Buffer.from('{"input":{"name":"secret"}}'), requestId: 'r' },
    response: { status: 200, headers: {}, body: JSON.stringify({ secret: 'x'.repeat(10_000) }) },
  };
  expect(accessEntry(observation, false)).toEqual({ requestId: 'r', method: 'POST', route: '/predict', status: 200, role: 'stable', modelVersion: '3', rows: 1, milliseconds: 1.235, requestBytes: 27 });
  expect(JSON.stringify(accessEntry(observation, false))).not.toContain('secret');
  const asked = accessEntry(observation, true);
  expect(asked['request']).toBe('{"input":{"name":"secret"}}');
  expect((asked['response'] as string).length).toBe(4097);
  expect(JSON.stringify(asked)).not.toContain('authorization');
});
