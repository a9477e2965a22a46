import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateEndpointCommand, CreateEndpointConfigCommand, CreateModelCommand, CreateTransformJobCommand, DescribeTransformJobCommand, SageMakerClient, waitUntilEndpointInService } from '@aws-sdk/client-sagemaker';
import type { CreateEndpointConfigCommandInput } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, ModelError, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownPrograms } from '../../bin/cli/programs.ts';
import { createSageMaker } from '../../local/services/sagemaker/index.ts';
import { createS3 } from '../../local/services/s3/index.ts';
import { modelServerProgram } from '../../model/spec/laptop-program.ts';
import { openBench, role } from '../local/services/harness.ts';
import type { Bench } from '../local/services/harness.ts';
import { goodCases } from './cases.ts';
import { packContractModel } from './model.ts';
import { contractSuite, inProcess } from './suite.ts';
import { type ContractRequest, type ContractResponse, maximumRows, type Target } from './target.ts';

let folder: string;
let bench: Bench;
let sagemaker: SageMakerClient;
let runtime: SageMakerRuntimeClient;
let s3: S3Client;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'contract-endpoint-'));
  bench = await openBench({
    modules: [createS3, createSageMaker],
    services: [{ name: 'events', operations: { PutEvents: () => ({}) } }, { name: 'monitoring', operations: { PutMetricData: () => ({}) } }],
    programs: [{ image: /\/model-server:/, command: ownPrograms[modelServerProgram]! }],
  });
  sagemaker = new SageMakerClient(bench.client);
  runtime = new SageMakerRuntimeClient(bench.client);
  s3 = new S3Client(bench.client);
  await bench.provision('AWS::S3::Bucket', 'Bucket', { BucketName: 'models' });
  const archive = path.join(folder, 'model.tar.gz');
  await packContractModel(archive);
  await s3.send(new PutObjectCommand({ Bucket: 'models', Key: 'model.tar.gz', Body: readFileSync(archive) }));
  await sagemaker.send(
    new CreateModelCommand({
      ModelName: 'trips',
      ExecutionRoleArn: role,
      EnableNetworkIsolation: true,
      PrimaryContainer: { Image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/model-server:1', ModelDataUrl: 's3://models/model.tar.gz', Environment: { MAX_BATCH_ROWS: String(maximumRows) } },
    }),
  );
}, 60_000);

afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});

async function endpoint(name: string, variant: Partial<NonNullable<CreateEndpointConfigCommandInput['ProductionVariants']>[0]>, bodyBytes: number): Promise<Target> {
  await sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants: [{ VariantName: 'stable', ModelName: 'trips', ...variant }] }));
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
  await waitUntilEndpointInService({ client: sagemaker, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { EndpointName: name });
  return { onlyInvocations: true, requestHeaders: ['content-type', 'accept'], responseHeaders: ['content-type', 'x-amzn-sagemaker-custom-attributes'], bodyBytes, send: (request) => invoke(name, request) };
}

async function invoke(name: string, { headers, body }: ContractRequest): Promise<ContractResponse> {
  const { 'content-type': ContentType, accept: Accept } = headers;
  const command = new InvokeEndpointCommand({ EndpointName: name, Body: body, ...(ContentType === undefined ? {} : { ContentType }), ...(Accept === undefined ? {} : { Accept }) });
  // The SDK gives a body a type that its caller gave none.
  if (ContentType === undefined) command.middlewareStack.add((next) => (args) => {
    delete (args.request as { headers: Record<string, string> }).headers['content-type'];
    return next(args);
  }, { step: 'build', priority: 'low' });
  try {
    const answer = await runtime.send(command);
    const answered = { 'content-type': answer.ContentType, 'x-amzn-sagemaker-custom-attributes': answer.CustomAttributes };
    return { status: 200, headers: Object.fromEntries(Object.entries(answered).filter((entry): entry is [string, string] => entry[1] !== undefined)), body: Buffer.from(answer.Body) };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    // Of an error SageMaker hands on the status and the words.
    return { status: error.OriginalStatusCode ?? 0, headers: { 'content-type': 'application/json' }, body: Buffer.from(error.OriginalMessage ?? '') };
  }
}

contractSuite('a real-time endpoint, by InvokeEndpoint', () => endpoint('real-time', { InstanceType: 'ml.c7g.large', InitialInstanceCount: 1 }, 6_291_456));
contractSuite('a serverless endpoint, by InvokeEndpoint', () => endpoint('serverless', { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 20 } }, 4 * 1024 * 1024));

describe('the contract: batch transform', () => {
  it('predicts to the bit what the core predicts, whatever the format', async () => {
    const cases = Object.values(goodCases).flat().filter(({ request: { method, path: route, headers } }) => method === 'POST' && route === '/invocations' && Object.keys(headers).every((name) => ['content-type', 'accept'].includes(name)));
    expect(cases.length).toBeGreaterThan(5);
    const core = await inProcess();
    const jobs = new Map<string, { request: ContractRequest; title: string }[]>();
    for (const one of cases) {
      const key = JSON.stringify([one.request.headers['content-type'], one.request.headers['accept']]);
      jobs.set(key, [...(jobs.get(key) ?? []), one]);
    }
    let number = 0;
    for (const [key, group] of jobs) {
      const [ContentType, Accept] = JSON.parse(key) as [string | null, string | null];
      const name = `job-${String((number += 1))}`;
      for (const [index, { request }] of group.entries()) await s3.send(new PutObjectCommand({ Bucket: 'models', Key: `${name}/in/${String(index)}`, Body: request.body }));
      await sagemaker.send(
        new CreateTransformJobCommand({
          TransformJobName: name,
          ModelName: 'trips',
          TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://models/${name}/in/` } }, ...(ContentType === null ? {} : { ContentType }) },
          TransformOutput: { S3OutputPath: `s3://models/${name}/out/`, ...(Accept === null ? {} : { Accept }) },
          TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
        }),
      );
      const describeJob = () => sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: name }));
      await expect.poll(async () => (await describeJob()).TransformJobStatus, { timeout: 20_000 }).toMatch(/Completed|Failed/);
      expect([key, (await describeJob()).FailureReason]).toEqual([key, undefined]);
      for (const [index, { request, title }] of group.entries()) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'models', Key: `${name}/out/${String(index)}.out` }));
        const expected = await core.send(request);
        expect([title, Buffer.from(await Body!.transformToByteArray()).equals(expected.body)]).toEqual([title, true]);
      }
    }
    await core.close?.();
  }, 60_000);
});
