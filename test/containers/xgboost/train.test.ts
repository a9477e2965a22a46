import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { auc } from '../../../model/metrics/auc.ts';
import type { LabelledMatrix } from '../../../model/matrix.ts';
import { train, trainerName } from '../../../model/trainer/train.ts';
import { predict } from '../../../model/xgboost/predict.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { noisyRows, parameters } from '../../model/trainer/data.ts';
import { csvOf, jobFolder, runJob, writeChannel, writeParquetParts } from './job.ts';

const hyperparameters = { num_round: '12', max_depth: '4', eta: '0.3', objective: 'binary:logistic', base_score: '0.5' };
const csv = { ContentType: 'text/csv', TrainingInputMode: 'File' };
const parquet = { ContentType: 'application/x-parquet', TrainingInputMode: 'File' };
const [data, validation] = [noisyRows(1500, 40), noisyRows(800, 41)];

describe("the program that stands in for SageMaker's XGBoost image", () => {
  it('trains on CSV, prints the metric lines and writes the model', () => {
    const base = jobFolder({ hyperparameters: { ...hyperparameters, eval_metric: 'logloss,auc' }, inputs: { train: csv, validation: csv } });
    writeChannel(base, 'train', 'train.csv', csvOf(data));
    writeChannel(base, 'validation', 'validation.csv', csvOf(validation));
    const { status, stdout, stderr } = runJob(base);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.split('\n').filter((line) => /^\[\d+\]#011/.test(line));
    expect(lines).toHaveLength(12);
    expect(lines[0]).toMatch(/^\[0\]#011train-logloss:0\.\d{5}#011train-auc:0\.\d{5}#011validation-logloss:0\.\d{5}#011validation-auc:0\.\d{5}$/);
    // The regular expression that SageMaker itself registers for this algorithm.
    const found = /.*\[[0-9]+\].*#011validation-auc:(\S+)/.exec(lines.at(-1)!)![1];
    const booster = readBooster(readFileSync(path.join(base, 'model', 'xgboost-model')));
    expect(booster.trees).toHaveLength(12);
    expect(booster.featureNames).toEqual([]);
    expect(booster.attributes.trainer).toBe(trainerName);
    expect(auc(validation.label, predict(booster, validation)).toFixed(5)).toBe(found);
    expect(existsSync(path.join(base, 'output', 'failure'))).toBe(false);
  });

  it('reads many Parquet files of a channel as one, and gives the same model as from CSV', async () => {
    const fromCsv = jobFolder({ hyperparameters, inputs: { train: csv } });
    const file = writeChannel(fromCsv, 'train', 'train.csv', csvOf(data));
    const fromParquet = jobFolder({ hyperparameters, inputs: { train: parquet } });
    const folder = path.join(fromParquet, 'input', 'data', 'train');
    mkdirSync(folder, { recursive: true });
    await writeParquetParts(file, folder, ['label', ...data.names], 400);
    expect([runJob(fromCsv).status, runJob(fromParquet).status]).toEqual([0, 0]);
    const model = (base: string): Buffer => readFileSync(path.join(base, 'model', 'xgboost-model'));
    expect(model(fromParquet).equals(model(fromCsv))).toBe(true);
  });

  it('takes weights from the second column of CSV where it is told so, and with a warning from no Parquet', async () => {
    const weight = Float32Array.from({ length: data.rows }, (_, row) => (row % 4) / 2);
    const withWeights = (rows: LabelledMatrix): string => csvOf({ ...rows, columns: [weight.slice(0, rows.rows), ...rows.columns] });
    const base = jobFolder({ hyperparameters: { ...hyperparameters, csv_weights: '1' }, inputs: { train: csv, validation: csv } });
    const file = writeChannel(base, 'train', 'train.csv', withWeights(data));
    writeChannel(base, 'validation', 'validation.csv', withWeights(validation));
    const { status, stdout } = runJob(base);
    expect({ status, warns: stdout.includes('WARNING') }).toEqual({ status: 0, warns: false });
    const booster = (of: string) => readBooster(readFileSync(path.join(of, 'model', 'xgboost-model')));
    const parsed = parameters({ ...hyperparameters });
    expect(booster(base).trees).toEqual((await train({ train: { ...data, weight }, parameters: parsed })).trees);
    expect(booster(base).trees).not.toEqual((await train({ train: data, parameters: parsed })).trees);

    const fromParquet = jobFolder({ hyperparameters: { ...hyperparameters, csv_weights: '1' }, inputs: { train: parquet } });
    mkdirSync(path.join(fromParquet, 'input', 'data', 'train'), { recursive: true });
    await writeParquetParts(file, path.join(fromParquet, 'input', 'data', 'train'), ['label', 'weight', ...data.names], 2000);
    expect(runJob(fromParquet).stdout).toContain("WARNING: Hyperparameter 'csv_weights' has no effect on Parquet");
    expect(booster(fromParquet).numFeatures).toBe(5);
  });

  it('keeps the trees up to the best round after early stopping', () => {
    const base = jobFolder({ hyperparameters: { ...hyperparameters, num_round: '300', eta: '0.9', early_stopping_rounds: '4', eval_metric: 'logloss' }, inputs: { train: csv, validation: csv } });
    writeChannel(base, 'train', 'a.csv', csvOf(data));
    writeChannel(base, 'validation', 'b.csv', csvOf(validation));
    const { status, stdout } = runJob(base);
    expect(status).toBe(0);
    const rounds = stdout.split('\n').filter((line) => line.includes('#011')).length;
    const booster = readBooster(readFileSync(path.join(base, 'model', 'xgboost-model')));
    expect(booster.trees).toHaveLength(rounds - 4);
    expect(booster.attributes.best_iteration).toBe(String(rounds - 5));
    expect(stdout).toContain('Early stopping: the best round is');
  });
});

describe('early stopping that the image would ignore', () => {
  it.each([
    { title: 'without eval_metric', extra: {}, inputs: { train: csv, validation: csv }, warning: "without 'eval_metric'" },
    { title: 'without a validation channel', extra: { eval_metric: 'logloss' }, inputs: { train: csv }, warning: "without a channel 'validation'" },
  ])('is ignored here as well, with a warning: $title', ({ extra, inputs, warning }) => {
    const base = jobFolder({ hyperparameters: { ...hyperparameters, num_round: '15', eta: '1', early_stopping_rounds: '1', ...extra }, inputs });
    writeChannel(base, 'train', 'a.csv', csvOf(data));
    writeChannel(base, 'validation', 'b.csv', csvOf(validation));
    const { status, stdout } = runJob(base);
    expect(status).toBe(0);
    expect(stdout).toContain(warning);
    expect(readBooster(readFileSync(path.join(base, 'model', 'xgboost-model'))).trees).toHaveLength(15);
  });
});

describe('a job that cannot be trained', () => {
  it.each([
    { title: 'wrong hyperparameters', hyperparameters: { ...hyperparameters, eta: '2', num_round: '0' }, inputs: { train: csv }, reason: /'num_round' is "0"[^]*'eta' is "2"/ },
    { title: 'hyperparameters of the image alone', hyperparameters: { ...hyperparameters, booster: 'dart' }, inputs: { train: csv }, reason: /'booster' is "dart"[^]*the laptop's trainer does not implement it/ },
    { title: 'a number as hyperparameter', hyperparameters: { num_round: 12 }, inputs: { train: csv }, reason: /'num_round' is 12, expected a string/ },
    { title: 'no train channel', hyperparameters, inputs: { validation: csv }, reason: /channels validation, expected 'train'/ },
    { title: 'an unknown channel', hyperparameters, inputs: { train: csv, test: csv }, reason: /a channel 'test'/ },
    { title: 'libsvm', hyperparameters, inputs: { train: {} }, reason: /Channel 'train' has the content type \(none, which means text\/libsvm\)/ },
    { title: 'pipe mode', hyperparameters, inputs: { train: { ...csv, TrainingInputMode: 'Pipe' } }, reason: /input mode "Pipe", expected File/ },
    { title: 'two instances', hyperparameters, inputs: { train: csv }, resources: { hosts: ['algo-1', 'algo-2'] }, reason: /2 instances, expected 1/ },
    { title: 'no resource configuration', hyperparameters, inputs: { train: csv }, remove: 'input/config/resourceconfig.json', reason: /resourceconfig\.json cannot be read/ },
  ])('says why: $title', ({ title: _title, reason, remove, ...files }) => {
    const base = jobFolder(files);
    writeChannel(base, 'train', 'train.csv', '1,2\n0,3\n');
    if (remove !== undefined) rmSync(path.join(base, remove));
    const { status } = runJob(base);
    expect(status).toBe(1);
    expect(readFileSync(path.join(base, 'output', 'failure'), 'utf8')).toMatch(reason);
    expect(existsSync(path.join(base, 'model', 'xgboost-model'))).toBe(false);
  });

  it('says why: no data', () => {
    const base = jobFolder({ hyperparameters, inputs: { train: csv } });
    mkdirSync(path.join(base, 'input', 'data', 'train'), { recursive: true });
    expect(runJob(base).status).toBe(1);
    expect(readFileSync(path.join(base, 'output', 'failure'), 'utf8')).toContain('holds no data file');
  });
});
