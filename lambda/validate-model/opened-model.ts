import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RawColumnsByName } from '../../model/evaluation/permutation.ts';
import { sliceOf } from '../../model/evaluation/latency.ts';
import type { RawColumn } from '../../model/features/serving.ts';
import { type ModelDescription, parseModelDescription } from '../../model/serving/description.ts';
import { columnarGraphInputs } from '../../model/serving/inputs.ts';
import { openRunner } from '../../model/serving/open-runner.ts';
import type { Runner } from '../../model/serving/runner.ts';
import { type ServingSchema, servingSchema } from '../../model/serving/schema.ts';
import { sourceFiles, unpackModel } from '../shared/archive.ts';
import { modelFiles } from '../../model/serving/model-files.ts';
import { download } from '../shared/objects.ts';
import type { Artifact } from '../shared/payload.ts';
import { requireDigest } from '../shared/verify.ts';

/** Rows of one call of the model: large enough to be fast, small enough to keep its texts in little memory. */
const batchRows = 16_384;

/** A model artifact on disk, checked against its digest. */
export interface ModelContent {
  readonly description: ModelDescription;
  /** A file of the artifact. */
  file(name: keyof typeof modelFiles): Promise<Buffer>;
  /** The trees of which the graph was made; undefined where it was made of none. */
  booster(): Promise<Buffer | undefined>;
}

/** Downloads an artifact into a folder of its own and checks all its digests. @throws ArtifactMismatch, ArtifactInvalid, DataNotFound */
export async function openArtifact(artifact: Artifact, folder: string): Promise<ModelContent> {
  const content = path.join(folder, 'content');
  const archive = path.join(folder, 'model.tar.gz');
  await mkdir(content, { recursive: true });
  const { sha256 } = await download(artifact, archive);
  requireDigest(artifact, sha256);
  await unpackModel(archive, content);
  const file = (name: keyof typeof modelFiles): Promise<Buffer> => readFile(path.join(content, modelFiles[name]));
  const booster = path.join(content, sourceFiles.booster);
  return {
    description: parseModelDescription((await file('description')).toString()),
    file,
    booster: async () => (existsSync(booster) ? readFile(booster) : undefined),
  };
}

/** A model that predicts raw columns through the very path of serving: raw columns, graph inputs, and what serving runs the graph by. */
export class Predictor {
  private readonly runner: Runner;
  private readonly description: ModelDescription;
  private readonly schema: ServingSchema;

  private constructor(runner: Runner, description: ModelDescription) {
    this.runner = runner;
    this.description = description;
    this.schema = servingSchema(description.schema);
  }

  /** Loads the graph, lets it be used, and frees it. */
  static async use<Result>({ description, file }: Pick<ModelContent, 'description' | 'file'>, work: (predictor: Predictor) => Promise<Result>): Promise<Result> {
    const runner = await openRunner(await file('onnx'), description);
    try {
      return await work(new Predictor(runner, description));
    } finally {
      await runner.close();
    }
  }

  /** What the graph predicts for each row, row after row. */
  async predict(columns: RawColumnsByName, rows: number): Promise<Float32Array> {
    let predictions = new Float32Array(0);
    for (let from = 0; from < rows; from += batchRows) {
      const to = Math.min(from + batchRows, rows);
      const column = (name: string): RawColumn => (rows <= batchRows ? (columns[name] ?? []) : sliceOf(columns[name] ?? [], from, to));
      const { values, columns: width } = await this.runner.runAll(columnarGraphInputs(column, this.description.features, this.schema), to - from);
      if (from === 0) predictions = new Float32Array(rows * width);
      predictions.set(values, from * width);
    }
    return predictions;
  }
}
