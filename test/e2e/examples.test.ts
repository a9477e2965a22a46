import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeModelPackageCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findApplication, type Application } from '../../bin/cli/application.ts';
import { writeLaptopFile, type Connection } from '../../bin/cli/connection.ts';
import { postSigned } from '../../bin/cli/http.ts';
import { Terminal } from '../../bin/cli/terminal.ts';
import { runToEnd, type FinishedRun } from '../../bin/commands/run.ts';
import type { Laptop } from '../../local/index.ts';
import { exampleCsv } from '../../scripts/example-data/csv.ts';
import { slipway } from '../bin/support.ts';
import { expectAnswersOfEvaluation } from './held-out.ts';
import { startApp, synthesiseApp } from './pipeline-app.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'examples-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** An example's app on a laptop, after one run on its data. */
interface Served {
  readonly laptop: Laptop;
  readonly connection: Connection;
  readonly application: Application;
  readonly run: FinishedRun;
  /** The folder in which the commands find the laptop. */
  readonly state: string;
  /** What the person at the terminal read. */
  readonly shown: string;
}

async function serve(example: string): Promise<Served> {
  const folder = path.join(directory, example);
  const state = path.join(folder, 'state');
  const laptop = await startApp(synthesiseApp(folder, { example, revision: '0123abc' }), state);
  const connection = { awsEndpoint: laptop.awsEndpoint, credentials: laptop.credentials, region: 'us-east-1' };
  await writeLaptopFile(state, { ...connection, apis: laptop.apis, pid: process.pid });
  const application = await findApplication(connection);
  const file = path.join(folder, `${example}.csv`);
  writeFileSync(file, exampleCsv(example));
  const stream = new PassThrough();
  const run = await runToEnd(connection, application, file, new Terminal({ json: false, stream }));
  const shown = String(stream.read());
  if (run.result.status !== 'SUCCEEDED') {
    await laptop.close();
    throw new Error(shown);
  }
  return { laptop, connection, application, run, state, shown };
}

/** What a run wrote, by its S3 address. */
async function written({ laptop, connection }: Served, uri: string): Promise<string> {
  const { hostname: bucket, pathname } = new URL(uri);
  const s3 = new S3Client({ endpoint: laptop.awsEndpoint, credentials: laptop.credentials, region: connection.region, forcePathStyle: true });
  try {
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: decodeURIComponent(pathname.slice(1)) }));
    return (await body?.transformToString()) ?? '';
  } finally {
    s3.destroy();
  }
}

/** What the registry knows of the run's model. */
async function properties({ laptop, connection, run }: Served): Promise<Record<string, string>> {
  const sagemaker = new SageMakerClient({ endpoint: laptop.awsEndpoint, credentials: laptop.credentials, region: connection.region });
  try {
    const model = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: run.result.modelPackageArn }));
    return model.CustomerMetadataProperties ?? {};
  } finally {
    sagemaker.destroy();
  }
}

const predict = async ({ connection, application }: Served, body: unknown, route = '/predict') => postSigned(connection, `${application.apiUrl}${route}`, body);

