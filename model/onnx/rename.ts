import { readFields, writeFields } from './messages.ts';

/** A message of onnx.proto in which tensors are named: the fields with names, and those with messages that hold some. */
interface NamedMessage {
  readonly names?: readonly number[];
  readonly messages?: Readonly<Record<number, NamedMessage>>;
}

const tensor: NamedMessage = { names: [8] };
const valueInfo: NamedMessage = { names: [1] };
/** Control flow (`If`, `Loop`, `Scan`) has graphs as attributes, which see the names around them. */
const attribute: { names?: readonly number[]; messages: Record<number, NamedMessage> } = { messages: {} };
const node: NamedMessage = { names: [1, 2], messages: { 5: attribute } };
const graph: NamedMessage = {
  messages: { 1: node, 5: tensor, 11: valueInfo, 12: valueInfo, 13: valueInfo, 14: { names: [1], messages: { 2: { names: [2] } } }, 15: { messages: { 1: tensor } } },
};
attribute.messages[6] = graph;
attribute.messages[11] = graph;

/** A graph in which every tensor has another name; what is no tensor's name stays to the byte. */
export function renameTensors(bytes: Uint8Array, rename: (name: string) => string): Uint8Array<ArrayBuffer> {
  return rewrite(bytes, graph, rename);
}

function rewrite(bytes: Uint8Array, { names = [], messages = {} }: NamedMessage, rename: (name: string) => string): Uint8Array<ArrayBuffer> {
  return writeFields(readFields(bytes).map((field) => {
    if (names.includes(field.number)) {
      const name = new TextDecoder().decode(field.bytes);
      // An empty name is an input that is left out.
      return name === '' ? field : { ...field, bytes: new TextEncoder().encode(rename(name)) };
    }
    const nested = messages[field.number];
    return nested === undefined ? field : { ...field, bytes: rewrite(field.bytes, nested, rename) };
  }));
}
