import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateModelCommand, CreateTransformJobCommand, DescribeTransformJobCommand, ListTransformJobsCommand, SageMakerClient, StopTransformJobCommand } from '@aws-sdk/client-sagemaker';
import type { CreateTransformJobCommandInput } from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createS3 } from '../../../local/services/s3/index.ts';
import { createSageMaker } from '../../../local/services/sagemaker/index.ts';
import { createStates } from '../../../local/services/states/index.ts';
import { openBench, role } from './harness.ts';
import type { Bench } from './harness.ts';

let folder: string;
let bench: Bench;
let sagemaker: SageMakerClient;
let s3: S3Client;

/** Doubles each number; says which numbers came together. */
const program = `
  import { createServer } from 'node:http';
  const { PORT, SAGEMAKER_BATCH, GREETING } = process.env;
  let failures = 0;
  createServer(async (request, response) => {
    if (request.url === '/ping') return response.end();
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    if (body.includes('bad')) return response.writeHead(400).end('no number');
    if (body.includes('broken') || (body.includes('flaky') && failures++ < 2)) return response.writeHead(500).end('oops');
    if (body.includes('hang')) return;
    if (body.startsWith('1\\n')) await new Promise((resolve) => setTimeout(resolve, 50));
    const numbers = body.trim().split('\\n');
    response.end(request.headers.accept === 'batch' ? numbers.join('+') : numbers.map((value) => value === 'env' ? SAGEMAKER_BATCH + GREETING : Number(value) * 2).join('\\n'));
  }).listen(Number(PORT), '127.0.0.1');
`;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'transform-'));
  writeFileSync(path.join(folder, 'program.mjs'), program);
  bench = await openBench({ modules: [createS3, createSageMaker, createStates], services: [{ name: 'events', operations: { PutEvents: () => ({}) } }], programs: [{ image: /\/server:/, command: [process.execPath, path.join(folder, 'program.mjs')] }] });
  sagemaker = new SageMakerClient(bench.client);
  s3 = new S3Client(bench.client);
  await bench.provision('AWS::S3::Bucket', 'Bucket', { BucketName: 'data' });
  await sagemaker.send(new CreateModelCommand({ ModelName: 'double', ExecutionRoleArn: role, PrimaryContainer: { Image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/server:1' } }));
});

afterEach(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});

const put = (Key: string, Body: string | Buffer) => s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body }));
const text = async (Key: string) => (await s3.send(new GetObjectCommand({ Bucket: 'data', Key }))).Body!.transformToString();

async function run(input: Partial<CreateTransformJobCommandInput['TransformInput']> = {}, output: Partial<CreateTransformJobCommandInput['TransformOutput']> = {}, more: Partial<CreateTransformJobCommandInput> = {}) {
  const TransformJobName = 'job';
  await sagemaker.send(
    new CreateTransformJobCommand({
      TransformJobName,
      ModelName: 'double',
      TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/in/' } }, ContentType: 'text/csv', SplitType: 'Line', ...input },
      TransformOutput: { S3OutputPath: 's3://data/out/', AssembleWith: 'Line', ...output },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      ...more,
    }),
  );
  await expect.poll(async () => (await sagemaker.send(new DescribeTransformJobCommand({ TransformJobName }))).TransformJobStatus, { interval: 10, timeout: 10_000 }).toMatch(/Completed|Failed|Stopped/);
  return sagemaker.send(new DescribeTransformJobCommand({ TransformJobName }));
}

