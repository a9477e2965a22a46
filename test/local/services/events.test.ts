import { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../local/core/errors.ts';
import { createEvents } from '../../../local/services/events/index.ts';
import { createScheduler } from '../../../local/services/scheduler/index.ts';
import { fastClock, openBench, role } from './harness.ts';
import type { Bench, BenchOptions } from './harness.ts';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:fn';
const machineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:dead';

let bench: Bench;
let events: EventBridgeClient;
let calls: { operation: string; input: Record<string, unknown>; caller: string }[];
let failures: AwsError[];

const options = (): BenchOptions => {
  const log = (operation: string) => (input: Record<string, unknown>, { caller }: { caller: { arn: string } }) => {
    calls.push({ operation, input, caller: caller.arn });
    const failure = operation === 'Invoke' ? failures.shift() : undefined;
    if (failure !== undefined) throw failure;
    return {};
  };
  return {
    modules: [createEvents, createScheduler],
    services: [
      { name: 'lambda', operations: { Invoke: log('Invoke') } },
      { name: 'states', operations: { StartExecution: log('StartExecution') } },
      { name: 'sqs', operations: { SendMessage: log('SendMessage') } },
      { name: 'sns', operations: { Publish: log('Publish') } },
    ],
    clock: fastClock(),
  };
};

beforeEach(async () => {
  [calls, failures] = [[], []];
  bench = await openBench(options());
  events = new EventBridgeClient(bench.client);
});

afterEach(async () => {
  events.destroy();
  await bench.close();
});

const rule = (properties: Record<string, unknown>): Promise<unknown> => bench.provision('AWS::Events::Rule', 'Rule', properties);
const orders = { EventPattern: { source: ['shop'], detail: { total: [{ numeric: ['>', 10] }] } } };
const order = (total: number): object => ({ Source: 'shop', DetailType: 'Order', Detail: JSON.stringify({ total }) });
const put = (...Entries: object[]): Promise<PutEventsCommandOutput> => events.send(new PutEventsCommand({ Entries }));
const payload = (index: number): Record<string, unknown> => JSON.parse(Buffer.from(calls[index]?.input['Payload'] as Uint8Array).toString()) as Record<string, unknown>;

describe('rules', () => {
  it('send matching events to every target', async () => {
    await rule({
      ...orders,
      Targets: [
        { Id: 'fn', Arn: functionArn },
        { Id: 'm', Arn: machineArn, RoleArn: role, InputTransformer: { InputPathsMap: { t: '$.detail.total' }, InputTemplate: '{"total":<t>}' } },
        { Id: 'topic', Arn: 'arn:aws:sns:us-east-1:000000000000:t', InputPath: '$.detail' },
        { Id: 'queue', Arn: queueArn, Input: '{"fixed":1}' },
      ],
    });
    expect(await put(order(5), order(50))).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }, { EventId: expect.any(String) }] });
    await expect.poll(() => calls.length).toBe(4);
    expect(payload(0)).toMatchObject({ version: '0', source: 'shop', 'detail-type': 'Order', account: '000000000000', region: 'us-east-1', detail: { total: 50 }, resources: [] });
    expect(calls).toMatchObject([
      { operation: 'Invoke', caller: 'events.amazonaws.com', input: { FunctionName: functionArn, InvocationType: 'Event' } },
      { operation: 'StartExecution', caller: expect.stringContaining('assumed-role/tester/'), input: { stateMachineArn: machineArn, input: '{"total":50}' } },
      { operation: 'Publish', input: { Message: '{"total":50}' } },
      { operation: 'SendMessage', input: { MessageBody: '{"fixed":1}' } },
    ]);
  });

  it('stand on a bus, may be off, changed and removed', async () => {
    const targets = { Targets: [{ Id: 'fn', Arn: functionArn }] };
    await bench.provision('AWS::Events::EventBus', 'Bus', { Name: 'own' });
    await rule({ ...orders, ...targets, EventBusName: 'own' });
    await put(order(50));
    await put({ ...order(51), EventBusName: 'own' });
    await expect.poll(() => calls.length).toBe(1);
    expect(payload(0)).toMatchObject({ detail: { total: 51 } });
    await bench.provision('AWS::Events::Rule', 'Other', { ...orders, ...targets, State: 'DISABLED' });
    await put(order(60));
    expect((await events.send(new ListRulesCommand({}))).Rules).toMatchObject([{ Name: 'Test-Other', State: 'DISABLED' }]);
    expect((await events.send(new ListTargetsByRuleCommand({ Rule: 'Test-Other' }))).Targets).toEqual(targets.Targets);
    await bench.remove('AWS::Events::Rule', 'Other');
    expect((await events.send(new ListRulesCommand({}))).Rules).toEqual([]);
    expect(calls).toHaveLength(1);
    await expect(rule({ EventPattern: { source: [{ regex: 'x' }] } })).rejects.toThrow('"regex"');
  });

  it('try again what failed for a while, and bury what cannot be delivered', async () => {
    await rule({ ...orders, Targets: [{ Id: 'fn', Arn: functionArn, DeadLetterConfig: { Arn: queueArn }, RetryPolicy: { MaximumRetryAttempts: 2 } }] });
    failures = [new AwsError('ServiceException', 'down', 500)];
    await put(order(50));
    await expect.poll(() => calls.length).toBe(2);
    calls = [];
    failures = Array.from({ length: 3 }, () => new AwsError('TooManyRequestsException', 'busy', 429));
    await put(order(50));
    await expect.poll(() => calls.length).toBe(4);
    expect(calls[3]).toMatchObject({ operation: 'SendMessage', input: { MessageAttributes: { ERROR_CODE: { StringValue: 'TooManyRequestsException' }, RETRY_ATTEMPTS: { StringValue: '2' } } } });
    calls = [];
    failures = [new AwsError('ResourceNotFoundException', 'no such function', 404)];
    await put(order(50));
    await expect.poll(() => calls.map(({ operation }) => operation)).toEqual(['Invoke', 'SendMessage']);
  });

  it('deliver after a kill what they had taken', async () => {
    const properties = { ...orders, Targets: [{ Id: 'fn', Arn: functionArn }] };
    await rule(properties);
    const { stateDirectory, store } = bench.context;
    store.collection('events', 'delivery').put('left', { ruleArn: 'arn:aws:events:us-east-1:000000000000:rule/Test-Rule', targetId: 'fn', event: { left: true }, since: new Date().toISOString() });
    await bench.close({ keep: true });
    bench = await openBench({ ...options(), stateDirectory });
    await rule(properties);
    await bench.ready();
    await expect.poll(() => calls.length).toBe(1);
    expect(payload(0)).toEqual({ left: true });
    expect(bench.context.store.collection('events', 'delivery').list()).toEqual([]);
  });
});