describe('penguins, a label of several classes', () => {
  let app: Served;
  beforeAll(async () => {
    app = await serve('penguins');
  }, 120_000);
  afterAll(() => app?.laptop.close());

  it('trains, passes its gate and is deployed', () => {
    expect(app.run.result).toMatchObject({ status: 'SUCCEEDED', task: 'multiclass', rows: 344, modelVersion: '1', gates: [{ metric: 'accuracy', threshold: 0.9, passed: true }] });
    expect(Object.keys(app.run.result.metrics ?? {})).toEqual(['accuracy', 'macro_precision', 'macro_recall', 'macro_f1', 'log_loss']);
    expect(app.shown).toMatch(/Metrics +accuracy (0\.9\d{3}|1\.0000) {2}macro_precision .* log_loss 0\.\d{4}\n/);
  });

  it('answers with the species by name, and how likely each is', async () => {
    const gentoo = { island: 'Biscoe', bill_length_mm: 49.6, bill_depth_mm: 16, flipper_length_mm: 225, body_mass_g: 5700, sex: 'MALE' };
    const chinstrap = { island: 'Dream', bill_length_mm: 51, bill_depth_mm: 18.8, flipper_length_mm: 203, body_mass_g: 4100, sex: 'MALE' };
    const { status, body } = await predict(app, { input: gentoo });
    expect({ status, body }).toMatchObject({ status: 200, body: { prediction: 'Gentoo', modelName: 'penguins', modelVersion: '1' } });
    const { probabilities } = body as { probabilities: Record<string, number> };
    expect(Object.keys(probabilities)).toEqual(['Adelie', 'Chinstrap', 'Gentoo']);
    expect(Object.values(probabilities).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(probabilities['Gentoo']).toBeGreaterThan(0.8);
    expect(await predict(app, { inputs: [gentoo, chinstrap, { island: 'Dream' }] }, '/predict/batch')).toMatchObject({
      status: 200,
      body: { predictions: [{ prediction: 'Gentoo', probabilities }, { prediction: 'Chinstrap' }, { prediction: expect.any(String) as string }] },
    });
    expect(await predict(app, { input: { ...gentoo, species: 'Gentoo' } })).toMatchObject({ status: 400, body: { error: { code: 'UnknownField' } } });
  });

  it('answers for every held-out row what its evaluation had', async () => {
    await expectAnswersOfEvaluation(app, app.run, path.join(directory, 'penguins-held-out'));
  });

  it('says what it is: in the registry, in its evaluation and in its report', async () => {
    expect(await properties(app)).toMatchObject({ task: 'multiclass', classes: '3', 'hyperparameter.num_class': '3', 'hyperparameter.objective': 'multi:softprob' });
    expect(JSON.parse(await written(app, (app.run.result.report ?? '').replace('report.html', 'evaluation.json')))).toHaveProperty('multiclass_classification_metrics.accuracy.value');
    const html = await written(app, app.run.result.report ?? '');
    for (const species of ['Adelie', 'Chinstrap', 'Gentoo']) expect(html).toContain(species);
    expect(html).not.toMatch(/(src|href)="https?:/);
  });

  it('is traced from what serves it back to its data', async () => {
    const { stdout, error } = await slipway('lineage', 'latest', '--state', app.state);
    expect(error).toBeUndefined();
    for (const line of [/penguins, version 1 /, /served by +staging since 20/, /approval +Approved/, /code +0123abc/, /features +island, bill_length_mm/, /data +344 rows/, /object +s3:\/\/.*raw\/penguins\/.*penguins.*\.csv/]) expect(stdout).toMatch(line);
    const traced = JSON.parse((await slipway('lineage', '1', '--json', '--state', app.state)).stdout) as { lineage: { split: { rows: Record<string, number> }; training: { image: string } }; card: { training_details: unknown } };
    expect(traced).toMatchObject({ version: 1, servedBy: [{ target: 'staging', as: 'stable' }], data: [{ exists: true, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }], card: { evaluation_details: [{ name: 'Held-out rows' }] } });
    expect(traced.lineage.training.image).toContain('sagemaker-xgboost:3.0-5');
    expect((await slipway('lineage', '2', '--state', app.state)).error).toMatch(/has no version 2: it has 1/);
  });
});

describe('cars, a label that is a number', () => {
  let app: Served;
  beforeAll(async () => {
    app = await serve('cars');
  }, 120_000);
  afterAll(() => app?.laptop.close());

  it('trains, passes its gate and is deployed', () => {
    expect(app.run.result).toMatchObject({ status: 'SUCCEEDED', task: 'regression', rows: 406, modelVersion: '1', gates: [{ metric: 'rmse', threshold: 4, passed: true }] });
    expect(Object.keys(app.run.result.metrics ?? {})).toEqual(['rmse', 'mae', 'mse', 'r2']);
    expect(app.shown).toMatch(/Metrics +rmse \d\.\d{4} {2}mae \d\.\d{4} {2}mse .* r2 0\.\d{4}\n/);
  });

  it('answers with a number', async () => {
    const thirsty = { name: 'a large one', cylinders: 8, displacement: 400, horsepower: 190, weight_lbs: 4400, acceleration: 10, model_year: 1971, origin: 'USA' };
    const thrifty = { cylinders: 4, displacement: 90, horsepower: 60, weight_lbs: 2000, acceleration: 18, model_year: 1981, origin: 'Japan' };
    const { status, body } = await predict(app, { input: thirsty });
    expect({ status, body }).toEqual({ status: 200, body: { prediction: expect.any(Number) as number, modelName: 'cars', modelVersion: '1', requestId: expect.any(String) as string } });
    expect((body as { prediction: number }).prediction).toBeLessThan(18);
    const { body: other } = await predict(app, { input: thrifty });
    expect((other as { prediction: number }).prediction).toBeGreaterThan(28);
  });

  it('answers for every held-out row what its evaluation had', async () => {
    await expectAnswersOfEvaluation(app, app.run, path.join(directory, 'cars-held-out'));
  });

  it('says what it is: in the registry, in its evaluation and in its report', async () => {
    expect(await properties(app)).toMatchObject({ task: 'regression', 'hyperparameter.objective': 'reg:squarederror' });
    expect(JSON.parse(await written(app, (app.run.result.report ?? '').replace('report.html', 'evaluation.json')))).toHaveProperty('regression_metrics.rmse.value');
    expect(await written(app, app.run.result.report ?? '')).toMatch(/<!doctype html>/i);
  });
});
