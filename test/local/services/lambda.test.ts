import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GetFunctionCommand, GetPolicyCommand, InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLambda } from '../../../local/services/lambda/index.ts';
import { fastClock, openBench, role } from './harness.ts';
import type { Bench } from './harness.ts';

let bench: Bench;
let lambda: LambdaClient;
let sent: { operation: string; input: Record<string, unknown>; caller: string }[];

beforeEach(async () => {
  sent = [];
  const queue = (operation: string) => (input: Record<string, unknown>, { caller }: { caller: { arn: string } }) => {
    sent.push({ operation, input, caller: caller.arn });
    return {};
  };
  bench = await openBench({
    modules: [createLambda],
    services: [
      { name: 'sqs', operations: { SendMessage: queue('SendMessage') } },
      { name: 'sns', operations: { Publish: queue('Publish') } },
    ],
    clock: fastClock(),
  });
  lambda = new LambdaClient(bench.client);
});

afterEach(async () => {
  lambda.destroy();
  await bench.close();
});

const inline = (body: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  Code: { ZipFile: `exports.handler = async (event, context) => { ${body} };` },
  Handler: 'index.handler',
  Runtime: 'nodejs24.x',
  Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'],
  Role: role,
  ...more,
});

const invoke = async (name: string, event: unknown = {}): Promise<{ status: number | undefined; error: string | undefined; payload: unknown; log: string }> => {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: 'Tail' }));
  return {
    status: answer.StatusCode,
    error: answer.FunctionError,
    payload: JSON.parse(answer.Payload?.transformToString() ?? 'null') as unknown,
    log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
  };
};

describe('Invoke', () => {
  it('runs inline code for a real client, by name, ARN and qualifier', async () => {
    const { physicalId, attributes } = await bench.provision('AWS::Lambda::Function', 'Echo', inline('console.log("seen"); return { got: event, arn: context.invokedFunctionArn };'));
    const arn = attributes['Arn'] as string;
    expect(await invoke(physicalId, { a: 1 })).toMatchObject({ status: 200, error: undefined, payload: { got: { a: 1 }, arn }, log: expect.stringContaining('INFO\tseen') });
    await bench.provision('AWS::Lambda::Alias', 'Live', { FunctionName: physicalId, FunctionVersion: '$LATEST', Name: 'live' });
    expect(await invoke(`${arn}:live`)).toMatchObject({ payload: { arn: `${arn}:live` } });
    await expect(invoke(`${arn}:absent`)).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: `Function not found: ${arn}:absent` });
  });

  it('reports a function error in the header, not as an exception', async () => {
    await bench.provision('AWS::Lambda::Function', 'Bad', inline('throw new TypeError("no");'));
    expect(await invoke('Test-Bad')).toMatchObject({ status: 200, error: 'Unhandled', payload: { errorType: 'TypeError', errorMessage: 'no' } });
  });

  it('refuses what Lambda refuses', async () => {
    await bench.provision('AWS::Lambda::Function', 'Echo', inline('return event.length;', { ReservedConcurrentExecutions: 0 }));
    await expect(invoke('absent')).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: expect.stringContaining(':function:absent') });
    await expect(invoke('Test-Echo')).rejects.toMatchObject({ name: 'TooManyRequestsException', Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' });
    await expect(lambda.send(new InvokeCommand({ FunctionName: 'Test-Echo', Payload: '{' }))).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
    const big = JSON.stringify('x'.repeat(1024 * 1024));
    await expect(lambda.send(new InvokeCommand({ FunctionName: 'Test-Echo', InvocationType: 'Event', Payload: big }))).rejects.toMatchObject({ name: 'RequestTooLargeException' });
    expect(await lambda.send(new InvokeCommand({ FunctionName: 'Test-Echo', InvocationType: 'DryRun' }))).toMatchObject({ StatusCode: 204 });
  });

  it('calls AWS with its own role', async () => {
    const client = JSON.stringify(path.resolve('node_modules/@aws-sdk/client-sns'));
    await bench.provision('AWS::Lambda::Function', 'Caller', inline(`const { SNSClient, PublishCommand } = require(${client}); await new SNSClient({}).send(new PublishCommand({ TopicArn: 't', Message: 'm' }));`, { Timeout: 20 }));
    expect(await invoke('Test-Caller')).toMatchObject({ error: undefined });
    expect(sent).toEqual([{ operation: 'Publish', input: { TopicArn: 't', Message: 'm' }, caller: 'arn:aws:sts::000000000000:assumed-role/tester/Test-Caller' }]);
  });
});

