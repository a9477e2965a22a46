import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLambda } from '../../../local/services/lambda/index.ts';
import { Functions } from '../../../local/services/lambda/functions.ts';
import { openBench, role } from './harness.ts';
import type { Bench } from './harness.ts';

let bench: Bench;
let lambda: LambdaClient;
const FunctionName = 'Test-Fn';

beforeEach(async () => {
  bench = await openBench({ modules: [createLambda] });
  lambda = new LambdaClient(bench.client);
});

afterEach(async () => {
  lambda.destroy();
  await bench.close();
});

const deploy = (text: string, more: Record<string, unknown> = {}) =>
  bench.provision('AWS::Lambda::Function', 'Fn', { Code: { ZipFile: `exports.handler = async (event, context) => { if (event.wait) await new Promise((r) => setTimeout(r, event.wait)); return { says: ${JSON.stringify(text)}, version: context.functionVersion, arn: context.invokedFunctionArn, type: process.env.AWS_LAMBDA_INITIALIZATION_TYPE, pid: process.pid }; };` }, Handler: 'index.handler', Runtime: 'nodejs24.x', Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'], Role: role, ...more });
const publish = async (logicalId: string): Promise<string> => String((await bench.provision('AWS::Lambda::Version', logicalId, { FunctionName })).attributes['Version']);
const alias = (FunctionVersion: string, more: Record<string, unknown> = {}) => bench.provision('AWS::Lambda::Alias', 'Live', { FunctionName, FunctionVersion, Name: 'live', ...more });

interface Said {
  says: string;
  version: string;
  arn: string;
  type: string;
  pid: number;
}

async function call(Qualifier?: string, event: object = {}): Promise<Said & { executed: string | undefined }> {
  const { Payload, ExecutedVersion } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...(Qualifier !== undefined && { Qualifier }) }));
  return { ...(JSON.parse(Payload!.transformToString()) as Said), executed: ExecutedVersion };
}

describe('versions', () => {
  it('run the code and configuration that they were published with, whatever becomes of the function', async () => {
    await deploy('one');
    expect(await publish('V1')).toBe('1');
    await deploy('two');
    expect(await publish('V2')).toBe('2');
    await deploy('three');
    expect([await call(), await call('1'), await call('2')]).toMatchObject([{ says: 'three', version: '$LATEST', executed: '$LATEST' }, { says: 'one', version: '1', executed: '1' }, { says: 'two', arn: expect.stringMatching(/:Test-Fn:2$/) as unknown }]);
    await expect(call('7')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('outlive the laptop, and the folder that their code came from', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'asset-'));
    writeFileSync(path.join(folder, 'index.js'), 'exports.handler = async () => ({ says: "from a folder" });');
    await deploy('', { Code: { S3Bucket: 'assets', S3Key: folder } });
    await publish('V1');
    rmSync(folder, { recursive: true });
    const { stateDirectory } = bench.context;
    await bench.close({ keep: true });
    lambda.destroy();
    bench = await openBench({ modules: [createLambda], stateDirectory });
    lambda = new LambdaClient(bench.client);
    await deploy('now inline');
    expect(await publish('V1')).toBe('1');
    expect([(await call('1')).says, (await call()).says]).toEqual(['from a folder', 'now inline']);
  });

  it('are published and listed by the API, nothing anew where nothing changed', async () => {
    await deploy('one');
    const first = await lambda.send(new PublishVersionCommand({ FunctionName, Description: 'the first' }));
    expect(first).toMatchObject({ Version: '1', FunctionArn: expect.stringMatching(/:Test-Fn:1$/) as unknown });
    expect((await lambda.send(new PublishVersionCommand({ FunctionName }))).Version).toBe('1');
    await deploy('two', { Timeout: 9 });
    expect((await lambda.send(new PublishVersionCommand({ FunctionName }))).Version).toBe('2');
    const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
    expect(Versions?.map(({ Version, Timeout }) => [Version, Timeout])).toEqual([['$LATEST', 9], ['1', 3], ['2', 9]]);
    expect(await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: '1' }))).toMatchObject({ Version: '1', Timeout: 3 });
  });

  it('stay as long as an alias leads to them', async () => {
    await deploy('one');
    const version = await publish('V1');
    await alias(version);
    await bench.remove('AWS::Lambda::Version', 'V1');
    expect((await call('live')).says).toBe('one');
    await alias('$LATEST');
    await expect(call(version)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await deploy('two');
    expect(await publish('V2'), 'numbers are never given twice').toBe('2');
  });
});

