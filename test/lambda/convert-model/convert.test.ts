import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { convert } from '../../../lambda/convert-model/convert.ts';
import { OnnxModel } from '../../../model/onnx/session.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';

const names = ['f0', 'f1', 'f2', 'f3', 'f4'];
const features = names.map((name) => ({ name, column: name, transform: 'numeric' as const }));
const columns = [...names.map((name) => Column.number(name)), Column.string('species'), Column.number('price'), Column.boolean('kept')];
const rows = { rows: 2, columns: Object.fromEntries(names.map((name) => [name, Float64Array.of(0.5, Number.NaN)])), label: Float32Array.of(0, 1) };

/** Converts a model that XGBoost itself has trained. */
function convertFixture(fixture: string, label: Label, classes?: string[]) {
  const bytes = readFileSync(path.join(import.meta.dirname, '../../fixtures/xgboost', `${fixture}.ubj`));
  return convert({ name: 'm', source: { kind: 'booster', bytes }, features, schema: new Dataset({ columns, label }).toJSON(), classes, trainedAt: '2026-11-20T12:00:00Z', rows });
}

test.each([
  ['multi-softprob', Label.category('species'), ['Adelie', 'Chinstrap', 'Gentoo'], 'multiclass', 'probabilities', 3],
  ['regression', Label.number('price'), undefined, 'regression', 'prediction', 1],
  ['binary-complete', Label.binary('kept'), undefined, 'binary', 'probabilities', 2],
])('%s is converted for its task, with parity', async (fixture, label, classes, task, output, width) => {
  const { onnx, description, parity } = await convertFixture(fixture, label, classes);
  expect(description).toMatchObject({ task, graph: { outputs: [{ name: output, type: 'float' }] } });
  expect(description.classes).toEqual(classes);
  expect(Number.isInteger(description.rounds)).toBe(true);
  expect(parity.rows).toBeGreaterThan(rows.rows);
  const model = await OnnxModel.load(onnx);
  const inputs = Object.fromEntries(names.map((name) => [name, Float32Array.of(1)]));
  expect((await model.runAll(inputs, 1)).columns).toBe(width);
  await model.close();
});

test.each([
  ['one class too few', 'multi-softprob', Label.category('species'), ['Adelie', 'Gentoo'], '3 output(s) a row, expected 2 (Adelie, Gentoo)'],
  ['a model of another label', 'regression', Label.category('species'), ['Adelie', 'Gentoo'], '1 output(s) a row, expected 2'],
  ['classes for a number', 'multi-softprob', Label.number('price'), undefined, '3 output(s) a row, expected 1 (the label has no classes of its own)'],
])('%s is refused', async (_, fixture, label, classes, message) => {
  await expect(convertFixture(fixture, label, classes)).rejects.toMatchObject({ name: 'ArtifactInvalid', message: expect.stringContaining(message) as string });
});