describe('a second deployment', () => {
  it('replaces the processes when code or environment changed, and only then', async () => {
    const body = 'return { pid: process.pid, colour: process.env.COLOUR };';
    const colour = (value: string): Record<string, unknown> => inline(body, { Environment: { Variables: { COLOUR: value } } });
    await bench.provision('AWS::Lambda::Function', 'Fn', colour('red'));
    const first = await invoke('Test-Fn');
    await bench.provision('AWS::Lambda::Function', 'Fn', colour('red'));
    expect((await invoke('Test-Fn')).payload).toEqual(first.payload);
    await bench.provision('AWS::Lambda::Function', 'Fn', colour('blue'));
    const second = await invoke('Test-Fn');
    expect(second.payload).toMatchObject({ colour: 'blue' });
    await bench.provision('AWS::Lambda::Function', 'Fn', inline('return "new code";'));
    expect((await invoke('Test-Fn')).payload).toBe('new code');
  });
});

describe('code', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(process.cwd(), '.cache-asset-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('finds nothing of the project that its folder happens to lie in', async () => {
    mkdirSync(path.join(folder, 'asset'));
    // This project's package.json says "type": "module", and its node_modules holds zod.
    writeFileSync(path.join(folder, 'asset', 'index.js'), 'exports.handler = async () => "commonjs"; exports.zod = async () => require("zod");');
    const code = { Code: { S3Bucket: 'assets', S3Key: path.join(folder, 'asset') } };
    await bench.provision('AWS::Lambda::Function', 'Asset', inline('', code));
    expect((await invoke('Test-Asset')).payload).toBe('commonjs');
    await bench.provision('AWS::Lambda::Function', 'Asset', inline('', { ...code, Handler: 'index.zod' }));
    expect(await invoke('Test-Asset')).toMatchObject({ error: 'Unhandled', payload: { errorMessage: expect.stringContaining("Cannot find module 'zod'") } });
  });

  it('refuses a configuration that Lambda would refuse', async () => {
    const bad = inline('', { Timeout: 901, Environment: { Variables: { AWS_REGION: 'x', 'A-B': 'y', LONG: 'z'.repeat(4096) } } });
    await expect(bench.provision('AWS::Lambda::Function', 'Bad', bad)).rejects.toThrow(/AWS_REGION is one that Lambda sets.*"A-B" is no name.*Timeout is 901.*over Lambda's limit of 4096/);
  });

  it('clears away what a killed laptop left', async () => {
    const left = mkdtempSync(path.join(folder, 'var-'));
    bench.context.store.collection('lambda', 'task-root').put(left, true);
    const { stateDirectory } = bench.context;
    await bench.close({ keep: true });
    bench = await openBench({ modules: [createLambda], stateDirectory });
    expect(existsSync(left)).toBe(false);
  });

  it('declares what it cannot run, and says so', async () => {
    await bench.provision('AWS::Lambda::Function', 'Py', { ...inline(''), Runtime: 'python3.13' });
    expect(bench.events).toContainEqual({ type: 'notice', message: expect.stringMatching(/Py is declared but will not run: its runtime is python3.13/) });
    await expect(invoke('Test-Py')).rejects.toThrow('python3.13');
  });
});

