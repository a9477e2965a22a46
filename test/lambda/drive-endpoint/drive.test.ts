import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListEndpointConfigsCommand, ListModelsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { create } from 'tar';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type * as portsModule from '../../../lambda/drive-endpoint/aws-ports.ts';
import type * as driveModule from '../../../lambda/drive-endpoint/drive.ts';
import type * as trialModule from '../../../lambda/drive-endpoint/trial.ts';
import type { Driven } from '../../../lambda/drive-endpoint/payload.ts';
import type { EndpointPorts } from '../../../lambda/drive-endpoint/ports.ts';
import { sha256 } from '../../../lambda/shared/digest.ts';
import { createSageMaker } from '../../../local/services/sagemaker/index.ts';
import { createS3 } from '../../../local/services/s3/index.ts';
import type { EndpointSpec } from '../../../model/spec/endpoint.ts';
import type { DeploymentRecord, ServedModel } from '../../../model/serving/record.ts';
import { fastClock, openBench } from '../../local/services/harness.ts';
import type { Bench } from '../../local/services/harness.ts';
import { record, served, spec as base } from './spec.ts';

// The laptop's own SageMaker, whose endpoints run this server for each model.
const program = `
  import { createServer } from 'node:http';
  const { PORT, MODEL_VERSION, BROKEN } = process.env;
  if (BROKEN === MODEL_VERSION) process.exit(1);
  const hangs = BROKEN === 'hang' + MODEL_VERSION;
  createServer((request, response) => response.writeHead(request.url === '/ping' && hangs ? 503 : 200).end(MODEL_VERSION)).listen(Number(PORT), '127.0.0.1');
`;

let folder: string;
let bench: Bench;
let driver: typeof driveModule & typeof portsModule & typeof trialModule;
let s3: S3Client;
let runtime: SageMakerRuntimeClient;
let sagemaker: SageMakerClient;
let alarm: string;
const scaled: string[] = [];
const models: ServedModel[] = [];
let count = 0;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'drive-'));
  writeFileSync(path.join(folder, 'program.mjs'), program);
  bench = await openBench({
    modules: [createS3, createSageMaker],
    clock: fastClock(),
    services: [
      { name: 'events', operations: { PutEvents: () => ({}) } },
      { name: 'monitoring', operations: { PutMetricData: () => ({}), DescribeAlarms: ({ AlarmNames }: { AlarmNames: string[] }) => ({ MetricAlarms: AlarmNames.map((AlarmName) => ({ AlarmName, StateValue: alarm })) }) } },
    ],
    programs: [{ image: /\/server:/, command: [process.execPath, path.join(folder, 'program.mjs')] }],
  });
  const { endpoint, region, credentials } = bench.client;
  Object.assign(process.env, { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey });
  s3 = new S3Client(bench.client);
  runtime = new SageMakerRuntimeClient(bench.client);
  sagemaker = new SageMakerClient(bench.client);
  driver = { ...(await import('../../../lambda/drive-endpoint/drive.ts')), ...(await import('../../../lambda/drive-endpoint/aws-ports.ts')), ...(await import('../../../lambda/drive-endpoint/trial.ts')) };
  await bench.provision('AWS::S3::Bucket', 'Bucket', { BucketName: 'artifacts' });
  writeFileSync(path.join(folder, 'model.json'), '{}');
  const archive = Buffer.concat(await create({ gzip: true, cwd: folder, portable: true }, ['model.json']).collect());
  for (const version of [1, 2, 3]) {
    const model = served(version, sha256(archive));
    models.push(model);
    await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key: model.artifact.key, Body: archive }));
  }
});

afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  alarm = 'OK';
  scaled.length = 0;
  count += 1;
});

