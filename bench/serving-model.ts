import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FittedFeature } from '../model/features/fitted.ts';
import { toOnnx } from '../model/onnx/convert.ts';
import { OnnxModel } from '../model/onnx/session.ts';
import { compiledVersion } from '../model/serving/compiled-runner.ts';
import type { ModelDescription } from '../model/serving/description.ts';
import { modelFiles } from '../model/serving/model-files.ts';
import { proveCompiled } from '../model/serving/open-runner.ts';
import { Column, Dataset, Label } from '../model/spec/dataset.ts';
import { parseHyperparameters } from '../model/spec/hyperparameter-parser.ts';
import { train } from '../model/trainer/train.ts';
import { writeUbjson } from '../model/xgboost/write.ts';
import { benchRows } from './trainer-data.ts';

/** The model that serving is measured with. */
export const servedShape = { trees: 100, depth: 6, features: 30 } as const;

/** Rows that it was not trained on, row after row. */
export function servedRows(rows: number, seed = 999): Float32Array {
  const { columns } = benchRows({ rows, features: servedShape.features }, seed);
  return Float32Array.from({ length: rows * columns.length }, (_, index) => columns[index % columns.length]![Math.floor(index / columns.length)]!);
}

/**
 * Trains the model and writes a folder as serving reads it, and the booster as `model.ubj` for XGBoost.
 * @returns what ConvertModel would have seen
 */
export async function writeServedModel(folder: string): Promise<{ readonly comparedRows: number }> {
  const { parameters, errors } = parseHyperparameters({ num_round: String(servedShape.trees), max_depth: String(servedShape.depth), eta: '0.2', objective: 'binary:logistic', base_score: '0.5' });
  if (parameters === undefined) throw new Error(errors.map((error) => error.message).join('\n'));
  const data = benchRows({ rows: 50_000, features: servedShape.features }, 12_345);
  const booster = await train({ train: data, parameters, threads: 2 });
  const features = data.names.map((name): FittedFeature => ({ name, column: name, transform: 'numeric' }));
  const schema = new Dataset({ columns: [...data.names.map((name) => Column.number(name)), Column.boolean('label')], label: Label.binary('label') }).toJSON();
  const onnx = toOnnx(booster, features);
  const model = await OnnxModel.load(onnx);
  const proof = await proveCompiled(onnx, model, { features, schema }, { rows: 0, inputs: {} });
  await model.close();
  const description: ModelDescription = {
    version: 1, name: 'bench', schema, features, task: 'binary', objective: 'binary:logistic', trainer: 'slipway-histogram', trainedAt: '2026-11-20T12:00:00Z', rounds: servedShape.trees,
    ...(proof === undefined || proof.difference !== undefined ? {} : { compiled: { version: compiledVersion, rows: proof.rows } }),
    graph: { inputs: features.map(({ name }) => ({ name, type: 'float' })), outputs: [{ name: 'probabilities', type: 'float' }] },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, modelFiles.onnx), onnx);
  writeFileSync(path.join(folder, modelFiles.description), JSON.stringify(description));
  writeFileSync(path.join(folder, 'model.ubj'), writeUbjson(booster));
  return { comparedRows: proof?.rows ?? 0 };
}
