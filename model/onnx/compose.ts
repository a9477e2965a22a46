import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { FittedFeature } from '../features/fitted.ts';
import type { Task } from '../spec/task.ts';
import { joinFeatures } from './encode-features.ts';
import { delimited, OnnxModelError, readFields, textOf, writeFields } from './messages.ts';
import type { RawField } from './messages.ts';
import { encodeParts } from './proto.ts';
import type { Node, ValueInfo } from './proto.ts';
import { onnxFields, readModel } from './read-graph.ts';
import type { DeclaredTensor, ReadModel } from './read-graph.ts';
import { renameTensors } from './rename.ts';

/** What a model of the user's own has to answer: what it learned, and how many classes it tells apart. */
export interface Answer {
  readonly task: Task;
  /** 1 for a number, 2 for two classes. */
  readonly outputs: number;
}

/** A model that was made elsewhere: a float matrix `[rows, features]` in, probabilities or predictions out. */
export interface BareModel {
  readonly read: ReadModel;
  readonly input: string;
  readonly output: string;
}

/** Operators that are put around the model are of these operator sets, or newer. */
const leastOpset = 12;
const leastMlOpset = 2;
const mlDomain = 'ai.onnx.ml';
const ownMlOpset = 3;
const float32 = 1;
const one = { name: ':one', dimensions: [1], values: Float32Array.of(1) };

/**
 * Reads a model of the user's own and checks that it can be composed and served.
 * @throws OnnxModelError with everything that is wrong with its inputs and outputs
 */
export function readBareModel(bytes: Uint8Array, features: readonly FittedFeature[], { task, outputs }: Answer): BareModel {
  const read = readModel(bytes);
  const name = task === 'regression' ? 'prediction' : 'probabilities';
  const output = read.outputs.find((candidate) => candidate.name === name);
  const problems = [
    ...opsetProblems(read),
    ...inputProblems(read.inputs, features.length),
    ...(output === undefined ? [`it has the outputs ${names(read.outputs)}, expected one with the name '${name}'`] : outputProblems(output, task, outputs)),
  ];
  if (problems.length > 0) throw new OnnxModelError(`The model cannot be served: ${problems.join('; ')}.`);
  return { read, input: read.inputs[0]!.name, output: name };
}

function opsetProblems({ opsets }: ReadModel): string[] {
  const [own = 0, ml] = [opsets.get(''), opsets.get(mlDomain)];
  return [
    ...(own >= leastOpset ? [] : [`it uses operator set ${String(own)}, expected ${String(leastOpset)} or newer: export it anew`]),
    ...(ml === undefined || ml >= leastMlOpset ? [] : [`it uses operator set ${String(ml)} of ${mlDomain}, expected ${String(leastMlOpset)} or newer: export it anew`]),
  ];
}

function inputProblems(inputs: readonly DeclaredTensor[], features: number): string[] {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) return [`it has the inputs ${names(inputs)}, expected one: a float matrix [rows, ${String(features)}] in the order of features.json`];
  const { elementType, shape } = input;
  const problems = elementType === float32 ? [] : [`the input '${input.name}' is no float32 tensor (its element type is ${String(elementType)}), expected float32`];
  if (shape === undefined) return problems;
  const [rows, width] = shape;
  if (shape.length !== 2) return [...problems, `the input '${input.name}' has ${String(shape.length)} dimensions, expected 2: [rows, ${String(features)}]`];
  if (rows !== undefined) problems.push(`the input '${input.name}' takes ${String(rows)} row(s) at a time, expected any number: export it with a dynamic first dimension`);
  if (width !== undefined && width !== features) problems.push(`the input '${input.name}' takes ${String(width)} features, expected ${String(features)}`);
  return problems;
}

function outputProblems({ name, elementType, shape }: DeclaredTensor, task: Task, outputs: number): string[] {
  if (elementType !== float32) return [`the output '${name}' is no float32 tensor, expected one (a map of classes, as ZipMap makes it, is none)`];
  const width = shape?.[1];
  const fitting = task === 'multiclass' ? [outputs] : task === 'binary' ? [1, 2] : [1];
  if (shape === undefined || (shape.length === 1 && task !== 'multiclass')) return [];
  if (shape.length !== 2) return [`the output '${name}' has ${String(shape.length)} dimension(s), expected [rows, ${fitting.join(' or ')}]`];
  return width === undefined || fitting.includes(width) ? [] : [`the output '${name}' has ${String(width)} value(s) a row, expected ${fitting.join(' or ')}`];
}

