import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeHyperParameterTuningJobCommand, DescribeModelPackageCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { DescribeHyperParameterTuningJobCommandOutput } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findApplication } from '../../bin/cli/application.ts';
import { Terminal } from '../../bin/cli/terminal.ts';
import { runToEnd, type FinishedRun } from '../../bin/commands/run.ts';
import type { Laptop } from '../../local/index.ts';
import type { TrialTable } from '../../model/report/trial.ts';
import { exampleCsv } from '../../scripts/example-data/csv.ts';
import { startApp, synthesiseApp } from './pipeline-app.ts';

/** The penguins with their hyperparameters searched, as `slipway up -c example=penguins -c tuning=true` runs them. */
describe('penguins with a tuning', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'tuning-'));
  const trials = 20;
  let laptop: Laptop;
  let s3: S3Client;
  let run: FinishedRun;
  let shown: string;
  let tuning: DescribeHyperParameterTuningJobCommandOutput;
  let properties: Record<string, string>;
  let table: TrialTable;
  let page: string;

  beforeAll(async () => {
    laptop = await startApp(synthesiseApp(directory, { example: 'penguins', tuning: 'true' }), path.join(directory, 'state'));
    const connection = { awsEndpoint: laptop.awsEndpoint, credentials: laptop.credentials, region: 'us-east-1' };
    const client = { endpoint: laptop.awsEndpoint, credentials: laptop.credentials, region: 'us-east-1' };
    s3 = new S3Client({ ...client, forcePathStyle: true });
    const file = path.join(directory, 'penguins.csv');
    writeFileSync(file, exampleCsv('penguins'));
    const stream = new PassThrough();
    run = await runToEnd(connection, await findApplication(connection), file, new Terminal({ json: false, stream }));
    shown = String(stream.read());
    if (run.result.status !== 'SUCCEEDED') throw new Error(shown);
    const sagemaker = new SageMakerClient(client);
    properties = (await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: run.result.modelPackageArn }))).CustomerMetadataProperties ?? {};
    tuning = await sagemaker.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: properties['tuningJobArn']?.split('/').at(-1) }));
    sagemaker.destroy();
    page = await written(run.result.report ?? '');
    table = JSON.parse(await written((run.result.report ?? '').replace('report.html', 'trials.json'))) as TrialTable;
  }, 120_000);

  afterAll(async () => {
    s3.destroy();
    await laptop.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function written(uri: string): Promise<string> {
    const { hostname: bucket, pathname } = new URL(uri);
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: decodeURIComponent(pathname.slice(1)) }));
    return (await body?.transformToString()) ?? '';
  }

  it('runs 20 training jobs, and deploys the best of them', () => {
    expect(tuning).toMatchObject({ HyperParameterTuningJobStatus: 'Completed', TrainingJobStatusCounters: { Completed: trials }, ObjectiveStatusCounters: { Succeeded: trials } });
    expect(table.trials).toHaveLength(trials);
    const best = table.trials.find(({ name }) => name === table.best);
    expect(best?.objective).toBe(Math.min(...table.trials.map(({ objective }) => objective ?? Infinity)));
    expect(tuning.BestTrainingJob?.TrainingJobName).toBe(table.best);
    expect(run.result).toMatchObject({ modelVersion: '1', gates: [{ metric: 'accuracy', passed: true }] });
  });

  it('registers the best with its own hyperparameters, and the tuning that found it', () => {
    const best = table.trials.find(({ name }) => name === table.best);
    expect(properties).toMatchObject({
      tuningTrials: String(trials),
      trainingJobArn: expect.stringContaining(table.best.toLowerCase()) as string,
      ...Object.fromEntries(Object.entries(best?.hyperparameters ?? {}).map(([name, value]) => [`hyperparameter.${name}`, value])),
      'hyperparameter.num_round': '40',
    });
  });

  it('shows the trials: in the terminal and, as plots and a table, in the report', () => {
    expect(shown).toMatch(/✓ TuneModel +[\d.]+ s +20 trials, best validation:mlogloss 0\.\d{4}\n/);
    expect(page).toContain('Which hyperparameters work?');
    for (const name of ['eta', 'max_depth', 'min_child_weight', 'subsample']) expect(page).toContain(`validation:mlogloss over ${name}`);
    expect(page).toContain(`title="${table.best}"`);
    expect(page).not.toMatch(/(src|href)="https?:/);
  });
});
