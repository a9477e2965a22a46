import {
  CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmHistoryCommand, DescribeAlarmsCommand, GetMetricDataCommand, GetMetricStatisticsCommand, ListMetricsCommand, PutCompositeAlarmCommand, PutMetricAlarmCommand,
  PutMetricDataCommand, SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { MetricDatum, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCloudWatch } from '../../../../local/services/cloudwatch/index.ts';
import { openBench } from '../harness.ts';
import type { Bench } from '../harness.ts';
import { manualClock } from '../manual-clock.ts';
import type { ManualClock } from '../manual-clock.ts';

let bench: Bench;
let clock: ManualClock;
let client: CloudWatchClient;
let calls: { operation: string; input: Record<string, unknown> }[];

const topic = 'arn:aws:sns:us-east-1:000000000000:alerts';
const start = new Date('2026-01-01T00:00:00Z');

beforeEach(async () => {
  calls = [];
  clock = manualClock();
  const log = (operation: string) => (input: Record<string, unknown>) => {
    calls.push({ operation, input });
    return operation === 'PutEvents' ? { Entries: [], FailedEntryCount: 0 } : {};
  };
  bench = await openBench({
    modules: [createCloudWatch],
    services: [{ name: 'sns', operations: { Publish: log('Publish') } }, { name: 'lambda', operations: { Invoke: log('Invoke') } }, { name: 'events', operations: { PutEvents: log('PutEvents') } }],
    clock,
  });
  client = new CloudWatchClient(bench.client);
});

afterEach(async () => {
  client.destroy();
  await bench.close();
});

const put = (...MetricData: MetricDatum[]) => client.send(new PutMetricDataCommand({ Namespace: 'App', MetricData }));
const alarm = (more: Partial<PutMetricAlarmCommandInput> = {}) =>
  client.send(new PutMetricAlarmCommand({ AlarmName: 'errors', Namespace: 'App', MetricName: 'Errors', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold', ...more }));
const state = async (name = 'errors') => {
  const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
  return [...MetricAlarms, ...CompositeAlarms][0]?.StateValue;
};
/** Lets a minute pass, and the alarms look at it. */
async function minute(): Promise<void> {
  clock.advance(60_000);
  await new Promise((resolve) => setImmediate(resolve));
}

describe('metrics', () => {
  test('are summed up by period, with percentiles of what was put', async () => {
    const Dimensions = [{ Name: 'Role', Value: 'canary' }, { Name: 'Target', Value: 'a' }];
    await put({ MetricName: 'Latency', Unit: 'Milliseconds', Dimensions, Values: [1, 2, 3, 100], Counts: [50, 40, 8, 2] }, { MetricName: 'Latency', Unit: 'Milliseconds', Dimensions: [...Dimensions].reverse(), Value: 1000 });
    await put({ MetricName: 'Latency', Dimensions, Timestamp: new Date(start.getTime() - 60_000), StatisticValues: { SampleCount: 2, Sum: 6, Minimum: 2, Maximum: 4 } });
    clock.advance(1000);
    const span = { StartTime: new Date(start.getTime() - 120_000), EndTime: new Date(start.getTime() + 60_000) };
    const { Datapoints = [] } = await client.send(new GetMetricStatisticsCommand({ Namespace: 'App', MetricName: 'Latency', Dimensions, Period: 60, ...span, Statistics: ['Sum', 'SampleCount', 'Average', 'Minimum', 'Maximum'], ExtendedStatistics: ['p50', 'p90', 'p99'] }));
    expect(Datapoints).toMatchObject([
      { Sum: 6, SampleCount: 2, Average: 3, Minimum: 2, Maximum: 4, ExtendedStatistics: {} },
      { Sum: 50 + 80 + 24 + 200 + 1000, SampleCount: 101, Minimum: 1, Maximum: 1000, ExtendedStatistics: { p50: 2, p90: 3, p99: 100 } },
    ]);
    const { MetricDataResults } = await client.send(new GetMetricDataCommand({ ...span, ScanBy: 'TimestampAscending', MetricDataQueries: [{ Id: 'm', ReturnData: false, MetricStat: { Metric: { Namespace: 'App', MetricName: 'Latency', Dimensions }, Period: 60, Stat: 'Sum' } }, { Id: 'e', Expression: 'FILL(m, 0) * 2' }] }));
    expect(MetricDataResults).toMatchObject([{ Id: 'e', Values: [0, 12, 2708], StatusCode: 'Complete' }]);
    expect((await client.send(new ListMetricsCommand({ Namespace: 'App', Dimensions: [{ Name: 'Role' }] }))).Metrics).toEqual([{ Namespace: 'App', MetricName: 'Latency', Dimensions }]);
    expect((await client.send(new ListMetricsCommand({ Dimensions: [{ Name: 'Role', Value: 'stable' }] }))).Metrics).toEqual([]);
  });

  test('of another unit stand by themselves; those that cannot be are refused', async () => {
    await put({ MetricName: 'm', Unit: 'Seconds', Value: 1 }, { MetricName: 'm', Unit: 'Count', Value: 5 });
    const sum = async (Unit?: 'Seconds' | 'Bytes') => (await client.send(new GetMetricStatisticsCommand({ Namespace: 'App', MetricName: 'm', Period: 60, StartTime: start, EndTime: new Date(start.getTime() + 60_000), Statistics: ['Sum'], ...(Unit && { Unit }) }))).Datapoints?.[0]?.Sum;
    expect([await sum(), await sum('Seconds'), await sum('Bytes')]).toEqual([6, 1, undefined]);
    await expect(put({ MetricName: 'm', Value: 1, Values: [1] })).rejects.toMatchObject({ name: expect.stringContaining('InvalidParameterCombination') });
    await expect(put({ MetricName: 'm', Value: Infinity })).rejects.toThrow('expected a number');
    await expect(put({ MetricName: 'm', Value: 1, Timestamp: new Date('2025-01-01T00:00:00Z') })).rejects.toThrow('within the last two weeks');
    await expect(client.send(new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData: [{ MetricName: 'm', Value: 1 }] }))).rejects.toThrow('reserved for AWS services');
  });

  test('and alarms outlive the laptop', async () => {
    await alarm();
    await put({ MetricName: 'Errors', Values: [2, 4] });
    await bench.close({ keep: true });
    bench = await openBench({ modules: [createCloudWatch], services: [{ name: 'events', operations: { PutEvents: () => ({}) } }], clock, stateDirectory: bench.context.stateDirectory });
    client = new CloudWatchClient(bench.client);
    await bench.ready();
    await put({ MetricName: 'Errors', Value: 1 });
    await minute();
    expect(await state()).toBe('ALARM');
  });
});

describe('alarms', () => {
  test('look at each minute, tell topics, functions and the bus, and keep a history', async () => {
    const fn = 'arn:aws:lambda:us-east-1:000000000000:function:fn';
    await alarm({ AlarmActions: [topic, fn], OKActions: [topic], TreatMissingData: 'notBreaching', AlarmDescription: 'too many' });
    expect(await state()).toBe('INSUFFICIENT_DATA');
    await put({ MetricName: 'Errors', Value: 6 });
    await minute();
    expect(await state()).toBe('ALARM');
    const byOperation = (operation: string) => calls.filter((call) => call.operation === operation).map(({ input }) => input);
    await expect.poll(() => byOperation('Publish')).toHaveLength(1);
    expect(byOperation('Publish')[0]).toMatchObject({ TopicArn: topic, Subject: 'ALARM: "errors" in us-east-1' });
    expect(JSON.parse(String(byOperation('Publish')[0]?.['Message']))).toMatchObject({
      AlarmName: 'errors', AlarmDescription: 'too many', NewStateValue: 'ALARM', OldStateValue: 'INSUFFICIENT_DATA', Trigger: { MetricName: 'Errors', Statistic: 'SUM', Threshold: 5 },
      NewStateReason: 'Threshold Crossed: 1 out of the last 1 datapoints [6.0 (2026-01-01 00:00:00)] was greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).',
    });
    expect(JSON.parse(Buffer.from(byOperation('Invoke')[0]?.['Payload'] as Uint8Array).toString())).toMatchObject({ source: 'aws.cloudwatch', alarmData: { alarmName: 'errors', state: { value: 'ALARM' }, previousState: { value: 'INSUFFICIENT_DATA' } } });
    expect(byOperation('PutEvents')[0]?.['Entries']).toMatchObject([{ Source: 'aws.cloudwatch', DetailType: 'CloudWatch Alarm State Change' }]);
    for (let count = 0; count < 3; count += 1) await minute();
    expect(await state()).toBe('OK');
    await expect.poll(() => byOperation('Publish')).toHaveLength(2);
    const { AlarmHistoryItems = [] } = await client.send(new DescribeAlarmHistoryCommand({ AlarmName: 'errors', ScanBy: 'TimestampAscending' }));
    expect(AlarmHistoryItems.map(({ HistoryItemType, HistorySummary }) => [HistoryItemType, HistorySummary])).toEqual([
      ['ConfigurationUpdate', 'Alarm "errors" created'],
      ['StateUpdate', 'Alarm updated from INSUFFICIENT_DATA to ALARM'],
      ['Action', `Successfully executed action ${topic}`],
      ['Action', `Successfully executed action ${fn}`],
      ['StateUpdate', 'Alarm updated from ALARM to OK'],
      ['Action', `Successfully executed action ${topic}`],
    ]);
  });

  test('ring on M of N, on expressions and on percentiles', async () => {
    const stat = (Id: string, MetricName: string, Stat = 'Sum') => ({ Id, ReturnData: false, MetricStat: { Metric: { Namespace: 'App', MetricName }, Period: 60, Stat } });
    await alarm({ AlarmName: 'rate', MetricName: undefined, Namespace: undefined, Statistic: undefined, Period: undefined, Metrics: [stat('m1', 'Errors'), stat('m2', 'Requests'), { Id: 'e1', Expression: 'IF(m2 > 0, FILL(m1, 0) / m2 * 100, 0)', ReturnData: true }], EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    await alarm({ AlarmName: 'slow', MetricName: 'Latency', Statistic: undefined, ExtendedStatistic: 'p99', Threshold: 500 });
    const latencies = { MetricName: 'Latency', Values: [10, 700], Counts: [98, 2] };
    await put({ MetricName: 'Errors', Value: 6 }, { MetricName: 'Requests', Value: 100 }, latencies);
    await minute();
    expect([await state('rate'), await state('slow')]).toEqual(['OK', 'ALARM']);
    await put({ MetricName: 'Requests', Value: 100 }, { ...latencies, Counts: [100, 1] });
    await minute();
    expect([await state('rate'), await state('slow')]).toEqual(['OK', 'OK']);
    await put({ MetricName: 'Errors', Value: 7 }, { MetricName: 'Requests', Value: 100 });
    await minute();
    expect(await state('rate')).toBe('ALARM');
  });

  test('stay silent where their actions are off; one that cannot be is refused', async () => {
    await alarm({ AlarmActions: [topic], ActionsEnabled: false });
    await client.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'a try' }));
    expect(await state()).toBe('ALARM');
    expect(calls.map(({ operation }) => operation)).toEqual(['PutEvents']);
    await expect(alarm({ DatapointsToAlarm: 2 })).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('DatapointsToAlarm is 2 of 1') });
    await expect(alarm({ Period: 45 })).rejects.toThrow('expected 10, 20, 30 or a multiple of 60');
    await expect(alarm({ TreatMissingData: 'whatever' })).rejects.toThrow('expected breaching, notBreaching, ignore, missing');
    await client.send(new DeleteAlarmsCommand({ AlarmNames: ['errors'] }));
    expect(await state()).toBeUndefined();
    await expect(client.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'OK', StateReason: 'x' }))).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });

  test('combine to others, which follow them', async () => {
    await alarm({ AlarmName: 'a' });
    await alarm({ AlarmName: 'b' });
    await client.send(new PutCompositeAlarmCommand({ AlarmName: 'both', AlarmRule: 'ALARM("a") AND NOT (OK(b) OR INSUFFICIENT_DATA(b))', AlarmActions: [topic] }));
    await client.send(new PutCompositeAlarmCommand({ AlarmName: 'all', AlarmRule: 'ALARM(both) AND TRUE' }));
    const set = (AlarmName: string, StateValue: 'ALARM' | 'OK') => client.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'x' }));
    await set('a', 'ALARM');
    expect([await state('both'), await state('all')]).toEqual(['OK', 'OK']);
    await set('b', 'ALARM');
    expect([await state('both'), await state('all')]).toEqual(['ALARM', 'ALARM']);
    await set('a', 'OK');
    expect([await state('both'), await state('all')]).toEqual(['OK', 'OK']);
    await expect(client.send(new PutCompositeAlarmCommand({ AlarmName: 'bad', AlarmRule: 'ALARM(a) AND' }))).rejects.toThrow('expected more where it ends');
  });

  test('of a template are created with numbers and kept by name; one that left the template is gone', async () => {
    const { physicalId, attributes } = await bench.provision('AWS::CloudWatch::Alarm', 'Alarm', { Namespace: 'App', MetricName: 'Errors', Statistic: 'Sum', Period: '60', EvaluationPeriods: '1', Threshold: '0', ComparisonOperator: 'GreaterThanThreshold', Tags: [] });
    expect(attributes).toEqual({ Arn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${physicalId}` });
    await put({ MetricName: 'Errors', Value: 1 });
    await minute();
    expect(await state(physicalId)).toBe('ALARM');
    await bench.remove('AWS::CloudWatch::Alarm', 'Alarm');
    expect(await state(physicalId)).toBeUndefined();
  });
});
