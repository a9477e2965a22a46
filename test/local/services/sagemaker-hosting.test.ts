import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  SageMakerClient,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
} from '@aws-sdk/client-sagemaker';
import type { CreateEndpointConfigCommandInput, DescribeEndpointCommandOutput, UpdateEndpointCommandInput } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { InvokeEndpointCommandInput } from '@aws-sdk/client-sagemaker-runtime';
import { create } from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createS3 } from '../../../local/services/s3/index.ts';
import { createSageMaker } from '../../../local/services/sagemaker/index.ts';
import { fastClock, openBench, role } from './harness.ts';
import type { Bench, BenchOptions } from './harness.ts';

let folder: string;
let bench: Bench;
let sagemaker: SageMakerClient;
let runtime: SageMakerRuntimeClient;
let s3: S3Client;
let alarms: Record<string, string>;
let looked: string[];
let metrics: { MetricName: string; Values: number[]; Dimensions: { Name: string; Value: string }[] }[];

/** A container: it answers what its model says, and misbehaves when it is asked to. */
const program = `
  import { createServer } from 'node:http';
  import { readFileSync } from 'node:fs';
  const { PORT, SM_MODEL_DIR, BROKEN, AWS_ENDPOINT_URL } = process.env;
  const model = readFileSync(SM_MODEL_DIR + '/model.txt', 'utf8').trim();
  if (BROKEN === 'exit') process.exit(4);
  createServer(async (request, response) => {
    if (request.url === '/ping') return response.writeHead(BROKEN === 'ping' ? 500 : 200).end();
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    if (body === 'crash') process.exit(1);
    if (body === 'bad') return response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"field distance"}');
    if (body === 'fail') return response.writeHead(500).end('oops');
    if (body === 'slow') await new Promise((resolve) => setTimeout(resolve, 300));
    response.writeHead(200, { 'content-type': 'application/json', 'x-amzn-sagemaker-custom-attributes': 'seen ' + request.headers['x-amzn-sagemaker-custom-attributes'] });
    response.end(JSON.stringify({ model, body, network: AWS_ENDPOINT_URL !== undefined, contentType: request.headers['content-type'], accept: request.headers.accept, id: request.headers['x-amzn-sagemaker-inference-id'] }));
  }).listen(Number(PORT), '127.0.0.1');
`;

const options = (): BenchOptions => ({
  modules: [createS3, createSageMaker],
  clock: fastClock(),
  services: [
    { name: 'events', operations: { PutEvents: () => ({}) } },
    {
      name: 'monitoring',
      operations: {
        DescribeAlarms({ AlarmNames }: { AlarmNames: string[] }, { caller }) {
          looked.push(caller.roleArn ?? caller.arn);
          return { MetricAlarms: AlarmNames.flatMap((AlarmName) => (alarms[AlarmName] === undefined ? [] : [{ AlarmName, StateValue: alarms[AlarmName] }])) };
        },
        PutMetricData({ MetricData }: { MetricData: typeof metrics }) {
          metrics.push(...MetricData);
          return {};
        },
      },
    },
  ],
  programs: [{ image: /\/server:/, command: [process.execPath, path.join(folder, 'program.mjs')] }],
});

const image = '000000000000.dkr.ecr.us-east-1.amazonaws.com/server:1';

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hosting-'));
  writeFileSync(path.join(folder, 'program.mjs'), program);
  [alarms, looked, metrics] = [{}, [], []];
  await open(options());
  await bench.provision('AWS::S3::Bucket', 'Bucket', { BucketName: 'data' });
});

afterEach(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});

async function open(of: BenchOptions): Promise<void> {
  bench = await openBench(of);
  sagemaker = new SageMakerClient(bench.client);
  runtime = new SageMakerRuntimeClient(bench.client);
  s3 = new S3Client(bench.client);
}

