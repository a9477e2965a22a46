import { adversarialRows } from '../onnx/adversarial.ts';
import type { EncodedFeature, GraphRows } from '../onnx/feature-values.ts';
import { type EnsembleGraph, readEnsemble } from '../onnx/read-ensemble.ts';
import { OnnxModel } from '../onnx/session.ts';
import { NotCompiled } from '../trees/ensemble.ts';
import { CompiledRunner, compiledVersion } from './compiled-runner.ts';
import type { ModelDescription } from './description.ts';
import { keepsBits } from './keeps-bits.ts';
import { MicroBatches } from './micro-batches.ts';
import type { Engine, Runner } from './runner.ts';

/** Splits that are tried where a model is compared while it is loaded: some milliseconds. */
const splitsAtLoad = 250;

/** What opening a runner needs of `model.json`. */
type Described = Pick<ModelDescription, 'features' | 'schema' | 'compiled'>;

/**
 * What runs a model's graph: compiled trees where the graph is one of trees and they are known to answer as ONNX Runtime does, to the bit; else ONNX Runtime.
 * Known is what ConvertModel has compared; any other graph is compared now, on rows made from its splits. On ONNX Runtime, calls that come at the same time are put
 * together where that changes no bit.
 * @throws OnnxLoadError
 */
export async function openRunner(onnx: Uint8Array, description: Described): Promise<Runner> {
  const compiled = compile(onnx, description);
  if (compiled instanceof NotCompiled) return onOnnxRuntime(await OnnxModel.load(onnx), description, `it is no model of trees as they are compiled: ${compiled.message}`);
  if (description.compiled?.version === compiledVersion) return compiled.runner;
  const model = await OnnxModel.load(onnx);
  const { difference } = await compareCompiled(compiled, model, adversarialRows(compiled.graph, featuresOf(compiled.graph), splitsAtLoad));
  if (difference !== undefined) return onOnnxRuntime(model, description, difference);
  await model.close();
  return compiled.runner;
}

/** What a comparison saw. */
export interface Comparison {
  readonly rows: number;
  /** The first row that differs, in words. */
  readonly difference?: string;
}

/** Compares compiled trees with ONNX Runtime, on all splits and on given rows; undefined where the graph is not compiled. */
export async function proveCompiled(onnx: Uint8Array, model: OnnxModel, description: Described, given: GraphRows): Promise<Comparison | undefined> {
  const compiled = compile(onnx, description);
  if (compiled instanceof NotCompiled) return undefined;
  const made = await compareCompiled(compiled, model, adversarialRows(compiled.graph, featuresOf(compiled.graph)));
  const sampled = made.difference !== undefined || given.rows === 0 ? { rows: 0 } : await compareCompiled(compiled, model, given);
  return { ...made, ...sampled, rows: made.rows + sampled.rows };
}

interface Compiled {
  readonly graph: EnsembleGraph;
  readonly runner: CompiledRunner;
}

function compile(onnx: Uint8Array, description: Described): Compiled | NotCompiled {
  try {
    const graph = readEnsemble(onnx);
    return { graph, runner: new CompiledRunner(graph, description) };
  } catch (error) {
    if (error instanceof NotCompiled) return error;
    // Bytes that are no model: ONNX Runtime says so in its own words.
    return new NotCompiled((error as Error).message);
  }
}

async function compareCompiled({ runner }: Compiled, model: OnnxModel, { inputs, rows }: GraphRows): Promise<Comparison> {
  const [own, theirs] = [await runner.runAll(inputs as Parameters<Runner['runAll']>[0], rows), await model.runAll(inputs, rows)];
  const bits = ({ values }: { readonly values: Float32Array }): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length);
  const [ownBits, theirBits] = [bits(own), bits(theirs)];
  const at = own.columns === theirs.columns ? ownBits.findIndex((value, index) => value !== theirBits[index]) : 0;
  if (at < 0) return { rows };
  return { rows, difference: `compiled trees differ on this processor: ${String(own.values[at])} where ONNX Runtime answers ${String(theirs.values[at])}` };
}

const featuresOf = ({ inputs }: EnsembleGraph): EncodedFeature[] => inputs.map(({ name, codes }) => (codes === undefined ? { name } : { name, encoding: [...codes] }));

async function onOnnxRuntime(model: OnnxModel, { features }: Described, reason: string): Promise<Runner> {
  const engine: Engine = { name: 'onnxruntime', reason };
  const runner: Runner = { engine, runAll: (inputs, rows) => model.runAll(inputs, rows), close: () => model.close() };
  return (await keepsBits(runner, features).catch(() => false)) ? new MicroBatches(runner) : runner;
}
