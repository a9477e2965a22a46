import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { OnnxModel } from '../../model/onnx/session.ts';
import { type ModelDescription, parseModelDescription } from '../../model/serving/description.ts';
import { type GraphInputs, graphInputs } from '../../model/serving/inputs.ts';
import type { ParsedRow } from '../../model/serving/request.ts';
import { type ServingSchema, servingSchema } from '../../model/serving/schema.ts';
import { modelFiles, unpackModel } from '../shared/archive.ts';
import { ArtifactInvalid } from '../shared/errors.ts';
import { download } from '../shared/objects.ts';
import type { ServedModel } from '../shared/record.ts';
import { requireDigest } from '../shared/verify.ts';
import { withWorkspace } from '../shared/workspace.ts';

/** A row's prediction, as the API answers it. */
export interface RowPrediction {
  /** 1 or 0 for a binary model, the value of a regression. */
  readonly prediction: number;
  /** By class. */
  readonly probabilities?: Readonly<Record<string, number>>;
}

/** Runs the graph. */
export interface Runner {
  run(inputs: GraphInputs, rows: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** A model in memory that has predicted once. */
export class LoadedModel {
  readonly description: ModelDescription;
  readonly schema: ServingSchema;
  private readonly runner: Runner;

  /** Use `loadModel`. */
  constructor(description: ModelDescription, runner: Runner) {
    this.description = description;
    this.schema = servingSchema(description.schema);
    this.runner = runner;
  }

  /** Predicts checked rows. */
  async predict(rows: readonly ParsedRow[]): Promise<RowPrediction[]> {
    const values = await this.runner.run(graphInputs(rows, this.description.features, this.schema), rows.length);
    return Array.from(values, (value) => rowPrediction(value, this.description.objective));
  }

  /** One prediction of a row in which everything is missing: whatever the runtime sets up lazily is set up, and it is seen to work. */
  async warmUp(): Promise<void> {
    const row = Object.create(null) as Record<string, number | null>;
    for (const column of this.schema.columns) row[column.name] = column.type === 'string' ? null : Number.NaN;
    const [first] = await this.predict([row]);
    if (first === undefined || !Number.isFinite(first.prediction)) throw new ArtifactInvalid(`The model ${this.description.name} predicts ${String(first?.prediction)} at its warm-up, expected a number.`);
  }

  /** Frees the runtime's memory. */
  async close(): Promise<void> {
    await this.runner.close();
  }
}

/** The label comes from the probability, as in the evaluation: ONNX Runtime's own is wrong for some models. */
export function rowPrediction(value: number, objective: string): RowPrediction {
  if (!objective.startsWith('binary:') && objective !== 'reg:logistic') return { prediction: value };
  return { prediction: value > 0.5 ? 1 : 0, probabilities: { '0': Math.fround(1 - value), '1': value } };
}

/** Downloads a model, checks the artifact's digest and each file's, and only then loads it. @throws ArtifactMismatch */
export async function loadModel({ artifact }: ServedModel): Promise<LoadedModel> {
  return withWorkspace(async (folder) => {
    const archive = path.join(folder, 'model.tar.gz');
    const { sha256 } = await download(artifact, archive);
    requireDigest(artifact, sha256);
    const content = path.join(folder, 'model');
    await mkdir(content);
    await unpackModel(archive, content);
    const description = parseModelDescription(await readFile(path.join(content, modelFiles.description), 'utf8'));
    return warmed(new LoadedModel(description, await OnnxModel.load(await readFile(path.join(content, modelFiles.onnx)))));
  });
}

/** The model once it is warm. One that fails is closed: loading is tried again at each revalidation, and each time would hold its memory for good. */
export async function warmed<Model extends Pick<LoadedModel, 'warmUp' | 'close'>>(model: Model): Promise<Model> {
  try {
    await model.warmUp();
    return model;
  } catch (error) {
    await model.close();
    throw error;
  }
}