async function model(name: string, environment: Record<string, string> = {}, more: object = {}): Promise<void> {
  const files = path.join(folder, name);
  mkdirSync(files);
  writeFileSync(path.join(files, 'model.txt'), name);
  await create({ gzip: true, file: `${files}.tar.gz`, cwd: files }, ['model.txt']);
  await s3.send(new PutObjectCommand({ Bucket: 'data', Key: `models/${name}.tar.gz`, Body: readFileSync(`${files}.tar.gz`) }));
  await sagemaker.send(new CreateModelCommand({ ModelName: name, ExecutionRoleArn: role, PrimaryContainer: { Image: image, ModelDataUrl: `s3://data/models/${name}.tar.gz`, Environment: environment }, ...more }));
}

type Variants = CreateEndpointConfigCommandInput['ProductionVariants'];
const instance = (VariantName: string, ModelName: string, InitialVariantWeight = 1, InitialInstanceCount = 1) => ({ VariantName, ModelName, InstanceType: 'ml.m5.large' as const, InitialInstanceCount, InitialVariantWeight });
const config = (name: string, ProductionVariants: Variants, more: Partial<CreateEndpointConfigCommandInput> = {}) => sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants, ...more }));
const describeEndpoint = (): Promise<DescribeEndpointCommandOutput> => sagemaker.send(new DescribeEndpointCommand({ EndpointName: 'E' }));
const update = (EndpointConfigName: string, more: Partial<UpdateEndpointCommandInput> = {}) => sagemaker.send(new UpdateEndpointCommand({ EndpointName: 'E', EndpointConfigName, ...more }));

async function settled(): Promise<DescribeEndpointCommandOutput> {
  await expect.poll(async () => (await describeEndpoint()).EndpointStatus, { interval: 10, timeout: 20_000 }).toMatch(/InService|Failed/);
  return describeEndpoint();
}

async function endpoint(variants: Variants, more: Partial<CreateEndpointConfigCommandInput> = {}): Promise<DescribeEndpointCommandOutput> {
  await config('first', variants, more);
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: 'E', EndpointConfigName: 'first' }));
  return settled();
}

const invoke = async (Body = 'x', more: Partial<InvokeEndpointCommandInput> = {}) => {
  const { Body: answer, ...rest } = await runtime.send(new InvokeEndpointCommand({ EndpointName: 'E', ContentType: 'text/plain', Body: Buffer.from(Body), ...more }));
  return { ...rest, answer: JSON.parse(Buffer.from(answer).toString()) as Record<string, unknown> };
};

const statuses = (): string[] => bench.events.flatMap((event) => (event.type === 'service' && event.name === 'EndpointStatus' ? [String(event.detail['status'])] : []));

