import type * as onnxruntime from 'onnxruntime-node';
import type { InferenceSession, Tensor } from 'onnxruntime-node';

/** What a model is given: one array of `rows` values for each input of its graph (`rows` × features for `features`). */
export type OnnxInputs = Readonly<Record<string, Float32Array | readonly string[]>>;

/**
 * A loaded model on ONNX Runtime. A call runs on one thread: with more, the runtime adds up trees in an order that depends on how many rows come
 * together, and the last bits of a prediction with it, so that a request would not get what the evaluation had. For so many trees one is as fast.
 */
export class OnnxModel {
  private readonly runtime: Runtime;
  private readonly session: InferenceSession;

  /**
   * @param model the model's bytes, or the path of its file
   * @throws OnnxLoadError where it is no model
   */
  static async load(model: Uint8Array | string): Promise<OnnxModel> {
    const settings: InferenceSession.SessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };
    const runtime = await onnxRuntime();
    try {
      return new OnnxModel(runtime, typeof model === 'string' ? await runtime.InferenceSession.create(model, settings) : await runtime.InferenceSession.create(model, settings));
    } catch (cause) {
      const what = typeof model === 'string' ? model : `of ${model.length} bytes`;
      throw new OnnxLoadError(`ONNX Runtime cannot load the model ${what}: ${(cause as Error).message}`, { cause });
    }
  }

  private constructor(runtime: Runtime, session: InferenceSession) {
    this.runtime = runtime;
    this.session = session;
  }

  /** The graph's inputs by name. */
  get inputNames(): readonly string[] {
    return this.session.inputNames;
  }

  /** The probability of class 1 for each row of a binary model, the value of a regression. */
  async run(inputs: OnnxInputs, rows: number): Promise<Float32Array> {
    const { values, columns } = await this.runAll(inputs, rows);
    if (columns === 1) return values;
    if (columns !== 2) throw new OnnxRunError(`The model answers with ${columns} values a row: use runAll.`);
    return Float32Array.from({ length: rows }, (_, row) => values[2 * row + 1]!);
  }

  /** All values that the model predicts, row after row: one for each class, or one. */
  async runAll(inputs: OnnxInputs, rows: number): Promise<{ values: Float32Array; columns: number }> {
    const feeds = Object.fromEntries(this.session.inputMetadata.map((input) => [input.name, tensorOf(this.runtime, input, inputs[input.name], rows)]));
    const results = await this.session.run(feeds);
    const output = results[this.session.outputNames[0]!]!;
    return { values: output.data as Float32Array, columns: output.dims[1]! };
  }

  /** One output of a model whose one input is a matrix of numbers, row after row; `columns` is what the model answers a row. */
  async runMatrix(matrix: Float32Array, rows: number, output: string): Promise<{ values: Float32Array; columns: number }> {
    const results = await this.session.run({ [this.session.inputNames[0]!]: new this.runtime.Tensor('float32', matrix, [rows, matrix.length / rows]) }, [output]);
    const { data, dims } = results[output]!;
    if (dims[0] !== rows || dims.length > 2) throw new OnnxRunError(`The output "${output}" has the shape [${dims.join(', ')}] for ${rows} rows, expected [${rows}] or [${rows}, values].`);
    return { values: data as Float32Array, columns: dims[1] ?? 1 };
  }

  /** Frees the runtime's memory; the model cannot run any more. */
  async close(): Promise<void> {
    await this.session.release();
  }
}

type Runtime = typeof onnxruntime;

/** ONNX Runtime, loaded where it is needed alone: its native library takes tens of megabytes, and compiled trees do without it. */
async function onnxRuntime(): Promise<Runtime> {
  // Release 1.30.0 reports its use to Microsoft, under an id that it makes for the machine, unless this is set before it is loaded.
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  return import('onnxruntime-node');
}

/** A file that ONNX Runtime takes for no model. */
export class OnnxLoadError extends Error {
  override readonly name = 'OnnxLoadError';
}

/** A call that does not fit the model's inputs. */
export class OnnxRunError extends Error {
  override readonly name = 'OnnxRunError';
}

function tensorOf(runtime: Runtime, input: InferenceSession.ValueMetadata, values: OnnxInputs[string] | undefined, rows: number): Tensor {
  const { name } = input;
  if (values === undefined) throw new OnnxRunError(`The input "${name}" is missing.`);
  const columns = input.isTensor ? input.shape[1] : undefined;
  if (!input.isTensor || typeof columns !== 'number') throw new OnnxRunError(`The model's input "${name}" is not a matrix of a known width.`);
  if (values.length !== rows * columns) {
    throw new OnnxRunError(`The input "${name}" has ${values.length} values for ${rows} rows, expected ${columns} a row.`);
  }
  if (values instanceof Float32Array !== (input.type === 'float32')) {
    throw new OnnxRunError(`The input "${name}" is given ${values instanceof Float32Array ? 'numbers' : 'texts'}, the model takes ${input.type}.`);
  }
  if (values instanceof Float32Array) return new runtime.Tensor('float32', values, [rows, columns]);
  return new runtime.Tensor('string', [...values], [rows, columns]);
}