describe('aliases', () => {
  it('are what the template says, then what the API says until the template changes', async () => {
    await deploy('one');
    await publish('V1');
    await deploy('two');
    await publish('V2');
    await alias('1');
    expect(await call('live')).toMatchObject({ says: 'one', executed: '1', arn: expect.stringMatching(/:Test-Fn:live$/) as unknown });
    const updated = await lambda.send(new UpdateAliasCommand({ FunctionName, Name: 'live', RoutingConfig: { AdditionalVersionWeights: { 2: 1 } } }));
    expect(updated).toMatchObject({ Name: 'live', FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { 2: 1 } } });
    expect((await call('live')).says).toBe('two');
    await alias('1');
    expect((await call('live')).says, 'the template says nothing new').toBe('two');
    await alias('1', { Description: 'changed' });
    expect((await call('live')).says).toBe('one');
    await alias('1', { RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion: '2', FunctionWeight: 0 }] } });
    expect((await call('live')).says, 'a weight of 0 is a weight').toBe('one');
  });

  it('are created, read, listed and removed by the API, which refuses nonsense', async () => {
    await deploy('one');
    await publish('V1');
    await deploy('two');
    await publish('V2');
    const create = (Name: string, FunctionVersion: string, weights?: Record<string, number>) => lambda.send(new CreateAliasCommand({ FunctionName, Name, FunctionVersion, ...(weights && { RoutingConfig: { AdditionalVersionWeights: weights } }) }));
    await create('blue', '1', { 2: 0.25 });
    const { RevisionId } = await lambda.send(new GetAliasCommand({ FunctionName, Name: 'blue' }));
    await expect(create('blue', '1')).rejects.toMatchObject({ name: 'ResourceConflictException' });
    await expect(create('42', '1')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(create('green', '9')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    for (const weights of [{ 1: 0.5 }, { 2: 1.5 }, { 2: -0.1 }] as Record<string, number>[]) await expect(create('green', '1', weights)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(create('green', '$LATEST', { 1: 0.5 })).rejects.toThrow('$LATEST is not supported');
    await lambda.send(new UpdateAliasCommand({ FunctionName, Name: 'blue', FunctionVersion: '2', RoutingConfig: { AdditionalVersionWeights: {} } }));
    await expect(lambda.send(new UpdateAliasCommand({ FunctionName, Name: 'blue', RevisionId }))).rejects.toMatchObject({ name: 'PreconditionFailedException' });
    const { Aliases } = await lambda.send(new ListAliasesCommand({ FunctionName }));
    expect(Aliases).toMatchObject([{ Name: 'blue', FunctionVersion: '2' }]);
    expect(Aliases![0]).not.toHaveProperty('RoutingConfig');
    await lambda.send(new DeleteAliasCommand({ FunctionName, Name: 'blue' }));
    await expect(lambda.send(new GetAliasCommand({ FunctionName, Name: 'blue' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('choose by their shares', async () => {
    const functions = new Functions(bench.context);
    functions.deploy('F', { Code: {}, Role: role, Handler: 'a.b', Runtime: 'nodejs24.x', PackageType: 'Image' }, '');
    for (const description of ['one', 'two']) functions.publish('F', description);
    functions.aliases.put('F', 'live', { functionVersion: '1', description: '', weights: { 2: 0.1 } });
    expect([0, 0.0999, 0.1, 0.999].map((random) => functions.aliases.resolve('F', 'live', random))).toEqual(['2', '2', '1', '1']);
    const draws = 100_000;
    let seen = 0;
    for (let index = 0; index < draws; index += 1) seen += functions.aliases.resolve('F', 'live') === '2' ? 1 : 0;
    // Five standard deviations of a binomial share.
    expect(Math.abs(seen / draws - 0.1)).toBeLessThan(5 * Math.sqrt((0.1 * 0.9) / draws));
    await functions.close();
  });

  it('take asynchronous events to the version that they choose', async () => {
    await deploy('one');
    await alias(await publish('V1'));
    await deploy('two');
    await lambda.send(new InvokeCommand({ FunctionName, Qualifier: 'live', InvocationType: 'Event', Payload: '{}' }));
    await expect.poll(() => bench.events.flatMap((event) => (event.type === 'service' && event.name === 'InvocationEnded' ? [event.detail['executedVersion']] : []))).toEqual(['1']);
  });
});

describe('concurrency', () => {
  it('that is reserved is shared by all versions, and set by the API until the template changes', async () => {
    await deploy('one', { ReservedConcurrentExecutions: 1 });
    await publish('V1');
    const [first, second] = await Promise.allSettled([call('1', { wait: 200 }), call(undefined, { wait: 200 })]);
    expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    await deploy('one', { ReservedConcurrentExecutions: 1 });
    await expect(call()).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    expect((await lambda.send(new GetFunctionCommand({ FunctionName }))).Concurrency).toEqual({ ReservedConcurrentExecutions: 0 });
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect((await call()).says).toBe('one');
    await deploy('one', { ReservedConcurrentExecutions: 0 });
    await expect(call()).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });

  const status = async () => (await lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: 'live' }))).Status;

  it('that is provisioned keeps processes warm, from when the laptop is up', async () => {
    await deploy('one');
    await alias(await publish('V1'), { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } });
    expect(await status()).toBe('IN_PROGRESS');
    await bench.ready();
    await expect.poll(status).toBe('READY');
    const [one, two] = await Promise.all([call('live', { wait: 100 }), call('live', { wait: 100 })]);
    expect([one.type, two.type, one.pid === two.pid]).toEqual(['provisioned-concurrency', 'provisioned-concurrency', false]);

    await lambda.send(new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: 'live', ProvisionedConcurrentExecutions: 3 }));
    await alias('1', { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } });
    expect(await lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: 'live' }))).toMatchObject({ RequestedProvisionedConcurrentExecutions: 3 });
    await lambda.send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: 'live' }));
    await expect(status()).rejects.toMatchObject({ name: 'ProvisionedConcurrencyConfigNotFoundException' });
  });

  it('that is provisioned is refused where Lambda would, and fails with the function\'s initialisation', async () => {
    await deploy('one', { ReservedConcurrentExecutions: 2 });
    await alias(await publish('V1'));
    const put = (Qualifier: string, count: number) => lambda.send(new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier, ProvisionedConcurrentExecutions: count }));
    await expect(put('$LATEST', 1)).rejects.toThrow('unpublished function versions');
    await expect(put('live', 3)).rejects.toThrow('reservedConcurrentExecution');
    await bench.provision('AWS::Lambda::Function', 'Fn', { Code: { ZipFile: 'throw new Error("never");' }, Handler: 'index.handler', Runtime: 'nodejs24.x', Role: role });
    await alias(await publish('V2'));
    await bench.ready();
    await put('live', 1);
    await expect.poll(status).toBe('FAILED');
  });
});
