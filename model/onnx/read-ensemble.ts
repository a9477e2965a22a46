import { NotCompiled, type PostTransform, type TreeEnsemble } from '../trees/ensemble.ts';
import { contentsOf, readFields } from './messages.ts';
import { onnxFields, readModel } from './read-graph.ts';
import type { DeclaredTensor } from './read-graph.ts';
import { readNodes } from './read-nodes.ts';
import type { ReadNode } from './read-nodes.ts';
import { readTrees } from './read-trees.ts';

/** A feature as the graph takes it: a number, or a text that it looks up itself. */
export interface GraphFeature {
  /** The graph's input. */
  readonly name: string;
  /** The numbers of the texts; any other text is missing. @default - the input is a number */
  readonly codes?: ReadonlyMap<string, number>;
}

/** A graph of nothing but features, trees and what becomes of their sums. */
export interface EnsembleGraph extends TreeEnsemble {
  /** In the order of the trees' features. */
  readonly inputs: readonly GraphFeature[];
}

const elementTypes = { float: 1, string: 8 } as const;

/**
 * Reads a model as `toOnnx` writes it with features.
 * @throws NotCompiled where the graph is any other: it says what is there
 * @throws OnnxModelError where the bytes are no ONNX model
 */
export function readEnsemble(bytes: Uint8Array): EnsembleGraph {
  const model = readModel(bytes);
  const nodes = readNodes(model.graph);
  const at = nodes.findIndex(({ operator }) => operator === 'TreeEnsembleRegressor');
  const trees = nodes[at];
  if (trees === undefined) throw new NotCompiled('a graph without a TreeEnsembleRegressor');
  const inputs = readFeatures(model.inputs, nodes.slice(0, at), trees.inputs[0] ?? '');
  const post = readPost(nodes.slice(at + 1), trees.outputs[0] ?? '', model.outputs[0]?.name ?? '', constantsOf(model.graph));
  const read = readTrees(trees, inputs.length);
  if (post === 'softmax' ? read.base.length < 2 : read.base.length !== 1) throw new NotCompiled(`${String(read.base.length)} outputs before ${post}`);
  return { inputs, features: inputs.length, post, ...read };
}

/** One input for each feature, encoded where it is a text, and all joined. */
function readFeatures(declared: readonly DeclaredTensor[], nodes: readonly ReadNode[], matrix: string): GraphFeature[] {
  const joined = nodes.at(-1);
  if (joined?.operator !== 'Concat' || joined.attributes.int('axis') !== 1 || joined.outputs[0] !== matrix) throw new NotCompiled('trees without an input for each feature');
  const encoders = new Map(nodes.slice(0, -1).map((node) => [node.outputs[0], node]));
  const types = new Map(declared.map((input) => [input.name, input]));
  const features = joined.inputs.map((name): GraphFeature => {
    const encoder = encoders.get(name);
    const input = encoder?.inputs[0] ?? name;
    requireColumn(types.get(input), input, encoder === undefined ? elementTypes.float : elementTypes.string);
    return encoder === undefined ? { name } : { name: input, codes: readCodes(encoder) };
  });
  if (encoders.size !== nodes.length - 1 || new Set(features.map(({ name }) => name)).size !== declared.length || features.length !== declared.length) {
    throw new NotCompiled('features that are more than joined');
  }
  return features;
}

function requireColumn(input: DeclaredTensor | undefined, name: string, elementType: number): void {
  if (input?.elementType !== elementType || input.shape?.length !== 2 || input.shape[1] !== 1) throw new NotCompiled(`the input "${name}" in another form`);
}

function readCodes({ operator, attributes }: ReadNode): ReadonlyMap<string, number> {
  const [keys, values] = [attributes.strings('keys_strings'), attributes.floats('values_floats')];
  const codes = new Map(keys.map((key, index) => [key, values[index]!]));
  // Where a text occurred twice, the runtime and we might not take the same number.
  if (operator !== 'LabelEncoder' || attributes.names().length !== 3 || codes.size !== values.length || keys.length !== values.length || !Number.isNaN(attributes.float('default_float'))) {
    throw new NotCompiled(`features that are encoded by ${operator} in another way`);
  }
  return codes;
}

const single: Readonly<Record<string, PostTransform>> = { Identity: 'identity', Sigmoid: 'sigmoid', Exp: 'exp', Softmax: 'softmax' };

/** What is behind the trees: one operator, or the probabilities of two classes. */
function readPost(nodes: readonly ReadNode[], margin: string, output: string, constants: ReadonlyMap<string, number>): PostTransform {
  const operators = nodes.map(({ operator }) => operator).join(', ');
  const [first, second, third] = nodes;
  const reads = (node: ReadNode | undefined, ...inputs: readonly (string | undefined)[]): boolean => node?.inputs.length === inputs.length && inputs.every((input, index) => node.inputs[index] === input);
  const isDefault = (node: ReadNode | undefined, axis?: number): boolean => (axis === undefined ? node?.attributes.names().length === 0 : node?.attributes.int('axis') === axis && node.attributes.names().length === 1);
  const fits = reads(first, margin) && nodes.every(({ domain }) => domain === '') && nodes.at(-1)?.outputs[0] === output;
  if (fits && nodes.length === 1 && isDefault(first, first?.operator === 'Softmax' ? 1 : undefined)) {
    const post = single[operators];
    if (post !== undefined) return post;
  }
  if (fits && operators === 'Sigmoid, Sub, Concat' && isDefault(third, 1) && constants.get(second?.inputs[0] ?? '') === 1) {
    const probability = first?.outputs[0];
    if (reads(second, second?.inputs[0], probability) && reads(third, second?.outputs[0], probability)) return 'binary';
  }
  throw new NotCompiled(`trees before ${operators === '' ? 'nothing' : operators}`);
}

/** The graph's constants of one float32, by name. */
function constantsOf(graph: Parameters<typeof readNodes>[0]): ReadonlyMap<string, number> {
  const rawData = 9;
  return new Map(
    contentsOf(graph, onnxFields.graph.initializer).map((tensor) => {
      const fields = readFields(tensor);
      const name = new TextDecoder().decode(contentsOf(fields, onnxFields.tensor.name)[0]);
      const raw = contentsOf(fields, rawData)[0];
      return [name, raw?.length === 4 ? new DataView(raw.buffer, raw.byteOffset, 4).getFloat32(0, true) : Number.NaN] as const;
    }),
  );
}
