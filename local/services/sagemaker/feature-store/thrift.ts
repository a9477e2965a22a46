/** A value of Thrift's compact protocol, as far as Parquet's own structures need it. */
export type ThriftValue =
  | { readonly i32: number }
  | { readonly i64: number }
  | { readonly text: string }
  | { readonly list: readonly ThriftValue[] }
  | { readonly struct: readonly (readonly [id: number, value: ThriftValue])[] };

const stop = 0;

/** Writes a structure in Thrift's compact protocol. Fields come in the order of their ids. */
export function writeStruct(fields: readonly (readonly [id: number, value: ThriftValue])[]): Buffer {
  let last = 0;
  const parts = fields.map(([id, value]) => {
    const head = Buffer.from([((id - last) << 4) | typeOf(value)]);
    last = id;
    return Buffer.concat([head, write(value)]);
  });
  return Buffer.concat([...parts, Buffer.from([stop])]);
}

/** A whole number of at most 53 bits, seven bits a byte. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
}

function typeOf(value: ThriftValue): number {
  if ('i32' in value) return 5;
  if ('i64' in value) return 6;
  if ('text' in value) return 8;
  return 'list' in value ? 9 : 12;
}

function write(value: ThriftValue): Buffer {
  if ('i32' in value) return varint(value.i32 * 2);
  if ('i64' in value) return varint(value.i64 * 2);
  if ('text' in value) return withLength(Buffer.from(value.text));
  if ('struct' in value) return writeStruct(value.struct);
  const [first] = value.list;
  const type = first === undefined ? 5 : typeOf(first);
  const head = value.list.length < 15 ? Buffer.from([(value.list.length << 4) | type]) : Buffer.concat([Buffer.from([0xf0 | type]), varint(value.list.length)]);
  return Buffer.concat([head, ...value.list.map(write)]);
}

function withLength(bytes: Buffer): Buffer {
  return Buffer.concat([varint(bytes.length), bytes]);
}
