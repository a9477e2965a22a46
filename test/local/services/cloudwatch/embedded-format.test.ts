import { expect, test } from 'vitest';
import { readEmbedded } from '../../../../local/services/cloudwatch/metrics/embedded-format.ts';

const at = Date.parse('2026-01-01T00:00:00Z');
const line = (members: object, Dimensions: unknown = [['Target'], ['Target', 'Role']]) =>
  JSON.stringify({ _aws: { Timestamp: at, CloudWatchMetrics: [{ Namespace: 'App', Dimensions, Metrics: [{ Name: 'Latency', Unit: 'Milliseconds' }, { Name: 'Requests', StorageResolution: 1 }] }] }, Target: 'a', Role: 'canary', ...members });

test('each metric comes once for each set of dimensions, with all of its values', () => {
  const [target, role] = [{ Name: 'Target', Value: 'a' }, { Name: 'Role', Value: 'canary' }];
  expect(readEmbedded(line({ Latency: [1.5, 2], Requests: 2 }))).toEqual([
    {
      namespace: 'App',
      data: [
        { MetricName: 'Latency', Unit: 'Milliseconds', Dimensions: [target], Values: [1.5, 2], Timestamp: new Date(at) },
        { MetricName: 'Latency', Unit: 'Milliseconds', Dimensions: [target, role], Values: [1.5, 2], Timestamp: new Date(at) },
        { MetricName: 'Requests', StorageResolution: 1, Dimensions: [target], Values: [2], Timestamp: new Date(at) },
        { MetricName: 'Requests', StorageResolution: 1, Dimensions: [target, role], Values: [2], Timestamp: new Date(at) },
      ],
    },
  ]);
});

test('what a line does not hold is left out; no dimensions are the empty set', () => {
  expect(readEmbedded(line({ Latency: 1, Role: undefined }))[0]?.data).toHaveLength(1);
  expect(readEmbedded(line({ Latency: 1 }, []))[0]?.data).toMatchObject([{ Dimensions: [] }]);
  expect(readEmbedded(line({ Latency: 'fast' }))).toEqual([]);
});

test.each(['plain text', '{"_aws": {"CloudWatchMetrics": broken', '{"_aws":{"CloudWatchMetrics":[]},"x":1}', '{"level":"INFO"}'])('other lines are log lines and nothing more: %s', (text) => {
  expect(readEmbedded(text)).toEqual([]);
});
