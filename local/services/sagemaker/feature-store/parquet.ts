import { varint, writeStruct, type ThriftValue } from './thrift.ts';

/** A column of a Parquet file; a value that is absent is null. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: 'text' | 'integer' | 'double' | 'boolean' | 'timestamp';
  readonly values: readonly (string | number | bigint | boolean | null)[];
}

/** Parquet's physical type and, where it needs one, its converted type. */
const types = { boolean: [0], integer: [2], timestamp: [2, 9], double: [5], text: [6, 0] } as const;

const magic = Buffer.from('PAR1');
const [plain, rle] = [0, 3];

/** Writes a Parquet file: one row group, a page a column, no compression, every column optional. */
export function writeParquet(columns: readonly ParquetColumn[]): Buffer {
  const rows = columns[0]?.values.length ?? 0;
  let offset = magic.length;
  const chunks = columns.map((column) => {
    const bytes = columnPage(column);
    const chunk = { column, offset, bytes };
    offset += bytes.length;
    return chunk;
  });
  const size = offset - magic.length;
  const rowGroup: ThriftValue = { struct: [[1, { list: chunks.map(columnChunk) }], [2, { i64: size }], [3, { i64: rows }]] };
  const root: ThriftValue = { struct: [[4, { text: 'schema' }], [5, { i32: columns.length }]] };
  const footer = writeStruct([
    [1, { i32: 1 }],
    [2, { list: [root, ...columns.map(schemaElement)] }],
    [3, { i64: rows }],
    [4, { list: [rowGroup] }],
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([magic, ...chunks.map(({ bytes }) => bytes), footer, length, magic]);
}

function schemaElement({ name, type }: ParquetColumn): ThriftValue {
  const [physical, converted] = types[type];
  return { struct: [[1, { i32: physical }], [3, { i32: 1 }], [4, { text: name }], ...(converted === undefined ? [] : [[6, { i32: converted }] as const])] };
}

function columnChunk({ column, offset, bytes }: { column: ParquetColumn; offset: number; bytes: Buffer }): ThriftValue {
  const size: ThriftValue = { i64: bytes.length };
  const metaData: ThriftValue = {
    struct: [
      [1, { i32: types[column.type][0] }],
      [2, { list: [{ i32: plain }, { i32: rle }] }],
      [3, { list: [{ text: column.name }] }],
      [4, { i32: 0 }],
      [5, { i64: column.values.length }],
      [6, size],
      [7, size],
      [9, { i64: offset }],
    ],
  };
  return { struct: [[2, { i64: offset }], [3, metaData]] };
}

function columnPage({ type, values }: ParquetColumn): Buffer {
  const levels = bits(values.map((value) => value !== null));
  const run = Buffer.concat([varint((levels.length << 1) | 1), levels]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(run.length);
  const data = Buffer.concat([length, run, plainValues(type, values.filter((value) => value !== null))]);
  const size: ThriftValue = { i32: data.length };
  const page: ThriftValue = { struct: [[1, { i32: values.length }], [2, { i32: plain }], [3, { i32: rle }], [4, { i32: rle }]] };
  return Buffer.concat([writeStruct([[1, { i32: 0 }], [2, size], [3, size], [5, page]]), data]);
}

function plainValues(type: ParquetColumn['type'], values: readonly (string | number | bigint | boolean)[]): Buffer {
  if (type === 'boolean') return bits(values.map(Boolean));
  return Buffer.concat(
    values.map((value) => {
      if (type === 'text') {
        const bytes = Buffer.from(String(value));
        const length = Buffer.alloc(4);
        length.writeUInt32LE(bytes.length);
        return Buffer.concat([length, bytes]);
      }
      const number = Buffer.alloc(8);
      if (type === 'double') number.writeDoubleLE(Number(value));
      else number.writeBigInt64LE(BigInt(value as number | bigint));
      return number;
    }),
  );
}

/** Eight a byte, the lowest bit first. */
function bits(values: readonly boolean[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(values.length / 8));
  values.forEach((value, index) => {
    if (value) bytes[index >> 3]! |= 1 << (index & 7);
  });
  return bytes;
}