describe('an endpoint', () => {
  it('runs the program of its image on the model’s files and answers InvokeEndpoint with what the container says', async () => {
    await model('m1');
    expect(await endpoint([instance('stable', 'm1')])).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'first', ProductionVariants: [{ VariantName: 'stable', CurrentWeight: 1, CurrentInstanceCount: 1 }] });
    const { answer, ...rest } = await invoke('1,2', { Accept: 'application/json', CustomAttributes: 'trace-1', InferenceId: 'id-1' });
    expect(answer).toEqual({ model: 'm1', body: '1,2', network: true, contentType: 'text/plain', accept: 'application/json', id: 'id-1' });
    expect(rest).toMatchObject({ ContentType: 'application/json', InvokedProductionVariant: 'stable', CustomAttributes: 'seen trace-1' });
  });

  it('tells a container’s error as ModelError with its status and words, and counts it', async () => {
    await model('m1');
    await endpoint([instance('stable', 'm1')]);
    await expect(invoke('bad')).rejects.toMatchObject({ name: 'ModelError', OriginalStatusCode: 400, OriginalMessage: '{"error":"field distance"}', $metadata: { httpStatusCode: 424 } });
    await expect(invoke('fail')).rejects.toMatchObject({ name: 'ModelError', OriginalStatusCode: 500, message: expect.stringContaining('Received server error (500) from primary with message "oops"') });
    await expect(invoke('x', { TargetVariant: 'other' })).rejects.toMatchObject({ name: 'ValidationError', $metadata: { httpStatusCode: 400 } });
    await expect(invoke('x', { EndpointName: 'F' })).rejects.toMatchObject({ name: 'ValidationError', message: 'Endpoint F of account 000000000000 not found.' });
    await invoke('x');
    const sum = (name: string): number => metrics.filter(({ MetricName }) => MetricName === name).flatMap(({ Values }) => Values).reduce((a, b) => a + b, 0);
    await expect.poll(() => sum('Invocations')).toBe(3);
    expect([sum('Invocation4XXErrors'), sum('Invocation5XXErrors'), sum('ModelLatency') > 0]).toEqual([1, 1, true]);
    expect(metrics[0]?.Dimensions).toEqual([{ Name: 'EndpointName', Value: 'E' }, { Name: 'VariantName', Value: 'stable' }]);
  });

  it('is served again by a container that crashed', async () => {
    await model('m1');
    await endpoint([instance('stable', 'm1')]);
    await expect(invoke('crash')).rejects.toMatchObject({ name: 'ModelError' });
    await expect.poll(async () => (await invoke().catch(() => undefined))?.answer['model'], { timeout: 10_000 }).toBe('m1');
  });

  it('shares requests by weight, where 0 is a weight, and sends to the variant that a request names', async () => {
    await model('m1');
    await model('m2');
    await endpoint([instance('stable', 'm1', 3), instance('canary', 'm2', 0)]);
    const models = async (count: number) => (await Promise.all(Array.from({ length: count }, () => invoke()))).map(({ answer }) => answer['model']);
    expect(new Set(await models(50))).toEqual(new Set(['m1']));
    expect((await invoke('x', { TargetVariant: 'canary' })).answer['model']).toBe('m2');

    await sagemaker.send(new UpdateEndpointWeightsAndCapacitiesCommand({ EndpointName: 'E', DesiredWeightsAndCapacities: [{ VariantName: 'canary', DesiredWeight: 1 }] }));
    expect(await settled()).toMatchObject({ ProductionVariants: [{ CurrentWeight: 3 }, { CurrentWeight: 1 }] });
    const share = (await models(400)).filter((name) => name === 'm2').length / 400;
    // Five standard deviations of a share of a quarter.
    expect(Math.abs(share - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / 400));
  });

  it('isolated from the network knows neither AWS nor keys', async () => {
    await model('m1', {}, { EnableNetworkIsolation: true });
    await endpoint([instance('stable', 'm1')]);
    expect((await invoke()).answer['network']).toBe(false);
  });

  it('whose container does not come up fails with its last words, and can be deleted', async () => {
    await model('m1', { BROKEN: 'exit' });
    expect(await endpoint([instance('stable', 'm1')])).toMatchObject({ EndpointStatus: 'Failed', FailureReason: expect.stringMatching(/production variant stable did not pass the ping health check.*exit code 4/) });
    await expect(update('first')).rejects.toMatchObject({ name: 'ValidationException' });
    await sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'E' }));
    await expect.poll(() => describeEndpoint().then(() => 'there', (error: Error) => error.name)).toBe('ValidationException');
  });

  it('comes up again with the laptop', async () => {
    await model('m1');
    await endpoint([instance('stable', 'm1')]);
    const { stateDirectory } = bench.context;
    await bench.close({ keep: true });
    await open({ ...options(), stateDirectory });
    await bench.ready();
    expect((await invoke()).answer['model']).toBe('m1');
  });
});

describe('a serverless variant', () => {
  it('serves as many requests at once as its concurrency, and throttles the others', async () => {
    await model('m1');
    expect(await endpoint([{ VariantName: 'stable', ModelName: 'm1', ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 2 } }])).toMatchObject({ ProductionVariants: [{ CurrentServerlessConfig: { MaxConcurrency: 2 } }] });
    const answers = await Promise.allSettled(Array.from({ length: 4 }, () => invoke('slow')));
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as { name: string; $metadata: object }] : []));
    expect(refused.map(({ name }) => name)).toEqual(['ThrottlingException', 'ThrottlingException']);
    expect(refused[0]?.$metadata).toMatchObject({ httpStatusCode: 429 });
  });
});

