import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { contentsOf, readFields, textOf } from './messages.ts';
import type { RawField } from './messages.ts';
import { onnxFields } from './read-graph.ts';

/** A node of a graph, as far as trees need it. */
export interface ReadNode {
  readonly operator: string;
  /** '' is ONNX's own. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadAttributes;
}

const nodeFields = { input: 1, output: 2, operator: 4, attribute: 5, domain: 7 } as const;
const attributeFields = { name: 1, float: 2, int: 3, string: 4, floats: 7, ints: 8, strings: 9 } as const;
const decoder = new TextDecoder();

/** The nodes of a graph, in their order. */
export function readNodes(graph: readonly RawField[]): ReadNode[] {
  return contentsOf(graph, onnxFields.graph.node).map((bytes) => {
    const fields = readFields(bytes);
    const texts = (number: number): string[] => contentsOf(fields, number).map((content) => decoder.decode(content));
    return {
      operator: textOf(fields, nodeFields.operator),
      domain: textOf(fields, nodeFields.domain),
      inputs: texts(nodeFields.input),
      outputs: texts(nodeFields.output),
      attributes: new ReadAttributes(contentsOf(fields, nodeFields.attribute)),
    };
  });
}

/** A node's settings by name. One that is absent is empty. */
export class ReadAttributes {
  private readonly byName: ReadonlyMap<string, readonly RawField[]>;

  constructor(attributes: readonly Uint8Array[]) {
    this.byName = new Map(
      attributes.map((bytes) => {
        const fields = readFields(bytes);
        return [textOf(fields, attributeFields.name), fields] as const;
      }),
    );
  }

  names(): string[] {
    return [...this.byName.keys()];
  }

  float(name: string): number | undefined {
    return this.floatsOf(name, attributeFields.float)[0];
  }

  int(name: string): number | undefined {
    return this.intsOf(name, attributeFields.int)[0];
  }

  string(name: string): string | undefined {
    const bytes = this.contents(name, attributeFields.string).at(-1);
    return bytes === undefined ? undefined : decoder.decode(bytes);
  }

  floats(name: string): Float32Array {
    return this.floatsOf(name, attributeFields.floats);
  }

  ints(name: string): Int32Array {
    return Int32Array.from(this.intsOf(name, attributeFields.ints));
  }

  strings(name: string): string[] {
    return this.contents(name, attributeFields.strings).map((bytes) => decoder.decode(bytes));
  }

  /** Texts as numbers, by a list of the texts that there may be; -1 for any other. It spares the decoding of thousands. */
  choices(name: string, among: readonly string[]): Int8Array {
    const encoded = among.map((text) => new TextEncoder().encode(text));
    return Int8Array.from(this.contents(name, attributeFields.strings), (bytes) =>
      encoded.findIndex((choice) => choice.length === bytes.length && choice.every((byte, index) => byte === bytes[index])),
    );
  }

  private contents(name: string, field: number): Uint8Array[] {
    return contentsOf(this.byName.get(name) ?? [], field);
  }

  private floatsOf(name: string, number: number): Float32Array {
    // One value a field, or all in one: both are little-endian bytes behind each other.
    const parts = this.contents(name, number);
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Float32Array.from({ length: bytes.byteLength >> 2 }, (_, index) => view.getFloat32(index * 4, true));
  }

  private intsOf(name: string, number: number): number[] {
    const values: number[] = [];
    for (const field of this.byName.get(name) ?? []) if (field.number === number) pushIntegers(field, values);
    return values;
  }
}

function pushIntegers({ bytes, wireType }: RawField, values: number[]): void {
  if (wireType === WireType.Varint) {
    values.push(Number(new BinaryReader(bytes).int64()));
    return;
  }
  for (let at = 0; at < bytes.length; ) {
    // Numbers of nodes and features are small: those of up to four bytes are read here, without a 64-bit number each.
    let value = 0;
    let shift = 0;
    let byte = bytes[at]!;
    const start = at;
    while (byte >= 0x80 && shift < 21) {
      value |= (byte & 0x7f) << shift;
      shift += 7;
      byte = bytes[++at] ?? 0;
    }
    if (byte < 0x80) {
      values.push(value | (byte << shift));
      at++;
      continue;
    }
    const reader = new BinaryReader(bytes.subarray(start));
    values.push(Number(reader.int64()));
    at = start + reader.pos;
  }
}
