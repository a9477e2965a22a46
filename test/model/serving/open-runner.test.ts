import { expect, test } from 'vitest';
import type { FittedFeature } from '../../../model/features/fitted.ts';
import { toOnnx } from '../../../model/onnx/convert.ts';
import { OnnxLoadError, OnnxModel } from '../../../model/onnx/session.ts';
import { compiledVersion } from '../../../model/serving/compiled-runner.ts';
import { openRunner, proveCompiled } from '../../../model/serving/open-runner.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { dataset } from '../../lambda/support/pipeline.ts';
import { fixture } from '../xgboost/fixtures.ts';

const { ubjson, matrix } = fixture('binary-integers');
const booster = readBooster(ubjson);
const features = matrix.columns.map((_, index): FittedFeature => ({ name: booster.featureNames[index] ?? `f${String(index)}`, column: 'distance', transform: 'numeric' }));
const description = { features, schema: dataset };
const onnx = toOnnx(booster, features);
const noRows = { rows: 0, inputs: {} };

test('trees that answer as ONNX Runtime are compiled, whether that was seen before or is seen now', async () => {
  expect((await openRunner(onnx, description)).engine).toEqual({ name: 'compiled-trees' });
  expect((await openRunner(onnx, { ...description, compiled: { version: compiledVersion, rows: 100 } })).engine).toEqual({ name: 'compiled-trees' });
  expect((await openRunner(onnx, { ...description, compiled: { version: compiledVersion - 1, rows: 100 } })).engine).toEqual({ name: 'compiled-trees' });
});

test('the proof goes over all splits', async () => {
  const model = await OnnxModel.load(onnx);
  const proof = await proveCompiled(onnx, model, description, noRows);
  expect(proof).toEqual({ rows: expect.any(Number) as number });
  expect(proof!.rows).toBeGreaterThan(booster.trees.reduce((sum, tree) => sum + tree.leftChildren.filter((child) => child !== -1).length, 0));
  await model.close();
});

test('one differing bit is seen, and told', async () => {
  const leaf = booster.trees[3]!.leftChildren.indexOf(-1);
  const splitConditions = booster.trees[3]!.splitConditions.slice();
  splitConditions[leaf]! += 1e-6;
  const model = await OnnxModel.load(toOnnx({ ...booster, trees: booster.trees.with(3, { ...booster.trees[3]!, splitConditions }) }, features));
  expect((await proveCompiled(onnx, model, description, noRows))?.difference).toMatch(/^compiled trees differ on this processor: 0\.\d+ where ONNX Runtime answers 0\.\d+$/);
  await model.close();
});

test.each([
  ['a graph without features', toOnnx(booster), description, 'trees without an input for each feature'],
  ['a feature that model.json lacks', onnx, { ...description, features: features.slice(1) }, `the input "${features[0]!.name}" is no feature of a column in model.json`],
  ['a feature that model.json encodes', onnx, { ...description, features: features.with(0, { ...features[0]!, transform: 'category', encoding: [['a', 1]] }) }, `the graph takes "${features[0]!.name}" as a number, model.json as a text`],
] as const)('%s runs on ONNX Runtime, and the reason is told', async (_, bytes, described, reason) => {
  const runner = await openRunner(bytes, described);
  expect(runner.engine).toMatchObject({ name: 'onnxruntime', reason: `it is no model of trees as they are compiled: ${reason}` });
  await runner.close();
});

test('what is no model is refused in the words of ONNX Runtime', async () => {
  await expect(openRunner(new TextEncoder().encode('no model'), description)).rejects.toThrow(OnnxLoadError);
});
