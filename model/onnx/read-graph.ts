import { contentsOf, integerOf, OnnxModelError, readFields, textOf } from './messages.ts';
import type { RawField } from './messages.ts';

/** Numbers of the fields of onnx.proto that are read or written here. */
export const onnxFields = {
  model: { irVersion: 1, producerName: 2, producerVersion: 3, graph: 7, opset: 8 },
  opset: { domain: 1, version: 2 },
  graph: { node: 1, name: 2, initializer: 5, input: 11, output: 12, valueInfo: 13, sparseInitializer: 15 },
  valueInfo: { name: 1, type: 2 },
  tensor: { name: 8 },
  sparseTensor: { values: 1 },
} as const;

/** An input or output as a model declares it. */
export interface DeclaredTensor {
  readonly name: string;
  /** ONNX's number of the element type; 1 is float32. Undefined where it is no tensor. */
  readonly elementType: number | undefined;
  /** A size, or undefined where it varies; the whole is undefined where the model does not say its shape. */
  readonly shape: readonly (number | undefined)[] | undefined;
}

/** A model, as far as composing needs it. */
export interface ReadModel {
  readonly fields: readonly RawField[];
  readonly graph: readonly RawField[];
  readonly irVersion: number;
  /** Program and version that wrote it; empty where it does not say. */
  readonly producer: string;
  /** Operator set versions by domain; '' is ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Inputs that a caller gives: those that no initializer fills. */
  readonly inputs: readonly DeclaredTensor[];
  readonly outputs: readonly DeclaredTensor[];
}

/** @throws OnnxModelError where the bytes are no ONNX model */
export function readModel(bytes: Uint8Array): ReadModel {
  const { model, opset, graph: graphFields } = onnxFields;
  const fields = readFields(bytes);
  const graphs = contentsOf(fields, model.graph);
  const irVersion = integerOf(fields, model.irVersion);
  if (graphs.length !== 1 || irVersion === undefined) throw new OnnxModelError('The file is no ONNX model: it has no graph or no version of the format.');
  const graph = readFields(graphs[0]!);
  const filled = new Set([
    ...contentsOf(graph, graphFields.initializer).map((tensor) => textOf(readFields(tensor), onnxFields.tensor.name)),
    ...contentsOf(graph, graphFields.sparseInitializer).flatMap((sparse) => contentsOf(readFields(sparse), onnxFields.sparseTensor.values)).map((tensor) => textOf(readFields(tensor), onnxFields.tensor.name)),
  ]);
  const opsets = contentsOf(fields, model.opset).map((entry) => {
    const read = readFields(entry);
    const domain = textOf(read, opset.domain);
    return [domain === 'ai.onnx' ? '' : domain, integerOf(read, opset.version) ?? 0] as const;
  });
  return {
    fields,
    graph,
    irVersion,
    producer: [textOf(fields, model.producerName), textOf(fields, model.producerVersion)].filter((text) => text !== '').join(' '),
    opsets: new Map(opsets),
    inputs: contentsOf(graph, graphFields.input).map(declaredTensor).filter(({ name }) => !filled.has(name)),
    outputs: contentsOf(graph, graphFields.output).map(declaredTensor),
  };
}

/** ValueInfoProto { name, TypeProto { tensor_type { elem_type, shape { dim { dim_value, dim_param } } } } } */
function declaredTensor(valueInfo: Uint8Array): DeclaredTensor {
  const fields = readFields(valueInfo);
  const name = textOf(fields, onnxFields.valueInfo.name);
  const [type] = contentsOf(fields, onnxFields.valueInfo.type);
  const [tensor] = type === undefined ? [] : contentsOf(readFields(type), 1);
  if (tensor === undefined) return { name, elementType: undefined, shape: undefined };
  const read = readFields(tensor);
  const [shape] = contentsOf(read, 2);
  return {
    name,
    elementType: integerOf(read, 1),
    shape: shape === undefined ? undefined : contentsOf(readFields(shape), 1).map((dimension) => integerOf(readFields(dimension), 1)),
  };
}