const canary = (alarm?: string) => ({
  BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY' as const, WaitIntervalInSeconds: 300, CanarySize: { Type: 'CAPACITY_PERCENT' as const, Value: 25 } }, TerminationWaitInSeconds: 60 },
  ...(alarm === undefined ? {} : { AutoRollbackConfiguration: { Alarms: [{ AlarmName: alarm }] } }),
});

describe('an update', () => {
  beforeEach(async () => {
    await model('m1');
    await model('m2');
    await endpoint([instance('stable', 'm1', 1, 2)]);
    await config('second', [instance('stable', 'm2', 1, 2)]);
  });

  it('serves the new configuration once it is in service, and refuses a second update meanwhile', async () => {
    await update('second');
    await expect(update('second')).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('Cannot update in-progress endpoint') });
    await expect(sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'E' }))).rejects.toMatchObject({ name: 'ValidationException' });
    expect(await settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'second' });
    expect((await invoke()).answer['model']).toBe('m2');
  });

  it('whose alarms stay quiet goes over by a canary', async () => {
    alarms = { errors: 'OK' };
    await update('second', { DeploymentConfig: canary('errors') });
    expect(await settled()).toMatchObject({ EndpointConfigName: 'second', LastDeploymentConfig: { BlueGreenUpdatePolicy: { TerminationWaitInSeconds: 60 } } });
    expect(new Set(looked)).toEqual(new Set([role]));
    // 300 s of canary and 60 s before the end, looked at every five seconds.
    expect(looked.length).toBeGreaterThanOrEqual(72);
  });

  it('is turned back without a word when an alarm rings: InService, with the old configuration', async () => {
    alarms = { errors: 'ALARM' };
    await update('second', { DeploymentConfig: canary('errors') });
    expect(await settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'first', FailureReason: expect.stringContaining('errors') });
    expect(statuses()).toEqual(['Creating', 'InService', 'Updating', 'RollingBack', 'InService']);
    expect((await invoke()).answer['model']).toBe('m1');
  });

  it('whose container does not come up is turned back', async () => {
    await model('m3', { BROKEN: 'exit' });
    await config('third', [instance('stable', 'm3')]);
    await update('third');
    expect(await settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'first' });
  });

  it('retains weights and sizes where it is asked to', async () => {
    await sagemaker.send(new UpdateEndpointWeightsAndCapacitiesCommand({ EndpointName: 'E', DesiredWeightsAndCapacities: [{ VariantName: 'stable', DesiredInstanceCount: 1 }] }));
    await settled();
    await update('second', { RetainAllVariantProperties: true });
    expect(await settled()).toMatchObject({ EndpointConfigName: 'second', ProductionVariants: [{ CurrentInstanceCount: 1 }] });
  });

  it('out of SageMaker’s bounds is refused', async () => {
    const policy = canary().BlueGreenUpdatePolicy;
    const routing = policy.TrafficRoutingConfiguration;
    const refused = [
      { BlueGreenUpdatePolicy: { ...policy, TrafficRoutingConfiguration: { ...routing, CanarySize: { Type: 'CAPACITY_PERCENT' as const, Value: 60 } } } },
      { BlueGreenUpdatePolicy: { ...policy, TrafficRoutingConfiguration: { ...routing, WaitIntervalInSeconds: 3601 } } },
      { BlueGreenUpdatePolicy: { ...policy, MaximumExecutionTimeoutInSeconds: 599 } },
      { BlueGreenUpdatePolicy: { ...policy, TrafficRoutingConfiguration: { ...routing, WaitIntervalInSeconds: 600 }, MaximumExecutionTimeoutInSeconds: 600 } },
      { RollingUpdatePolicy: { MaximumBatchSize: { Type: 'CAPACITY_PERCENT' as const, Value: 51 }, WaitIntervalInSeconds: 0 } },
      { RollingUpdatePolicy: { MaximumBatchSize: { Type: 'INSTANCE_COUNT' as const, Value: 2 }, WaitIntervalInSeconds: 0 } },
    ];
    for (const DeploymentConfig of refused) await expect(update('second', { DeploymentConfig })).rejects.toMatchObject({ name: 'ValidationException' });
    await config('two', [instance('stable', 'm1'), instance('canary', 'm2')]);
    await expect(update('two', { DeploymentConfig: canary() })).rejects.toThrow('keeps the names of the variants');
    await expect(config('none', [{ VariantName: 'stable', ModelName: 'm1', ServerlessConfig: { MemorySizeInMB: 1000, MaxConcurrency: 2 } }])).rejects.toThrow('MemorySizeInMB');
  });
});

