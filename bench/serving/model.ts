import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LabelledMatrix } from '../../model/matrix.ts';
import { toOnnx } from '../../model/onnx/convert.ts';
import { OnnxModel } from '../../model/onnx/session.ts';
import { compiledVersion } from '../../model/serving/compiled-runner.ts';
import { proveCompiled } from '../../model/serving/open-runner.ts';
import type { ModelDescription } from '../../model/serving/description.ts';
import { modelFiles } from '../../model/serving/model-files.ts';
import { parseHyperparameters } from '../../model/spec/hyperparameter-parser.ts';
import { Column, Dataset, Label } from '../../model/spec/dataset.ts';
import { Feature } from '../../model/spec/feature.ts';
import { train } from '../../model/trainer/train.ts';
import { writeUbjson } from '../../model/xgboost/write.ts';

/** The model of the serving benchmarks. */
export const servingShape = { trees: 100, features: 30, depth: 6, trainingRows: 20_000 } as const;

/** Numbers from 0 to 1, the same ones each time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rows of the benchmarks' features, as float32 holds them. */
export function servingRows(rows: number, seed: number): Float32Array[] {
  const random = seeded(seed);
  return Array.from({ length: rows }, () => Float32Array.from({ length: servingShape.features }, () => Math.fround(random() * 2 - 1)));
}

/**
 * Trains the model and writes it as it is served (model.onnx, model.json), and as XGBoost reads it (model.ubj).
 * @param trees of which another number makes another model
 */
export async function writeServingModel(folder: string, trees: number = servingShape.trees): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = Array.from({ length: servingShape.features }, (_, index) => `f${String(index)}`);
  const rows = servingRows(servingShape.trainingRows, 1);
  const label = Float32Array.from(rows, (row) => (row[0]! * row[1]! + Math.sin(3 * row[2]!) + row[3]! * row[4]! * row[5]! > 0 ? 1 : 0));
  const matrix: LabelledMatrix = { rows: rows.length, columns: names.map((_, column) => Float32Array.from(rows, (row) => row[column]!)), names, label };
  const { parameters } = parseHyperparameters({ objective: 'binary:logistic', num_round: String(trees), max_depth: String(servingShape.depth), eta: '0.2', base_score: '0.5' });
  const booster = await train({ train: matrix, parameters: parameters! });
  const features = names.map((name) => Feature.numeric(name).toJSON());
  const schema = new Dataset({ columns: [...names.map((name) => Column.number(name)), Column.integer('label')], label: Label.binary('label') }).toJSON();
  const description: ModelDescription = {
    version: 1, name: 'bench', schema, features, task: 'binary', objective: booster.objective, trainer: 'bench', trainedAt: '2026-01-01T00:00:00Z', rounds: booster.trees.length,
    graph: { inputs: features.map(({ name }) => ({ name, type: 'float' })), outputs: [{ name: 'probabilities', type: 'float' }] },
  };
  const onnx = toOnnx(booster, features, { model: 'bench' });
  const runtime = await OnnxModel.load(onnx);
  const proof = await proveCompiled(onnx, runtime, description, { inputs: {}, rows: 0 });
  await runtime.close();
  if (proof?.difference !== undefined) throw new Error(proof.difference);
  await writeFile(path.join(folder, modelFiles.onnx), onnx);
  await writeFile(path.join(folder, modelFiles.description), JSON.stringify({ ...description, ...(proof === undefined ? {} : { compiled: { version: compiledVersion, rows: proof.rows } }) }));
  // As others would serve it: the trees alone with one input, and for XGBoost.
  await writeFile(path.join(folder, 'bare.onnx'), toOnnx(booster));
  await writeFile(path.join(folder, 'model.ubj'), writeUbjson(booster));
}
