import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as loopTurn } from 'node:timers/promises';
import { type Answer, answerOf, type ModelOutput } from './answer.ts';
import { type ModelDescription, parseModelDescription } from './description.ts';
import { HttpError } from './http/error.ts';
import { type GraphInputs, graphInputs } from './inputs.ts';
import { modelFiles } from './model-files.ts';
import type { ModelSource } from './model-source.ts';
import { openRunner } from './open-runner.ts';
import type { ParsedRow } from './request.ts';
import type { Engine, Runner } from './runner.ts';
import { type ServingSchema, servingSchema } from './schema.ts';

/** Rows that are predicted at once, for about a millisecond; between them other requests get their turn. */
const chunkRows = 512;

/** A model in memory that has predicted once. */
export class LoadedModel {
  readonly description: ModelDescription;
  readonly schema: ServingSchema;
  /** What computes its predictions. */
  readonly engine: Engine;
  /** What another thread opens it from. @default - it is too large to be held twice */
  readonly source: ModelSource | undefined;
  private readonly runner: Runner;
  private inFlight = 0;
  private closing: Promise<void> | undefined;
  private becameIdle: (() => void) | undefined;

  /** Use `openModel`. */
  constructor(description: ModelDescription, runner: Runner, source?: ModelSource) {
    this.source = source;
    this.description = description;
    this.schema = servingSchema(description.schema);
    this.engine = runner.engine ?? { name: 'onnxruntime' };
    this.runner = runner;
  }

  /**
   * Predicts checked rows, many of them in chunks between which other work is done.
   * @throws HttpError 503 where the model was closed before: one that replaced it answers the next try.
   */
  async predict(rows: readonly ParsedRow[]): Promise<Answer[]> {
    if (this.closing !== undefined) throw new HttpError(503, 'ModelNotReady', 'The model was replaced while the request waited. Send it again.', { headers: { 'retry-after': '1' } });
    this.inFlight++;
    try {
      const answers: Answer[] = [];
      for (let from = 0; from < rows.length; from += chunkRows) {
        if (from > 0) await loopTurn();
        const output = await this.run(rows, from, Math.min(from + chunkRows, rows.length));
        for (let row = 0; row * output.columns < output.values.length; row++) answers.push(answerOf(this.description, output, row));
      }
      return answers;
    } finally {
      this.inFlight--;
      if (this.inFlight === 0) this.becameIdle?.();
    }
  }

  /** What the graph answers for its own inputs in columns, numbers alone: for those who need no answers in words. */
  predictColumns(inputs: GraphInputs, rows: number): Promise<ModelOutput> {
    return this.runner.runAll(inputs, rows);
  }

  private run(rows: readonly ParsedRow[], from: number, to: number): ModelOutput | Promise<ModelOutput> {
    if (this.runner.runRows !== undefined) return this.runner.runRows(rows, from, to);
    return this.runner.runAll(graphInputs(rows.slice(from, to), this.description.features, this.schema), to - from);
  }

  /**
   * One prediction of a row in which everything is missing: whatever the runtime sets up lazily is set up, and it is seen to work.
   * @throws WarmUpFailed where it predicts no numbers.
   */
  async warmUp(): Promise<void> {
    const [first] = await this.predict([this.schema.columns.map(({ type }) => (type === 'string' ? null : Number.NaN))]);
    const numbers = first?.probabilities === undefined ? [first?.prediction] : Object.values(first.probabilities);
    if (!numbers.every(Number.isFinite)) throw new WarmUpFailed(`The model ${this.description.name} predicts ${JSON.stringify(first)} at its warm-up, expected numbers.`);
  }

  /** Frees the runtime's memory once the predictions that are under way are done. */
  close(): Promise<void> {
    this.closing ??= this.whenIdle().then(() => this.runner.close());
    return this.closing;
  }

  private whenIdle(): Promise<void> {
    return this.inFlight === 0 ? Promise.resolve() : new Promise((resolve) => (this.becameIdle = resolve));
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
  const onnx = await readFile(path.join(folder, modelFiles.onnx));
  return warmed(new LoadedModel(description, await openRunner(onnx, description), sourceOf(onnx, description)));
}

/** Graphs of more bytes are held once. */
const maximumSourceBytes = 32 * 1024 * 1024;

function sourceOf(onnx: Uint8Array, description: ModelDescription): ModelSource | undefined {
  if (onnx.length > maximumSourceBytes) return undefined;
  const shared = new SharedArrayBuffer(onnx.length);
  new Uint8Array(shared).set(onnx);
  return { onnx: shared, description };
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