describe('asynchronous invocations', () => {
  const start = (name: string): Promise<unknown> => lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: '{"n":1}' }));

  it('are tried three times, then handed to the dead-letter queue and the destination', async () => {
    const queue = 'arn:aws:sqs:us-east-1:000000000000:dead';
    await bench.provision('AWS::Lambda::Function', 'Fails', inline('throw new Error("again");', { DeadLetterConfig: { TargetArn: queue } }));
    await bench.provision('AWS::Lambda::EventInvokeConfig', 'Config', { FunctionName: 'Test-Fails', Qualifier: '$LATEST', DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:us-east-1:000000000000:failed' } } });
    expect(await start('Test-Fails')).toMatchObject({ StatusCode: 202 });
    await expect.poll(() => sent.length, { timeout: 5000 }).toBe(2);
    const [destination, letter] = sent;
    expect(JSON.parse(destination?.input['Message'] as string)).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { n: 1 },
      responsePayload: { errorMessage: 'again' },
    });
    expect(letter?.input).toMatchObject({ QueueUrl: expect.stringMatching(/\/000000000000\/dead$/), MessageBody: '{"n":1}', MessageAttributes: { ErrorMessage: { StringValue: 'again' } } });
    expect(bench.context.store.collection('lambda', 'event').list()).toEqual([]);
  });

  it('are not tried again when they succeed or retries are off', async () => {
    await bench.provision('AWS::Lambda::Function', 'Fails', inline('throw new Error("once");', { DeadLetterConfig: { TargetArn: 'arn:aws:sns:us-east-1:000000000000:dead' } }));
    await bench.provision('AWS::Lambda::EventInvokeConfig', 'Config', { FunctionName: 'Test-Fails', Qualifier: '$LATEST', MaximumRetryAttempts: 0 });
    await start('Test-Fails');
    await expect.poll(() => sent.length, { timeout: 5000 }).toBe(1);
    expect(bench.events.filter((event) => event.type === 'service' && event.name === 'InvocationEnded')).toHaveLength(1);
  });

  it('survive the laptop', async () => {
    bench.context.store.collection('lambda', 'event').put('left', { functionName: 'Test-Fn', requestId: 'left', payload: '{"n":7}', receivedAt: new Date().toISOString(), attempts: 1 });
    await bench.provision('AWS::Lambda::Function', 'Fn', inline('console.log("n is", event.n);'));
    await bench.ready();
    await expect.poll(() => bench.events.some((event) => event.type === 'service' && String(event.detail['line']).includes('n is 7')), { timeout: 5000 }).toBe(true);
  });
});

describe('the rest', () => {
  it('describes functions and their policies', async () => {
    const { attributes } = await bench.provision('AWS::Lambda::Function', 'Fn', inline('', { Timeout: 7, MemorySize: '256', Environment: { Variables: { COUNT: 1 } } }));
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: 'Test-Fn' }));
    expect(Configuration).toMatchObject({ FunctionName: 'Test-Fn', FunctionArn: attributes['Arn'], Timeout: 7, MemorySize: 256, Environment: { Variables: { COUNT: '1' } } });
    expect((await lambda.send(new ListFunctionsCommand({}))).Functions).toHaveLength(1);
    await expect(lambda.send(new GetPolicyCommand({ FunctionName: 'Test-Fn' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await bench.provision('AWS::Lambda::Permission', 'Allow', { Action: 'lambda:InvokeFunction', FunctionName: attributes['Arn'], Principal: 'events.amazonaws.com', SourceArn: 'arn:rule' });
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName: 'Test-Fn' }));
    expect(JSON.parse(Policy ?? '')).toMatchObject({ Statement: [{ Principal: { Service: 'events.amazonaws.com' }, Condition: { ArnLike: { 'AWS:SourceArn': 'arn:rule' } } }] });
  });

  it('answers on function URLs, which last', async () => {
    await bench.provision('AWS::Lambda::Function', 'Fn', inline('return { version: event.version, route: event.routeKey, path: event.rawPath };'));
    const url = async (): Promise<string> => String((await bench.provision('AWS::Lambda::Url', 'Url', { TargetFunctionArn: 'Test-Fn', AuthType: 'NONE' })).attributes['FunctionUrl']);
    const first = await url();
    expect(await (await fetch(`${first}a/b`)).json()).toEqual({ version: '2.0', route: '$default', path: '/a/b' });
    expect(await url()).toBe(first);
  });

  it('numbers versions and keeps the numbers', async () => {
    await bench.provision('AWS::Lambda::Function', 'Fn', inline(''));
    expect((await bench.provision('AWS::Lambda::Version', 'V1', { FunctionName: 'Test-Fn' })).attributes['Version']).toBe('1');
    expect((await bench.provision('AWS::Lambda::Version', 'V2', { FunctionName: 'Test-Fn' })).attributes['Version']).toBe('2');
    expect((await bench.provision('AWS::Lambda::Version', 'V1', { FunctionName: 'Test-Fn' })).attributes['Version']).toBe('1');
    expect((await bench.provision('AWS::Lambda::Alias', 'Live', { FunctionName: 'Test-Fn', FunctionVersion: '1', Name: 'live' })).physicalId).toMatch(/:Test-Fn:live$/);
  });
});
