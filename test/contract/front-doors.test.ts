import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetSecretValueCommand, RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostModules } from '../../bin/cli/programs.ts';
import { ApiAuthorization, ApiFrontDoor, AsyncInference, InferenceApi, ModelPlatform } from '../../lib/index.ts';
import { bundleRootContext } from '../../lib/private/handler-bundle.ts';
import { startLaptop, type Laptop } from '../../local/index.ts';
import { builtBundles } from '../e2e/pipeline-app.ts';
import { flags } from '../lib/support.ts';
import { modelName, packContractModel } from './model.ts';
import { contractSuite } from './suite.ts';
import { httpTarget, maximumRows, type Target } from './target.ts';

/** What is asked, as the templates that are deployed to AWS make it: signed, and through the laptop's gateways. */
const frontDoors = {
  Http: ApiFrontDoor.httpApi(),
  Rest: ApiFrontDoor.restApi(),
  Url: ApiFrontDoor.functionUrl(),
  Streaming: ApiFrontDoor.functionUrl({ streaming: true }),
};

const directory = mkdtempSync(path.join(tmpdir(), 'front-doors-'));
let laptop: Laptop;

beforeAll(async () => {
  const assembly = path.join(directory, 'cdk.out');
  const app = new App({ outdir: assembly, analyticsReporting: false, builtinCloudFormationValidation: false, context: { ...flags, [bundleRootContext]: builtBundles(directory), 'aws:cdk:enable-path-metadata': true } });
  const stack = new Stack(app, 'FrontDoors');
  const platform = new ModelPlatform(stack, 'Platform');
  new CfnOutput(stack, 'Bucket', { value: platform.artifactBucket.bucketName });
  for (const [name, frontDoor] of Object.entries(frontDoors)) {
    const api = new InferenceApi(stack, name, {
      platform, frontDoor, targetName: 'trips', maxBatchRows: maximumRows,
      ...(['Http', 'Rest'].includes(name) ? { throttlingRateLimit: 10_000, throttlingBurstLimit: 5_000 } : {}),
    });
    new CfnOutput(stack, `${name}Address`, { value: api.url });
    if (name !== 'Http') continue;
    const background = new AsyncInference(stack, 'Background', { platform, target: api, maxReceives: 1 });
    new CfnOutput(stack, 'QueueUrl', { value: background.queue.queueUrl });
  }
  for (const [name, frontDoor] of Object.entries(frontDoors)) {
    const api = new InferenceApi(stack, `${name}Keys`, { platform, frontDoor, targetName: 'trips', authorization: ApiAuthorization.apiKeys({ clients: ['mobile'] }) });
    new CfnOutput(stack, `${name}KeysAddress`, { value: api.url });
    new CfnOutput(stack, `${name}KeysSecret`, { value: api.apiKey('mobile').secretArn });
  }
  app.synth();
  laptop = await startLaptop({ assembly, stateDirectory: path.join(directory, 'state'), port: 0, hostModules: hostModules() });
  await deployModel(output('Bucket'));
}, 180_000);

afterAll(async () => {
  await laptop.close();
  rmSync(directory, { recursive: true, force: true });
});

const output = (name: string): string => laptop.summary.stacks.flatMap(({ outputs }) => outputs).find(({ key }) => key === name)!.value;

const settings = () => ({ endpoint: laptop.awsEndpoint, region: laptop.region, credentials: laptop.credentials, forcePathStyle: true });

async function deployModel(bucket: string): Promise<void> {
  const s3 = new S3Client(settings());
  const archive = path.join(directory, 'model.tar.gz');
  await packContractModel(archive);
  const bytes = readFileSync(archive);
  const artifact = { bucket, key: 'models/model.tar.gz', sha256: createHash('sha256').update(bytes).digest('hex') };
  const record = { stable: { modelPackageArn: `arn:aws:sagemaker:us-east-1:000000000000:model-package/${modelName}/1`, modelName, modelVersion: '1', artifact }, updatedAt: '2026-11-20T12:00:00.000Z', run: 'contract' };
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: artifact.key, Body: bytes }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'deployments/trips.json', Body: JSON.stringify(record) }));
  s3.destroy();
}