/**
 * Puts the encodings of the features in front of a model and the form of its answer behind it: an input for each feature, as the
 * prediction API gives it, and one output, `probabilities` `[rows, classes]` or `prediction` `[rows, 1]`.
 * @param columns how many values the model itself answers a row
 * @param metadata goes into the model's metadata_props
 */
export function composeModel({ read, input, output }: BareModel, features: readonly FittedFeature[], { task, outputs }: Answer, columns: number, metadata: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  // The model's own names are its own again: a feature may be called as any of them.
  const inner = (name: string): string => `:model/${name}`;
  const front = joinFeatures(features, inner(input));
  const back = answerNodes(inner(output), output, task, columns);
  const { graph: numbers, model } = onnxFields;
  const renamed = readRenamed(read, inner);
  const isDropped = ({ number }: RawField): boolean => number === numbers.output;
  const kept = renamed.filter((field) => !isDropped(field) && !(field.number === numbers.input && nameOf(field) === inner(input)));
  const result: ValueInfo = { name: output, type: 'float', dimensions: ['rows', task === 'regression' ? 1 : outputs] };
  const graph = writeFields([
    // Nodes stand in the order in which they run.
    ...front.nodes.map((node) => delimited(numbers.node, encodeParts.node(node))),
    ...kept.filter(({ number }) => number === numbers.node),
    ...back.map((node) => delimited(numbers.node, encodeParts.node(node))),
    ...kept.filter(({ number }) => number !== numbers.node),
    ...(back.some(({ inputs }) => inputs.includes(one.name)) ? [delimited(numbers.initializer, encodeParts.tensor(one))] : []),
    ...front.inputs.map((value) => delimited(numbers.input, encodeParts.valueInfo(value))),
    delimited(numbers.output, encodeParts.valueInfo(result)),
  ]);
  const needsMl = !read.opsets.has(mlDomain) && features.some(({ encoding }) => encoding !== undefined);
  return writeFields([
    ...read.fields.filter(({ number }) => number !== model.graph),
    ...(needsMl ? [delimited(model.opset, opsetImport(mlDomain, ownMlOpset))] : []),
    delimited(model.graph, graph),
    ...Object.entries(metadata).map(([key, value]) => delimited(14, writeFields([delimited(1, key), delimited(2, value)]))),
  ]);
}

function readRenamed(read: ReadModel, rename: (name: string) => string): readonly RawField[] {
  return readModel(writeFields(read.fields.map((field) => (field.number === onnxFields.model.graph ? { ...field, bytes: renameTensors(field.bytes, rename) } : field)))).graph;
}

const nameOf = ({ bytes }: RawField): string => textOf(readFields(bytes), onnxFields.valueInfo.name);

function opsetImport(domain: string, version: number): Uint8Array<ArrayBuffer> {
  return new BinaryWriter().tag(1, WireType.LengthDelimited).string(domain).tag(2, WireType.Varint).int64(version).finish();
}

/** From what the model answers to what serving expects. P(0) is 1 - P(1) where it answers P(1) alone. */
function answerNodes(from: string, to: string, task: Task, columns: number): Node[] {
  if (task === 'multiclass' || (task === 'binary' && columns === 2)) return [node('Identity', [from], to)];
  // One value a row, as a column: whether it came as [rows], [rows, 1] or, of one row, as a number alone.
  const column = task === 'regression' ? to : ':p1';
  const shaped = [node('Constant', [], ':column', { value_ints: { ints: [-1, 1] } }), node('Reshape', [from, ':column'], column)];
  if (task === 'regression') return shaped;
  return [...shaped, node('Sub', [one.name, column], ':p0'), node('Concat', [':p0', column], to, { axis: { int: 1 } })];
}

function node(operator: string, inputs: readonly string[], output: string, attributes: NonNullable<Node['attributes']> = {}): Node {
  return { name: `:${operator}:${output}`, operator, inputs, outputs: [output], attributes };
}

const names = (tensors: readonly DeclaredTensor[]): string => tensors.map(({ name }) => `'${name}'`).join(', ') || '(none)';
