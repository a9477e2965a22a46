import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The part of ONNX's protobuf (onnx.proto) that Slipway's models need, as plain objects. */
export interface Model {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  /** Operator set versions by domain; '' is ONNX's own. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly graph: Graph;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A graph of operators; a node's inputs are graph inputs, initializers, or outputs of nodes before it. */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly initializers: readonly Tensor[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

/** One operator. */
export interface Node {
  readonly name: string;
  readonly operator: string;
  /** The operator set that it is from; ONNX's own by default. */
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** An operator's setting: exactly one of these. */
export type Attribute =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly string: string }
  | { readonly floats: Float32Array }
  | { readonly ints: ArrayLike<number> }
  | { readonly strings: readonly string[] };

/** A constant of float32 values. */
export interface Tensor {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly values: Float32Array;
}

/** An input or output: a tensor whose dimensions are numbers, or names where they vary. */
export interface ValueInfo {
  readonly name: string;
  readonly type: 'float' | 'string';
  readonly dimensions: readonly (number | string)[];
}

const elementTypes = { float: 1, string: 8 } as const;

/** The model's bytes. */
export function encodeModel(model: Model): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  field(writer, 1).int64(model.irVersion);
  text(writer, 2, model.producerName);
  text(writer, 3, model.producerVersion);
  message(writer, 7, (graph) => writeGraph(graph, model.graph));
  for (const [domain, version] of Object.entries(model.opsets)) {
    message(writer, 8, (opset) => {
      text(opset, 1, domain);
      field(opset, 2).int64(version);
    });
  }
  for (const [key, value] of Object.entries(model.metadata)) {
    message(writer, 14, (entry) => {
      text(entry, 1, key);
      text(entry, 2, value);
    });
  }
  return writer.finish();
}

/** The bytes of the parts of a graph, for one that is put together from several. */
export const encodeParts = {
  node: (node: Node): Uint8Array<ArrayBuffer> => written((writer) => writeNode(writer, node)),
  tensor: (tensor: Tensor): Uint8Array<ArrayBuffer> => written((writer) => writeTensor(writer, tensor)),
  valueInfo: (value: ValueInfo): Uint8Array<ArrayBuffer> => written((writer) => writeValueInfo(writer, value)),
};

function written(write: (writer: BinaryWriter) => void): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, graph: Graph): void {
  for (const node of graph.nodes) message(writer, 1, (nested) => writeNode(nested, node));
  text(writer, 2, graph.name);
  for (const tensor of graph.initializers) message(writer, 5, (nested) => writeTensor(nested, tensor));
  for (const input of graph.inputs) message(writer, 11, (nested) => writeValueInfo(nested, input));
  for (const output of graph.outputs) message(writer, 12, (nested) => writeValueInfo(nested, output));
}

function writeNode(writer: BinaryWriter, node: Node): void {
  for (const input of node.inputs) text(writer, 1, input);
  for (const output of node.outputs) text(writer, 2, output);
  text(writer, 3, node.name);
  text(writer, 4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes ?? {})) {
    message(writer, 5, (nested) => writeAttribute(nested, name, attribute));
  }
  if (node.domain !== undefined) text(writer, 7, node.domain);
}

function writeAttribute(writer: BinaryWriter, name: string, attribute: Attribute): void {
  text(writer, 1, name);
  if ('float' in attribute) writer.tag(2, WireType.Bit32).float(attribute.float);
  else if ('int' in attribute) field(writer, 3).int64(attribute.int);
  else if ('string' in attribute) text(writer, 4, attribute.string);
  else if ('floats' in attribute) writer.tag(7, WireType.LengthDelimited).bytes(littleEndian(attribute.floats));
  else if ('ints' in attribute) packedIntegers(writer, 8, attribute.ints);
  else for (const value of attribute.strings) text(writer, 9, value);
  field(writer, 20).int32(attributeType(attribute));
}

function attributeType(attribute: Attribute): number {
  if ('float' in attribute) return 1;
  if ('int' in attribute) return 2;
  if ('string' in attribute) return 3;
  if ('floats' in attribute) return 6;
  return 'ints' in attribute ? 7 : 8;
}

function writeTensor(writer: BinaryWriter, tensor: Tensor): void {
  packedIntegers(writer, 1, tensor.dimensions);
  field(writer, 2).int32(elementTypes.float);
  text(writer, 8, tensor.name);
  writer.tag(9, WireType.LengthDelimited).bytes(littleEndian(tensor.values));
}

function writeValueInfo(writer: BinaryWriter, value: ValueInfo): void {
  text(writer, 1, value.name);
  message(writer, 2, (type) =>
    message(type, 1, (tensor) => {
      field(tensor, 1).int32(elementTypes[value.type]);
      message(tensor, 2, (shape) => {
        for (const dimension of value.dimensions) {
          message(shape, 1, (nested) => {
            if (typeof dimension === 'number') field(nested, 1).int64(dimension);
            else text(nested, 2, dimension);
          });
        }
      });
    }),
  );
}

function field(writer: BinaryWriter, number: number): BinaryWriter {
  return writer.tag(number, WireType.Varint);
}

function text(writer: BinaryWriter, number: number, value: string): void {
  writer.tag(number, WireType.LengthDelimited).string(value);
}

function message(writer: BinaryWriter, number: number, write: (nested: BinaryWriter) => void): void {
  writer.tag(number, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

function packedIntegers(writer: BinaryWriter, number: number, values: ArrayLike<number>): void {
  message(writer, number, (packed) => {
    for (let i = 0; i < values.length; i++) packed.int64(values[i]!);
  });
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => bytes.setFloat32(index * 4, value, true));
  return new Uint8Array(bytes.buffer);
}
