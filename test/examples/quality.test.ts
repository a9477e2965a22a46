import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { flightsFile, sampleRows } from '../../bin/cli/demo-data.ts';
import { carConsumption } from '../../examples/cars/cars.ts';
import { flightDelays } from '../../examples/flight-delays/flight-delays.ts';
import { penguinSpecies } from '../../examples/penguins/penguins.ts';
import { readMatrix } from '../../model/data/matrix.ts';
import { prepareDataset } from '../../model/data/prepare.ts';
import type { PrepareOptions } from '../../model/data/prepare.ts';
import { readRawColumns } from '../../model/data/raw-columns.ts';
import type { FittedFeature } from '../../model/features/fitted.ts';
import type { LabelledMatrix } from '../../model/matrix.ts';
import { encodeRows } from '../../model/onnx/feature-values.ts';
import { columnarGraphInputs } from '../../model/serving/inputs.ts';
import { servingSchema } from '../../model/serving/schema.ts';
import { exampleCsv } from '../../scripts/example-data/csv.ts';
import { testApp } from '../lib/support.ts';
import { allowed, besideXGBoost } from '../model/trainer/beside.ts';
import { describeWithOracle } from '../support/oracle.ts';
import { machineOf, payloadOf } from './support.ts';

const copy = { env: { region: 'us-east-1' }, stage: 'dev' };
const modules = path.join(import.meta.dirname, '../../node_modules');
const memoryMb = 300;

const csv = (name: string) => (folder: string) => {
  const file = path.join(folder, `${name}.csv`);
  writeFileSync(file, exampleCsv(name));
  return Promise.resolve(file);
};

describeWithOracle('xgboost', 'the examples beside XGBoost, with their own features, split and hyperparameters', () => {
  it.each([
    { name: 'flight-delays', make: flightDelays, data: (folder: string) => sampleRows(flightsFile(modules), 60_000, folder), metrics: 'auc', heldOut: 5000 },
    { name: 'penguins', make: penguinSpecies, data: csv('penguins'), metrics: 'mlogloss,merror', heldOut: 50 },
    { name: 'cars', make: carConsumption, data: csv('cars'), metrics: 'mae,rmse', heldOut: 70 },
  ])('$name', async ({ name, make, data, metrics, heldOut }) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'slipway-quality-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const machine = machineOf(make(testApp(), { ...copy, name }));
    const { train, test, classes } = await prepared(folder, await data(folder), payloadOf(machine, 'PrepareData') as unknown as PrepareOptions);
    const { num_class: _asked, ...declared } = (machine.States['TrainModel']!.Arguments as { HyperParameters: Record<string, string> }).HyperParameters;
    const found = await besideXGBoost(train, test, { ...declared, ...(classes === 0 ? {} : { num_class: String(classes) }), tree_method: 'hist', eval_metric: metrics });
    const figures = found.map(({ metric, own, xgboost }) => `${metric} ${own.toFixed(5)} (XGBoost ${xgboost.toFixed(5)})`);
    console.info(`${name}, ${String(test.rows)} held-out rows of ${String(train.rows + test.rows)}: the trainer ${figures.join(', ')}`);
    expect(test.rows).toBeGreaterThan(heldOut);
    expect(found).toHaveLength(metrics.split(',').length);
    for (const one of found) expect(Math.abs(one.own - one.xgboost), JSON.stringify(one)).toBeLessThanOrEqual(allowed(one));
  });
});

/** What PrepareData makes of the file: the training split, and the test split through the serving features. */
async function prepared(folder: string, file: string, { schema, features, split }: PrepareOptions): Promise<{ train: LabelledMatrix; test: LabelledMatrix; classes: number }> {
  const outDir = path.join(folder, 'prepared');
  mkdirSync(outDir);
  const { fitted, classes = [] } = await prepareDataset({ file, schema, features, split, outDir, memoryMb });
  const raw = await readRawColumns(path.join(outDir, 'test', 'data.parquet'), schema, { memoryMb });
  const inputs = columnarGraphInputs((column) => raw.columns[column]!, fitted as FittedFeature[], servingSchema(schema));
  return { train: await readMatrix(path.join(outDir, 'train'), { memoryMb }), test: { ...encodeRows(fitted, { rows: raw.rows, inputs }), label: raw.label }, classes: classes.length };
}