describe('a transform job', () => {
  it('asks the model for every record of every object, and writes an output for each', async () => {
    await put('in/a.csv', '1\n2\n3\n');
    await put('in/more/b.csv', '4\nenv\n');
    expect(await run({}, {}, { Environment: { GREETING: '!' } })).toMatchObject({ TransformJobStatus: 'Completed', ModelName: 'double' });
    expect([await text('out/a.csv.out'), await text('out/more/b.csv.out')]).toEqual(['2\n4\n6\n', '8\ntrue!\n']);
    const { TransformJobSummaries = [] } = await sagemaker.send(new ListTransformJobsCommand({ StatusEquals: 'Completed' }));
    expect(TransformJobSummaries.map(({ TransformJobName }) => TransformJobName)).toEqual(['job']);
  });

  it('sends a record a request, several at once, and keeps their order', async () => {
    await put('in/a.csv', `${Array.from({ length: 20 }, (_, index) => index + 1).join('\n')}\n`);
    await run({}, { Accept: 'batch' }, { BatchStrategy: 'SingleRecord', MaxConcurrentTransforms: 4 });
    expect(await text('out/a.csv.out')).toBe(`${Array.from({ length: 20 }, (_, index) => index + 1).join('\n')}\n`);
  });

  it('sends as many records as the payload takes, or a whole object, unpacked', async () => {
    const lines = Array.from({ length: 3 }, (_, index) => String(index).repeat(600_000));
    await put('in/a.csv', gzipSync(lines.join('\n')));
    await run({ CompressionType: 'Gzip' }, { Accept: 'batch', AssembleWith: 'None' }, { MaxPayloadInMB: 2 });
    expect((await text('out/a.csv.out')).split('+').map((part) => part.length)).toEqual([600_000, 600_000, 600_000]);
  });

  it('does not split what it is not asked to', async () => {
    await put('in/a.csv', '1\n2\n');
    await run({ SplitType: 'None' }, { Accept: 'batch', AssembleWith: 'None' });
    expect(await text('out/a.csv.out')).toBe('1+2');
  });

  it('fails where the container refuses a record, with its words, and leaves no output of that object', async () => {
    await put('in/a.csv', 'bad\n');
    expect(await run()).toMatchObject({ TransformJobStatus: 'Failed', FailureReason: expect.stringContaining('400 "no number"') });
    expect((await s3.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: 'out/' }))).Contents).toBeUndefined();
  });

  it('asks again after a 5xx, and fails after its retries', async () => {
    await put('in/a.csv', 'flaky\n');
    expect(await run({}, { Accept: 'batch' })).toMatchObject({ TransformJobStatus: 'Completed' });
  });

  it('fails where it has no retries left', async () => {
    await put('in/a.csv', 'broken\n');
    expect(await run({}, {}, { ModelClientConfig: { InvocationsMaxRetries: 1 } })).toMatchObject({ TransformJobStatus: 'Failed', FailureReason: expect.stringContaining('after 2 attempts') });
  });

  it('fails where a record is larger than the payload', async () => {
    await put('in/a.csv', '1'.repeat(1_100_000));
    expect(await run({}, {}, { MaxPayloadInMB: 1 })).toMatchObject({ TransformJobStatus: 'Failed', FailureReason: expect.stringContaining('MaxPayloadInMB') });
  });

  it('stops when it is asked to', async () => {
    await put('in/a.csv', 'hang\n');
    const done = run({}, {}, { ModelClientConfig: { InvocationsTimeoutInSeconds: 5 } });
    await expect.poll(() => bench.events.some((event) => event.type === 'service' && event.name === 'TransformJobStatus')).toBe(true);
    await sagemaker.send(new StopTransformJobCommand({ TransformJobName: 'job' }));
    expect((await done).TransformJobStatus).toBe('Stopped');
  }, 20_000);

  it('is waited for by a state machine', async () => {
    await put('in/a.csv', '21\n');
    const { SFNClient, StartExecutionCommand, DescribeExecutionCommand } = await import('@aws-sdk/client-sfn');
    const states = new SFNClient(bench.client);
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'Transform',
      States: {
        Transform: {
          Type: 'Task', Resource: 'arn:aws:states:::sagemaker:createTransformJob.sync', End: true,
          Arguments: { TransformJobName: 'job', ModelName: 'double', TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/in/' } }, SplitType: 'Line' }, TransformOutput: { S3OutputPath: 's3://data/out/', AssembleWith: 'Line' }, TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 } },
          Output: '{% $states.result.TransformJobStatus %}',
        },
      },
    };
    const { physicalId } = await bench.provision('AWS::StepFunctions::StateMachine', 'Machine', { DefinitionString: JSON.stringify(definition), RoleArn: role });
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn: physicalId }));
    const describeExecution = () => states.send(new DescribeExecutionCommand({ executionArn }));
    await expect.poll(async () => (await describeExecution()).status, { timeout: 15_000 }).toBe('SUCCEEDED');
    expect([(await describeExecution()).output, await text('out/a.csv.out')]).toEqual(['"Completed"', '42\n']);
  }, 20_000);
});
