import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { OnnxModel } from '../../model/onnx/session.ts';
import { type Answer, answerOf, type ModelOutput } from '../../model/serving/answer.ts';
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

  /** Use `loadModel`. */
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

  /** One prediction of a row in which everything is missing: whatever the runtime sets up lazily is set up, and it is seen to work. */
  async warmUp(): Promise<void> {
    const row = Object.create(null) as Record<string, number | null>;
    for (const column of this.schema.columns) row[column.name] = column.type === 'string' ? null : Number.NaN;
    const [first] = await this.predict([row]);
    const numbers = first?.probabilities === undefined ? [first?.prediction] : Object.values(first.probabilities);
    if (!numbers.every(Number.isFinite)) throw new ArtifactInvalid(`The model ${this.description.name} predicts ${JSON.stringify(first)} at its warm-up, expected numbers.`);
  }

  /** Frees the runtime's memory. */
  async close(): Promise<void> {
    await this.runner.close();
  }
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
