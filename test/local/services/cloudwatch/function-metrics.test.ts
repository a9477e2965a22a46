import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { createCloudWatch } from '../../../../local/services/cloudwatch/index.ts';
import { createLambda } from '../../../../local/services/lambda/index.ts';
import { openBench, role } from '../harness.ts';

test('what a function writes in the embedded metric format are metrics, and Lambda counts its invocations and errors', async () => {
  const bench = await openBench({ modules: [createCloudWatch, createLambda] });
  onTestFinished(() => bench.close());
  const emf = `JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'App', Dimensions: [['Target'], ['Target', 'Role']], Metrics: [{ Name: 'Latency', Unit: 'Milliseconds' }] }] }, Target: 'a', Role: 'stable', Latency: event.latency })`;
  await bench.provision('AWS::Lambda::Function', 'Fn', {
    Code: { ZipFile: `exports.handler = async (event) => { console.log(${emf}); process.stdout.write(${emf} + "\\n"); if (event.latency > 9) throw new Error('slow'); };` },
    Handler: 'index.handler', Runtime: 'nodejs24.x', Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'], Role: role,
  });
  const lambda = new LambdaClient(bench.client);
  for (const latency of [5, [6, 7], 10]) await lambda.send(new InvokeCommand({ FunctionName: 'Test-Fn', Payload: JSON.stringify({ latency }) }));

  const cloudwatch = new CloudWatchClient(bench.client);
  const sum = async (Namespace: string, MetricName: string, dimensions: Record<string, string>) => {
    const input = { Namespace, MetricName, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })), StartTime: new Date(Date.now() - 120_000), EndTime: new Date(Date.now() + 60_000), Period: 3600, Statistics: ['Sum' as const] };
    return (await cloudwatch.send(new GetMetricStatisticsCommand(input))).Datapoints?.reduce((total, { Sum = 0 }) => total + Sum, 0);
  };
  // What it printed through the console stands in its log behind a time and a level: the metrics of such a line count all the same.
  expect(await sum('App', 'Latency', { Target: 'a', Role: 'stable' })).toBe(2 * (5 + 6 + 7 + 10));
  expect(await sum('App', 'Latency', { Target: 'a' })).toBe(2 * (5 + 6 + 7 + 10));
  expect([await sum('AWS/Lambda', 'Invocations', { FunctionName: 'Test-Fn' }), await sum('AWS/Lambda', 'Errors', { FunctionName: 'Test-Fn' })]).toEqual([3, 1]);
});
