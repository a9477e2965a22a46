import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ListFeatureGroupsCommand, ListModelPackagesCommand, ListTrainingJobsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { GetRecordCommand, SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { DescribeExecutionCommand, GetExecutionHistoryCommand, ListExecutionsCommand, RedriveExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findApplication, type Application } from '../../bin/cli/application.ts';
import { type Connection, writeLaptopFile } from '../../bin/cli/connection.ts';
import { postSigned } from '../../bin/cli/http.ts';
import { parseS3Uri } from '../../bin/cli/s3-uri.ts';
import type { RunResult } from '../../bin/cli/result.ts';
import { Terminal } from '../../bin/cli/terminal.ts';
import { runToEnd, type FinishedRun } from '../../bin/commands/run.ts';
import type { Laptop } from '../../local/index.ts';
import { slipway } from '../bin/support.ts';
import { guideCommands } from '../docs/guide-commands.ts';
import { writeParquet } from '../model/data/files.ts';
import { expectAnswersOfEvaluation } from './held-out.ts';
import { editedAssembly, smallFlights, startApp, synthesiseApp, withThreshold } from './pipeline-app.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'pipeline-'));
const quiet = new Terminal({ json: true, stream: new PassThrough().resume() });
let synthesised: string;
let flights: string;

beforeAll(async () => {
  synthesised = synthesiseApp(directory, { featureGroup: 'true' });
  flights = await smallFlights(directory);
}, 120_000);

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** A laptop with its clients. */
class Running {
  readonly laptop: Laptop;
  readonly connection: Connection;
  readonly application: Application;
  readonly state: string;

  private constructor(laptop: Laptop, connection: Connection, application: Application, state: string) {
    this.laptop = laptop;
    this.connection = connection;
    this.application = application;
    this.state = state;
  }

  static async start(assembly: string, state: string): Promise<Running> {
    const laptop = await startApp(assembly, state);
    const connection = { awsEndpoint: laptop.awsEndpoint, credentials: laptop.credentials, region: 'us-east-1' };
    await writeLaptopFile(state, { ...connection, apis: {}, pid: process.pid });
    return new Running(laptop, connection, await findApplication(connection), state);
  }

  get config() {
    return { endpoint: this.laptop.awsEndpoint, credentials: this.laptop.credentials, region: 'us-east-1' };
  }

  run(file: string): Promise<FinishedRun> {
    return runToEnd(this.connection, this.application, file, quiet);
  }

  async get(route: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.application.apiUrl}${route}`);
    return { status: response.status, body: await response.json() };
  }

  /** A command of a guide, on this laptop. */
  command(words: readonly string[], file: string): string[] {
    return [...words.map((word) => (word === 'flights.parquet' ? file : word)), '--state', this.state];
  }

  async read(uri: string): Promise<string> {
    const { bucket, key } = parseS3Uri(uri);
    const s3 = new S3Client({ ...this.config, forcePathStyle: true });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const text = (await Body?.transformToString()) ?? '';
    s3.destroy();
    return text;
  }

  notifications(): string {
    return readFileSync(path.join(this.state, 'notifications.jsonl'), 'utf8');
  }
}

describe('the pipeline of the template as it is', () => {
  let app: Running;
  let first: FinishedRun;

  beforeAll(async () => {
    // So few flights teach little: the gate alone is lowered.
    const assembly = editedAssembly(synthesised, path.join(directory, 'lenient'), (template) => withThreshold(template, 0.52));
    app = await Running.start(assembly, path.join(directory, 'lenient-state'));
    expect((await app.get('/health')).status).toBe(503);
    first = await app.run(flights);
  }, 90_000);

  afterAll(async () => {
    await app.laptop.close();
  });

  it('trains, gates, registers, deploys and serves', async () => {
    expect(first.result).toMatchObject({ status: 'SUCCEEDED', rows: 12_000, modelVersion: '1', gates: [{ metric: 'auc', threshold: 0.52, passed: true }] });
    expect(first.result.trainer).toMatch(/slipway/);
    const row = { date: '2001-03-07T14:05:00', distance: 679, origin: 'SFO', destination: 'SEA' };
    const answer = await postSigned(app.connection, `${app.application.apiUrl}/predict`, { input: row });
    expect(answer).toMatchObject({ status: 200, body: { modelVersion: '1' } });
    expect(await app.get('/model/info')).toMatchObject({ status: 200 });
    expect(await app.get('/health')).toEqual({ status: 200, body: { status: 'healthy' } });
    expect(app.notifications()).toContain('version 1 is served');
  });

  it('answers for every held-out row what its evaluation had', async () => {
    await expectAnswersOfEvaluation(app, first, path.join(directory, 'held-out'));
  });

  it('writes a report that a browser opens by itself', async () => {
    const { bucket, key } = parseS3Uri(first.result.report ?? '');
    const s3 = new S3Client({ ...app.config, forcePathStyle: true });
    const report = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    expect(report.ContentType).toMatch(/^text\/html/);
    const html = (await report.Body?.transformToString()) ?? '';
    expect(html).toMatch(/<!doctype html>/i);
    expect(html).not.toMatch(/(src|href)="https?:/);
    s3.destroy();
  });

  it('keeps the newest flight of each airport in the feature store, online and offline', async () => {
    const [sagemaker, runtime, s3] = [new SageMakerClient(app.config), new SageMakerFeatureStoreRuntimeClient(app.config), new S3Client({ ...app.config, forcePathStyle: true })];
    const { FeatureGroupSummaries: [group] = [] } = await sagemaker.send(new ListFeatureGroupsCommand({}));
    const { Record: record = [] } = await runtime.send(new GetRecordCommand({ FeatureGroupName: group?.FeatureGroupName, RecordIdentifierValueAsString: 'ORD' }));
    expect(record.map(({ FeatureName }) => FeatureName)).toEqual(['origin', 'date', 'distance', 'destination']);
    expect(record[1]?.ValueAsString).toMatch(/^2001-0\d-\d\dT\d\d:\d\d:00\.000Z$/);
    const states = first.result.states.map(({ name }) => name);
    expect(states.indexOf('UpdateFeatureStore')).toBeLessThan(states.indexOf('UpdateBaseline'));
    await vi.waitFor(async () => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: app.application.artifactBucket, Prefix: 'features/flight-delays/' }));
      expect(Contents[0]?.Key).toMatch(/\/offline-store\/.*\/data\/year=2001\/month=\d\d\/day=\d\d\/hour=\d\d\/.*\.parquet$/);
    }, 5000);
    for (const client of [sagemaker, runtime, s3]) client.destroy();
  });

  it('starts one run for the same event, however often it comes', async () => {
    const sfn = new SFNClient(app.config);
    const count = async (): Promise<number> => (await sfn.send(new ListExecutionsCommand({ stateMachineArn: app.application.stateMachineArn }))).executions?.length ?? 0;
    expect(await count()).toBe(1); // the upload's own event and the start by hand were one run
    const events = new EventBridgeClient(app.config);
    const detail = JSON.stringify({ bucket: { name: app.application.dataBucket }, object: { key: first.data.key, 'version-id': first.data.versionId, size: first.data.bytes }, reason: 'PutObject' });
    const event = { Source: 'aws.s3', DetailType: 'Object Created', Detail: detail };
    await events.send(new PutEventsCommand({ Entries: [event, event] }));
    expect(await count()).toBe(1);
  });

  it('registers version 2 in a second run, and serves it', async () => {
    // As the guide says it.
    const [run = [], compare = []] = guideCommands('read-the-report');
    const second = await slipway(...app.command(run, flights), '--json');
    expect(JSON.parse(second.stdout)).toMatchObject({ status: 'SUCCEEDED', modelVersion: '2' });
    expect(await app.get('/model/info')).toMatchObject({ body: { modelVersion: '2' } });
    // Its run found version 1 served, and compared the two on its own held-out rows.
    const { stdout } = await slipway(...app.command(compare, flights));
    expect(stdout).toMatch(/On the same [\d,]+ held-out rows, version 2 less version 1\n +auc .* interval .* DeLong p/);
    expect(stdout).toContain('Both were trained on the same file with the same split');
  }, 60_000);

  it('learns from a folder of files as one dataset, and compares it with the data of the version that is served', async () => {
    const folder = path.join(directory, 'märz + 2001');
    mkdirSync(path.join(folder, 'b'), { recursive: true });
    await writeParquet(path.join(folder, 'part 0+ü.parquet'), `FROM '${flights}' LIMIT 7000`);
    // Later data is distributed otherwise: these are the shorter half.
    await writeParquet(path.join(folder, 'b/part-1.parquet'), `FROM '${flights}' WHERE distance < 600 LIMIT 5000 OFFSET 100`);
    writeFileSync(path.join(folder, '_SUCCESS'), '');
    const third = await app.run(folder);
    expect(third.result).toMatchObject({ status: 'SUCCEEDED', modelVersion: '3' });
    expect(third.data.key).toMatch(/^raw\/flight-delays\/märz \+ 2001-.*\/$/);
    expect(await app.get('/model/info')).toMatchObject({ body: { modelVersion: '3' } });
    const sfn = new SFNClient(app.config);
    expect((await sfn.send(new ListExecutionsCommand({ stateMachineArn: app.application.stateMachineArn }))).executions).toHaveLength(3); // no part started a run of its own
    const manifest = JSON.parse(await app.read(`s3://${app.application.artifactBucket}/reports/flight-delays/${third.run.name}/dataset.json`)) as { files: { key: string; versionId: string }[] };
    expect(manifest.files.map(({ key }) => key.slice(third.data.key.length))).toEqual(['b/part-1.parquet', 'part 0+ü.parquet']);
    expect(manifest.files.every(({ versionId }) => versionId.length > 10)).toBe(true);
    const lineage = JSON.parse(await app.read(`s3://${app.application.artifactBucket}/reports/flight-delays/${third.run.name}/lineage.json`)) as { data: { manifest: { uri: string }; objects: { uri: string; versionId: string }[] } };
    expect(lineage.data.manifest.uri).toBe(`s3://${app.application.artifactBucket}/reports/flight-delays/${third.run.name}/dataset.json`);
    expect(lineage.data.objects.map(({ versionId }) => versionId)).toEqual(manifest.files.map(({ versionId }) => versionId));
    // Compared with the data of version 2.
    const violations = await app.read(`s3://${app.application.artifactBucket}/reports/flight-delays/${third.run.name}/constraint_violations.json`);
    expect(violations).toMatch(/"feature_name": "distance",\s+"constraint_check_type": "baseline_drift_check"/);
    expect(await app.read(third.result.report ?? '')).toContain('the distribution is another than the baseline');
  }, 60_000);

  it('refuses a truncated file with its reason, and trains nothing', async () => {
    const truncated = path.join(directory, 'truncated.parquet');
    cpSync(flights, truncated);
    truncateSync(truncated, 20_000);
    const { result } = await app.run(truncated);
    expect(result).toMatchObject({ status: 'FAILED', error: 'DataRejected' });
    expect(result.states.map((state) => state.name)).toEqual(['ValidateData', 'NotifyFailure']);
    expect(app.notifications()).toContain('truncated');
    const quarantine = `s3://${app.application.dataBucket}/quarantine/flight-delays/${result.executionArn.split(':').at(-1)!}/`;
    expect(app.notifications()).toContain(quarantine);
    expect(JSON.parse(await app.read(`${quarantine}reasons.json`))).toMatchObject({ files: [{ key: 'raw/flight-delays/truncated.parquet', bytes: 20_000 }], reasons: [expect.stringContaining('truncated')] });
    expect(await app.read(`${quarantine}data/truncated.parquet`)).toHaveLength(readFileSync(truncated, 'utf8').length);
    const sagemaker = new SageMakerClient(app.config);
    expect((await sagemaker.send(new ListTrainingJobsCommand({}))).TrainingJobSummaries).toHaveLength(3);
  }, 60_000);

  it('serves the same version after code was deployed over the kept state', async () => {
    const { modelPackageGroup } = app.application;
    await app.laptop.close();
    const assembly = editedAssembly(path.join(directory, 'lenient'), path.join(directory, 'new-code'), (template) => template);
    expect(changeHandlers(assembly)).toBeGreaterThan(5);
    app = await Running.start(assembly, app.state);
    expect(await app.get('/model/info')).toMatchObject({ status: 200, body: { modelVersion: '3' } });
    // The group's name holds a part of the stack's id: it has to be the same after each start.
    expect(app.application.modelPackageGroup).toBe(modelPackageGroup);
    const { ModelPackageSummaryList: packages } = await new SageMakerClient(app.config).send(new ListModelPackagesCommand({ ModelPackageGroupName: modelPackageGroup }));
    expect(packages?.map(({ ModelPackageVersion }) => ModelPackageVersion).sort()).toEqual([1, 2, 3]);
    expect(readFileSync(path.join(directory, 'the-new-code-ran'), 'utf8')).toContain('here');
  });
});