describe('data capture', () => {
  it('writes requests and answers to S3 as JSON lines, as SageMaker does', async () => {
    await model('m1');
    await endpoint([instance('stable', 'm1')], {
      DataCaptureConfig: { InitialSamplingPercentage: 100, DestinationS3Uri: 's3://data/capture/', CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }], CaptureContentTypeHeader: { JsonContentTypes: ['application/json'], CsvContentTypes: ['text/csv'] } },
    });
    await invoke('1,2', { ContentType: 'text/csv', InferenceId: 'id-1' });
    await invoke('binary', { ContentType: 'application/octet-stream' });
    const keys = async () => ((await s3.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: 'capture/' }))).Contents ?? []).map(({ Key = '' }) => Key);
    await expect.poll(async () => (await keys()).length, { timeout: 5000 }).toBe(1);
    const [key = ''] = await keys();
    expect(key).toMatch(/^capture\/E\/stable\/\d{4}\/\d\d\/\d\d\/\d\d\/\d\d-\d\d-\d{3}-[0-9a-f-]+\.jsonl$/);
    const text = await (await s3.send(new GetObjectCommand({ Bucket: 'data', Key: key }))).Body!.transformToString();
    const [first, second] = text.trim().split('\n').map((line) => JSON.parse(line) as { captureData: Record<string, { data: string }>; eventMetadata: object });
    expect(first).toMatchObject({
      captureData: { endpointInput: { observedContentType: 'text/csv', mode: 'INPUT', data: '1,2', encoding: 'CSV' }, endpointOutput: { observedContentType: 'application/json', mode: 'OUTPUT', encoding: 'JSON' } },
      eventMetadata: { inferenceId: 'id-1' },
      eventVersion: '0',
    });
    expect(second?.captureData['endpointInput']).toMatchObject({ data: Buffer.from('binary').toString('base64'), encoding: 'BASE64' });
  });
});

describe('templates', () => {
  it('bring models, configurations and endpoints up, update them, and take them away', async () => {
    await model('m1');
    await model('m2');
    const template = async (of: string, environment: object = {}) => {
      const { attributes } = await bench.provision('AWS::SageMaker::Model', `Model${of}`, { PrimaryContainer: { Image: image, ModelDataUrl: `s3://data/models/${of}.tar.gz`, Environment: environment }, ExecutionRoleArn: role });
      const made = await bench.provision('AWS::SageMaker::EndpointConfig', `Config${of}`, { ProductionVariants: [{ ...instance('stable', String(attributes['ModelName'])), InitialVariantWeight: '1' }] });
      return bench.provision('AWS::SageMaker::Endpoint', 'Endpoint', { EndpointName: 'E', EndpointConfigName: made.attributes['EndpointConfigName'] });
    };
    expect(await template('m1')).toEqual({ physicalId: 'arn:aws:sagemaker:us-east-1:000000000000:endpoint/e', attributes: { EndpointName: 'E' } });
    expect((await invoke()).answer['model']).toBe('m1');
    await template('m2');
    expect((await invoke()).answer['model']).toBe('m2');
    await expect(template('m1', { BROKEN: 'exit' }).then(() => bench.provision('AWS::SageMaker::Endpoint', 'Endpoint', {}))).rejects.toThrow('expected InService');
    await bench.remove('AWS::SageMaker::Endpoint', 'Endpoint');
    await expect(invoke()).rejects.toThrow('not found');
  });
});
