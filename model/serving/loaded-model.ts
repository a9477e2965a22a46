import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { OnnxModel } from '../onnx/session.ts';
import { type Answer, answerOf, type ModelOutput } from './answer.ts';
import { type ModelDescription, parseModelDescription } from './description.ts';
import { type GraphInputs, graphInputs } from './inputs.ts';
import { modelFiles } from './model-files.ts';
import type { ParsedRow } from './request.ts';
import { type ServingSchema, servingSchema } from './schema.ts';

/** Runs the graph. */
export interface Runner {
  runAll(inputs: GraphInputs, rows: number): Promise<ModelOutput>;
  close(): Promise<void>;
}

/** A model in memory that has predicted once. */
export class LoadedModel {
  readonly description: ModelDescription;
  readonly schema: ServingSchema;
  private readonly runner: Runner;

  /** Use `openModel`. */
  constructor(description: ModelDescription, runner: Runner) {
    this.description = description;
    this.schema = servingSchema(description.schema);
    this.runner = runner;
  }

  /** Predicts checked rows. */
  async predict(rows: readonly ParsedRow[]): Promise<Answer[]> {
    const output = await this.runner.runAll(graphInputs(rows, this.description.features, this.schema), rows.length);
    return rows.map((_, row) => answerOf(this.description, output, row));
  }

  /**
   * One prediction of a row in which everything is missing: whatever the runtime sets up lazily is set up, and it is seen to work.
   * @throws WarmUpFailed where it predicts no numbers.
   */
  async warmUp(): Promise<void> {
    const row = Object.create(null) as Record<string, number | null>;
    for (const column of this.schema.columns) row[column.name] = column.type === 'string' ? null : Number.NaN;
    const [first] = await this.predict([row]);
    const numbers = first?.probabilities === undefined ? [first?.prediction] : Object.values(first.probabilities);
    if (!numbers.every(Number.isFinite)) throw new WarmUpFailed(`The model ${this.description.name} predicts ${JSON.stringify(first)} at its warm-up, expected numbers.`);
  }

  /** Frees the runtime's memory. */
  async close(): Promise<void> {
    await this.runner.close();
  }
}

/** A model that predicts no numbers is not served. */
export class WarmUpFailed extends Error {
  override readonly name = 'WarmUpFailed';
}

/**
 * Opens the model whose files lie in a folder, and warms it up. Their digests are the caller's to check.
 * @throws OnnxLoadError, WarmUpFailed, or an Error that names the field of model.json that is wrong.
 */
export async function openModel(folder: string): Promise<LoadedModel> {
  const description = parseModelDescription(await readFile(path.join(folder, modelFiles.description), 'utf8'));
  return warmed(new LoadedModel(description, await OnnxModel.load(await readFile(path.join(folder, modelFiles.onnx)))));
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