describe('a template that was changed', () => {
  it('runs as changed: its threshold, its state and its environment', async () => {
    const assembly = editedAssembly(synthesised, path.join(directory, 'strict'), (template) =>
      withThreshold(template, 0.99)
        .replaceAll('PrepareData', 'CookData')
        .replaceAll('"PIPELINE_NAME": "flight-delays"', '"PIPELINE_NAME": "renamed"'),
    );
    const app = await Running.start(assembly, path.join(directory, 'strict-state'));
    try {
      // As the guide says it; the laptop that its first command starts is up.
      const [, run = []] = guideCommands('choose-gates');
      const { stdout, exitCode } = await slipway(...app.command(run, flights), '--json');
      expect(exitCode).toBe(1);
      const result = JSON.parse(stdout) as RunResult;
      expect(result).toMatchObject({ status: 'FAILED', error: 'GateNotMet' });
      expect(result.states.map((state) => state.name)).toContain('CookData');
      expect(result.report).toContain('/reports/renamed/');
      const auc = result.gates?.[0]?.value ?? Number.NaN;
      expect(result.cause).toMatch(new RegExp(`^auc ${String(Number(auc.toFixed(4)))} is not above 0\\.99: ${String(Number((0.99 - auc).toFixed(4)))} short \\([\\d.]+ standard deviations\\)$`));
      expect(app.notifications()).toContain(`auc ${String(Number(auc.toFixed(4)))} is not above 0.99`);
      const sagemaker = new SageMakerClient(app.config);
      const { ModelPackageSummaryList: packages } = await sagemaker.send(new ListModelPackagesCommand({ ModelPackageGroupName: app.application.modelPackageGroup }));
      expect(packages).toEqual([]);
      expect((await app.get('/health')).status).toBe(503);

      // Redriven, it goes on at the gate, which says no again; that is told again.
      const sfn = new SFNClient(app.config);
      const { executionArn } = result;
      await sfn.send(new RedriveExecutionCommand({ executionArn }));
      await vi.waitFor(async () => {
        expect(await sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({ status: 'FAILED', error: 'GateNotMet', redriveCount: 1 });
      }, { timeout: 20_000, interval: 50 });
      const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
      const entered = events.flatMap(({ stateEnteredEventDetails: entry }) => entry?.name ?? []);
      expect(entered.slice(entered.indexOf('NotifyFailure') + 1)).toEqual(['ResumeAfterRedrive', 'CheckPerformance', 'NotifyFailure']);
      expect(app.notifications().trim().split('\n')).toHaveLength(2);
    } finally {
      await app.laptop.close();
    }
  }, 90_000);
});

/** Gives every handler new code, a line that leaves word that it ran, under a new asset hash as a synthesis would. */
function changeHandlers(assembly: string): number {
  const assets = readdirSync(assembly).filter((name) => name.startsWith('asset.')).map((name) => name.slice('asset.'.length));
  const word = JSON.stringify(path.join(directory, 'the-new-code-ran'));
  const renamed = new Map(assets.map((hash) => [hash, createHash('sha256').update(hash).digest('hex')]));
  for (const [hash, other] of renamed) {
    const asset = path.join(assembly, `asset.${other}`);
    renameSync(path.join(assembly, `asset.${hash}`), asset);
    appendFileSync(path.join(asset, 'index.mjs'), `\nimport('node:fs').then((fs) => { fs.appendFileSync(${word}, 'here'); });\n`);
  }
  for (const file of readdirSync(assembly).filter((name) => name.endsWith('.json'))) {
    const text = readFileSync(path.join(assembly, file), 'utf8');
    writeFileSync(path.join(assembly, file), text.replaceAll(/[0-9a-f]{64}/g, (hash) => renamed.get(hash) ?? hash));
  }
  return renamed.size;
}
