import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeEndpointCommand, ListEndpointsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { create } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declaredPrograms } from '../../bin/cli/declared-programs.ts';
import { hostModules } from '../../bin/cli/programs.ts';
import { sha256 } from '../../lambda/shared/digest.ts';
import { EndpointUpdate, EndpointVariant, InferenceEndpoint, ModelPlatform, Rollout, ServingImage } from '../../lib/index.ts';
import { bundleRootContext } from '../../lib/private/handler-bundle.ts';
import { startLaptop, type Laptop } from '../../local/index.ts';
import { flags } from '../lib/support.ts';
import { builtBundles } from './pipeline-app.ts';

// A server whose answers say its version. Version 3 answers whoever asks for it by name, and fails everybody else; version 4 never comes up.
const program = `
  import { createServer } from 'node:http';
  const { PORT, MODEL_VERSION } = process.env;
  if (MODEL_VERSION === '4') process.exit(1);
  createServer((request, response) => {
    if (request.url === '/ping') return response.end();
    const named = request.headers['x-amzn-sagemaker-target-variant'] !== undefined;
    if (MODEL_VERSION === '3' && !named) return response.writeHead(500).end('broken');
    response.writeHead(200, { 'content-type': 'application/json', 'x-amzn-sagemaker-custom-attributes': 'model-version=' + MODEL_VERSION });
    response.end(JSON.stringify({ predictions: [Number(MODEL_VERSION)] }));
  }).listen(Number(PORT), '127.0.0.1');
`;

const directory = mkdtempSync(path.join(tmpdir(), 'endpoint-'));
const assembly = path.join(directory, 'cdk.out');
let laptop: Laptop;
let outputs: Readonly<Record<string, string>>;
let states: SFNClient;
let runtime: SageMakerRuntimeClient;
let sagemaker: SageMakerClient;
let archive: Buffer;

beforeAll(async () => {
  const bundles = builtBundles(directory);
  mkdirSync(path.join(directory, 'server'));
  writeFileSync(path.join(directory, 'server/server.mjs'), program);
  const app = new App({ outdir: assembly, analyticsReporting: false, builtinCloudFormationValidation: false, context: { ...flags, [bundleRootContext]: bundles, 'aws:cdk:enable-path-metadata': true } });
  const stack = new Stack(app, 'Serving');
  const platform = new ModelPlatform(stack, 'Platform');
  const image = ServingImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/server:1', { laptopProgram: { command: [process.execPath, 'server.mjs'], directory: path.join(directory, 'server') } });
  const two = EndpointVariant.instances('ml.c7g.large', { count: 2 });
  const targets = {
    Canary: new InferenceEndpoint(stack, 'Canary', { platform, image, endpointName: 'canary', variant: EndpointVariant.instances('ml.c7g.large'), rollout: Rollout.canary({ percent: 50, interval: Duration.minutes(6) }) }),
    Guarded: new InferenceEndpoint(stack, 'Guarded', { platform, image, endpointName: 'guarded', variant: two, update: EndpointUpdate.canary(50, { waitTime: Duration.minutes(8), bakeTime: Duration.minutes(1) }) }),
    Serverless: new InferenceEndpoint(stack, 'Serverless', { platform, image, endpointName: 'serverless' }),
  };
  new CfnOutput(stack, 'Bucket', { value: platform.artifactBucket.bucketName });
  for (const [name, target] of Object.entries(targets)) new CfnOutput(stack, `Machine${name}`, { value: target.rollout.stateMachine.stateMachineArn });
  app.synth();
  laptop = await startLaptop({ assembly, stateDirectory: path.join(directory, 'state'), programs: await declaredPrograms(assembly), hostModules: hostModules(), clockSpeed: 120 });
  outputs = Object.fromEntries(laptop.summary.stacks.flatMap((each) => each.outputs).map(({ key, value }) => [key, value]));
  const client = { endpoint: laptop.awsEndpoint, region: laptop.region, credentials: laptop.credentials };
  [states, runtime, sagemaker] = [new SFNClient(client), new SageMakerRuntimeClient(client), new SageMakerClient(client)];
  writeFileSync(path.join(directory, 'model.json'), '{}');
  archive = Buffer.concat(await create({ gzip: true, cwd: directory, portable: true }, ['model.json']).collect());
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  for (const version of [1, 2, 3, 4]) await s3.send(new PutObjectCommand({ Bucket: outputs['Bucket']!, Key: keyOf(version), Body: archive }));
}, 120_000);