/** A front door whose requests are signed. */
function signed(name: string, service: string, more: Omit<Target, 'send'> = {}): Target {
  const url = output(`${name}Address`);
  const base = new URL(url);
  const signer = new SignatureV4({ service, region: laptop.region, credentials: laptop.credentials, sha256: Sha256 });
  const target = httpTarget(url, { concurrency: 4, ...more });
  return {
    ...target,
    async send(request) {
      const asked = new URL(`${url}${request.path}`);
      const { headers } = await signer.sign({
        method: request.method, protocol: base.protocol, hostname: base.hostname, port: Number(base.port), path: asked.pathname,
        query: Object.fromEntries(asked.searchParams), headers: { host: base.host, ...request.headers }, body: request.body,
      });
      return target.send({ ...request, headers });
    },
  };
}

/** Larger bodies do not fit into a function's event: whoever is in front of it refuses them by words of its own. */
const bodyBytes = 4_000_000;

contractSuite('an HTTP API on the laptop', () => Promise.resolve(signed('Http', 'execute-api', { takesTextAlone: true, decodesPaths: true, bodyBytes })));
contractSuite('a REST API on the laptop', () => Promise.resolve(signed('Rest', 'execute-api', { decodesPaths: true, bodyBytes })));
contractSuite('a function URL on the laptop', () => Promise.resolve(signed('Url', 'lambda', { takesTextAlone: true, decodesPaths: true, bodyBytes })));
contractSuite('a function URL that streams, on the laptop', () => Promise.resolve(signed('Streaming', 'lambda', { takesTextAlone: true, decodesPaths: true, bodyBytes })));

it('a queue on the laptop is answered as POST /invocations is; a message that is none is left, alone, with its reason (fault 23)', async () => {
  const [s3, sqs] = [new S3Client(settings()), new SQSClient(settings())];
  const row = ['2026-03-01T08:00:00', 1.5, 2, true, 'north', null];
  const body = JSON.stringify({ instances: [row, row] });
  const Bucket = output('Bucket');
  await s3.send(new PutObjectCommand({ Bucket, Key: 'async/background/input/rows.json', Body: body }));
  const messages = [{ InferenceId: 'inline', Input: { instances: [row, row] } }, { InferenceId: 'stored', InputLocation: `s3://${Bucket}/async/background/input/rows.json` }].map((message) => JSON.stringify(message));
  for (const MessageBody of ['{poison', ...messages]) await sqs.send(new SendMessageCommand({ QueueUrl: output('QueueUrl'), MessageBody }));

  const kept = async (id: string): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: `async/background/output/${id}.out` }));
    return (await Body?.transformToString()) ?? '';
  };
  const asked = await signed('Http', 'execute-api').send({ method: 'POST', path: '/invocations', headers: { 'content-type': 'application/json' }, body: Buffer.from(body) });
  for (const id of ['inline', 'stored']) await expect.poll(() => kept(id).catch(() => 'not yet'), { timeout: 30_000 }).toBe(asked.body.toString());
  // It is hidden until it is handed out again, and then put aside.
  const left = async () => (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: output('QueueUrl'), AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] }))).Attributes;
  await expect.poll(left, { timeout: 10_000 }).toEqual({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' });
  const failure = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'async/background/failure/' }));
  expect(failure.KeyCount).toBe(1);
}, 60_000);

it.each(Object.keys(frontDoors))('API keys behind %s: a rotated key is accepted at once by a function that knows the one before, which stays valid for a while (fault 24)', async (name) => {
  const secrets = new SecretsManagerClient(settings());
  const SecretId = output(`${name}KeysSecret`);
  const own = async (): Promise<string> => (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '';
  const ask = async (key: string | undefined) => {
    const response = await fetch(`${output(`${name}KeysAddress`)}/health`, { headers: key === undefined ? {} : { 'x-api-key': key } });
    return [response.status, ((await response.json()) as { error?: { code: string } }).error?.code];
  };

  // The first rotation, which the deployment started, makes the first key that the API accepts.
  await expect.poll(async () => ask(await own()), { timeout: 20_000, interval: 1_200 }).toEqual([200, undefined]);
  const before = await own();
  expect([await ask(undefined), await ask(`${before.slice(0, -1)}${before.endsWith('A') ? 'B' : 'A'}`)]).toEqual([[401, 'Unauthorized'], [401, 'Unauthorized']]);

  await secrets.send(new RotateSecretCommand({ SecretId }));
  await expect.poll(own, { timeout: 20_000 }).not.toBe(before);
  // Wrong keys may just have had the digests read: the function waits for a second between two reads.
  await expect.poll(async () => ask(await own()), { timeout: 3_000, interval: 250 }).toEqual([200, undefined]);
  expect(await ask(before)).toEqual([200, undefined]);
}, 60_000);