describe('PutEvents', () => {
  it('answers for each entry', async () => {
    const { FailedEntryCount, Entries } = await put(order(1), { Source: 'shop', DetailType: 'Order', Detail: '[]' }, { Source: 'aws.s3', DetailType: 'x', Detail: '{}' }, { Detail: '{}' });
    expect(FailedEntryCount).toBe(3);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([undefined, 'MalformedDetail', 'NotAuthorizedForSourceException', 'InvalidArgument']);
    await expect(put(...Array.from({ length: 11 }, () => order(1)))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('the clock', () => {
  it('fires rules and schedules', async () => {
    await rule({ ScheduleExpression: 'at(2000-01-01T00:00:00)', Targets: [{ Id: 'fn', Arn: functionArn }] });
    const soon = new Date(Date.now() + 3_600_000).toISOString().slice(0, 19);
    await rule({ ScheduleExpression: `at(${soon})`, Targets: [{ Id: 'fn', Arn: functionArn }] });
    await expect.poll(() => calls.length).toBe(1);
    expect(payload(0)).toMatchObject({ source: 'aws.events', 'detail-type': 'Scheduled Event', resources: ['arn:aws:events:us-east-1:000000000000:rule/Test-Rule'], detail: {} });
    const later = new Date(Date.now() + 7_200_000).toISOString().slice(0, 19);
    const schedule = (logicalId: string, Target: object): Promise<unknown> => bench.provision('AWS::Scheduler::Schedule', logicalId, { ScheduleExpression: `at(${later})`, Target });
    await schedule('Plain', { Arn: functionArn, RoleArn: role, Input: '{"trigger":"schedule","at":"<aws.scheduler.scheduled-time>"}' });
    await expect.poll(() => calls.length).toBe(2);
    expect(payload(1)).toEqual({ trigger: 'schedule', at: `${later}Z` });
    expect(calls[1]?.caller).toContain('assumed-role/tester/');
    const evenLater = new Date(Date.now() + 10_800_000).toISOString().slice(0, 19);
    await bench.provision('AWS::Scheduler::Schedule', 'Any', { ScheduleExpression: `at(${evenLater})`, Target: { Arn: 'arn:aws:scheduler:::aws-sdk:sfn:startExecution', RoleArn: role, Input: JSON.stringify({ StateMachineArn: machineArn, Input: '{}' }) } });
    await expect.poll(() => calls.at(-1)).toMatchObject({ operation: 'StartExecution', input: { stateMachineArn: machineArn, input: '{}' } });
  });
});