afterAll(async () => {
  await laptop.close();
  rmSync(directory, { recursive: true, force: true });
});

const keyOf = (version: number) => `models/trips/run-${String(version)}/model.tar.gz`;

/** Deploys a version as the command line does, and waits for the end of its rollout. */
async function deploy(target: string, version: number, meanwhile: () => Promise<unknown> = async () => undefined) {
  const model = {
    modelPackageArn: `arn:aws:sagemaker:us-east-1:000000000000:model-package/trips/${String(version)}`, modelName: 'trips', modelVersion: String(version),
    artifact: { bucket: outputs['Bucket']!, key: keyOf(version), sha256: sha256(archive) },
  };
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn: outputs[`Machine${target}`]!, input: JSON.stringify({ action: 'deploy', model, rows: [{ distance: 1 }] }) }));
  for (;;) {
    const { status, output, error, cause } = await states.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return { status, error, cause, output: output === undefined ? undefined : (JSON.parse(output) as Record<string, unknown>) };
    await meanwhile();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const ask = async (EndpointName: string, TargetVariant?: string): Promise<number> => {
  const { Body } = await runtime.send(new InvokeEndpointCommand({ EndpointName, Body: Buffer.from('{}'), ContentType: 'application/json', ...(TargetVariant === undefined ? {} : { TargetVariant }) }));
  return (JSON.parse(Buffer.from(Body).toString()) as { predictions: [number] }).predictions[0];
};

/** Who answers twenty requests: versions, and `error`. */
const answering = async (endpoint: string) => new Set(await Promise.all(Array.from({ length: 20 }, () => ask(endpoint).catch(() => 'error' as const))));

describe('an InferenceEndpoint on the laptop', () => {
  it('is made by its first deployment, and takes a version over by a canary, as a canary of its variants', async () => {
    expect(await deploy('Canary', 1)).toMatchObject({ status: 'SUCCEEDED', output: { status: 'COMPLETED', servedVersion: '1' } });
    const seen = new Set<unknown>();
    expect(await deploy('Canary', 2, async () => (await answering('canary')).forEach((answer) => seen.add(answer)))).toMatchObject({ status: 'SUCCEEDED', output: { status: 'COMPLETED', servedVersion: '2' } });
    expect(seen).toEqual(new Set([1, 2]));
    expect(await answering('canary')).toEqual(new Set([2]));
    const { ProductionVariants } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: 'canary' }));
    expect(ProductionVariants?.map(({ VariantName }) => VariantName)).toEqual(['stable']);
  }, 90_000);

  it('goes back where the canary’s alarm sounds: no request meets the bad version any more', async () => {
    const failed = await deploy('Canary', 3, () => answering('canary'));
    expect(failed).toMatchObject({ status: 'FAILED', error: 'RolledBack', cause: expect.stringContaining('In alarm') });
    expect(await answering('canary')).toEqual(new Set([2]));
  }, 90_000);

  it('goes back where the version does not come up, and says why', async () => {
    expect(await deploy('Canary', 4)).toMatchObject({ status: 'FAILED', error: 'RolledBack', cause: expect.stringContaining('did not pass the ping health check') });
    expect(await answering('canary')).toEqual(new Set([2]));
  }, 90_000);

  it('that SageMaker guards goes back where SageMaker turns the update back without a word', async () => {
    expect(await deploy('Guarded', 1)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await deploy('Guarded', 2, () => answering('guarded'))).toMatchObject({ status: 'SUCCEEDED', output: { servedVersion: '2' } });
    const failed = await deploy('Guarded', 3, () => answering('guarded'));
    expect(failed).toMatchObject({ status: 'FAILED', error: 'RolledBack', cause: expect.stringMatching(/alarms were triggered.*turned the update/) });
    expect(await answering('guarded')).toEqual(new Set([2]));
  }, 120_000);

  it('that is serverless tries a version out on an endpoint of its own', async () => {
    expect(await deploy('Serverless', 1)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await deploy('Serverless', 2)).toMatchObject({ status: 'SUCCEEDED', output: { servedVersion: '2' } });
    expect(await ask('serverless')).toBe(2);
    await expect.poll(async () => (await sagemaker.send(new ListEndpointsCommand({}))).Endpoints?.map(({ EndpointName }) => EndpointName).sort(), { timeout: 10_000 }).toEqual(['canary', 'guarded', 'serverless']);
  }, 90_000);
});