/** An endpoint of this test alone: its record, and what drives it there. */
function target(changes: Partial<EndpointSpec> = {}) {
  const spec: EndpointSpec = { ...base, endpointName: `e${String(count)}`, stable: { instances: { type: 'ml.m7g.large', count: 2 } }, ...changes };
  let wanted: DeploymentRecord | undefined;
  const at = ({ endpointName }: EndpointSpec) => ({ bucket: 'artifacts', key: `deployments/${endpointName}/endpoint.json` });
  const remembering = (of: EndpointSpec): EndpointPorts => ({ ...driver.awsPorts(of, at(of), at(of)), record: () => Promise.resolve(wanted), scale: (on) => Promise.resolve(void scaled.push(on ? 'on' : 'off')) });
  const ports = remembering(spec);
  const trial = remembering(driver.trialSpec(spec));
  const deploy = (of: DeploymentRecord): void => void (wanted = { ...of, updatedAt: new Date(Date.now() + (count += 1)).toISOString() });
  return {
    spec,
    ports,
    deploy,
    step: () => driver.drive(spec, ports),
    async settle(of?: DeploymentRecord): Promise<Driven> {
      if (of !== undefined) deploy(of);
      for (;;) {
        const driven = await driver.driveTarget(spec, ports, trial);
        if (driven.settled) return driven;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async ask(TargetVariant?: string, EndpointName = spec.endpointName): Promise<string> {
      const { Body } = await runtime.send(new InvokeEndpointCommand({ EndpointName, Body: Buffer.from(''), ...(TargetVariant === undefined ? {} : { TargetVariant }) }));
      return Buffer.from(Body).toString();
    },
    async left(): Promise<readonly number[]> {
      const { EndpointConfigs = [] } = await sagemaker.send(new ListEndpointConfigsCommand({ NameContains: `${spec.endpointName}-` }));
      const { Models = [] } = await sagemaker.send(new ListModelsCommand({ NameContains: `${spec.endpointName}-` }));
      return [EndpointConfigs.length, Models.length];
    },
  };
}

const canary = { kind: 'canary', percent: 50, waitSeconds: 300, bakeSeconds: 60, timeoutSeconds: 1800 } as const;

describe('the driver', () => {
  it('makes the endpoint, brings a canary up, gives it its share, makes it stable, and leaves nothing old behind', async () => {
    const endpoint = target();
    const [one, two] = models as [ServedModel, ServedModel];
    expect(await endpoint.step()).toMatchObject({ settled: true, status: 'APPLIED', reason: expect.stringContaining('Nothing was deployed') });
    expect(await endpoint.settle(record(one))).toEqual({ settled: true, status: 'APPLIED' });
    expect(await endpoint.ask()).toBe('1');

    await endpoint.settle(record(one, { model: two, weight: 0 }));
    expect(await Promise.all(Array.from({ length: 20 }, () => endpoint.ask()))).toEqual(Array.from({ length: 20 }, () => '1'));
    expect(await endpoint.ask('canary')).toBe('2');

    await endpoint.settle(record(one, { model: two, weight: 0.5 }));
    expect(new Set(await Promise.all(Array.from({ length: 60 }, () => endpoint.ask())))).toEqual(new Set(['1', '2']));

    await endpoint.settle(record(two));
    expect(await endpoint.ask()).toBe('2');
    expect(await endpoint.left()).toEqual([1, 1]);
    expect(scaled.at(-1)).toBe('on');
  });

  it('sees a silent rollback after an alarm, does not send the update again, and goes back with the record', async () => {
    const endpoint = target({ update: canary, alarms: ['errors'] });
    const [one, two] = models as [ServedModel, ServedModel];
    await endpoint.settle(record(one));
    alarm = 'ALARM';
    const failed = await endpoint.settle(record(two));
    expect(failed).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/alarms were triggered.*: errors\. SageMaker turned the update to e\d+-[0-9a-f]{12} back/) });
    expect(await endpoint.settle()).toEqual(failed);
    expect(await endpoint.settle(record(one))).toMatchObject({ status: 'APPLIED' });
    expect(await endpoint.ask()).toBe('1');
    alarm = 'OK';
    expect(await endpoint.settle(record(two))).toMatchObject({ status: 'APPLIED' });
    expect(await endpoint.ask()).toBe('2');
  });

  it('tells that a model does not come up, keeps the old one serving, and makes an endpoint anew whose first model failed', async () => {
    const [one, two] = models as [ServedModel, ServedModel];
    const endpoint = target({ environment: { BROKEN: '2' } });
    await endpoint.settle(record(one));
    expect(await endpoint.settle(record(two))).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('did not pass the ping health check') });
    expect(await endpoint.ask()).toBe('1');

    count += 1;
    const first = target({ environment: { BROKEN: '1' } });
    expect(await first.settle(record(one))).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('is Failed') });
    expect(await first.settle()).toMatchObject({ status: 'FAILED' });
    expect(await first.settle(record(two))).toMatchObject({ status: 'APPLIED' });
    expect(await first.ask()).toBe('2');
  });

  it('sends nothing while an update hangs', async () => {
    const [one, two, three] = models as [ServedModel, ServedModel, ServedModel];
    const endpoint = target({ environment: { BROKEN: 'hang2' }, stable: { instances: { type: 'ml.m7g.large', count: 1 }, startupSeconds: 2 } });
    await endpoint.settle(record(one));
    endpoint.deploy(record(two));
    await endpoint.step();
    const sent = () => bench.events.filter((event) => event.type === 'call' && event.operation === 'UpdateEndpoint').length;
    const before = sent();
    for (const of of [record(two), record(one), record(three)]) {
      endpoint.deploy(of);
      expect(await endpoint.step()).toMatchObject({ settled: false, status: 'APPLYING', reason: expect.stringContaining('Updating') });
    }
    expect(sent()).toBe(before);
    await expect(driver.stop(endpoint.ports)).rejects.toMatchObject({ name: 'EndpointBusy' });
    expect(await endpoint.settle(record(three))).toMatchObject({ status: 'APPLIED' });
    expect(await endpoint.ask()).toBe('3');
  });

  it('tries a version of a serverless target out on an endpoint of its own, which goes when the trial is over', async () => {
    const serverless = { serverless: { memorySizeMb: 1024, maxConcurrency: 2 } };
    const endpoint = target({ stable: serverless, canary: serverless, isolated: false });
    const [one, two] = models as [ServedModel, ServedModel];
    const trial = `${endpoint.spec.endpointName}-canary`;
    await endpoint.settle(record(one));
    expect(await endpoint.settle(record(one, { model: two, weight: 0 }))).toEqual({ settled: true, status: 'APPLIED' });
    expect([await endpoint.ask(), await endpoint.ask(undefined, trial)]).toEqual(['1', '2']);
    expect(await endpoint.settle(record(one, { model: two, weight: 0.1 }))).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('all at once') });
    expect(await endpoint.settle(record(two))).toEqual({ settled: true, status: 'APPLIED' });
    expect(await endpoint.ask()).toBe('2');
    await expect(endpoint.ask(undefined, trial)).rejects.toThrow('not found');
    expect(await endpoint.left()).toEqual([1, 1]);
  });

  it('refuses files that are not those that were registered', async () => {
    const endpoint = target();
    endpoint.deploy(record(served(1, 'a'.repeat(64))));
    await expect(endpoint.step()).rejects.toMatchObject({ name: 'ArtifactMismatch' });
    expect(await endpoint.left()).toEqual([0, 0]);
  });

  it('stops the endpoint and starts it from its record', async () => {
    const endpoint = target();
    const [one, two] = models as [ServedModel, ServedModel];
    await endpoint.settle(record(one, { model: two, weight: 0.25 }));
    expect(await driver.stop(endpoint.ports)).toEqual({ settled: true, status: 'STOPPED' });
    expect(scaled.at(-1)).toBe('off');
    await expect.poll(() => endpoint.ports.observe()).toBeUndefined();
    expect(await driver.stop(endpoint.ports)).toEqual({ settled: true, status: 'STOPPED' });
    await endpoint.settle();
    expect((await endpoint.ports.observe())?.weights).toEqual({ stable: 0.75, canary: 0.25 });
  });
});
