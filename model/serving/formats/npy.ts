import { RequestError } from '../errors.ts';
import type { ServingSchema } from '../schema.ts';
import { float32Bytes, matrixOf } from './answers.ts';
import { cellValue, numberValue } from './cells.ts';
import { type Format, requireRows } from './format.ts';
import { type ItemType, itemTypeOf } from './npy-types.ts';

/**
 * NumPy's file format: an array of a row's values in schema order and row after row (one row may be a vector), or a structured one with fields named as the columns.
 * NaN is missing; text arrays hold cells as CSV does. The answer is a float32 array: the probabilities a row in the order of the classes, or the value of a regression.
 */
export const npy: Format = {
  decode(bytes, schema, maximumRows) {
    const { header, data } = partsOf(bytes);
    const shape = shapeOf(header);
    const fields = fieldsOf(header);
    return fields === undefined ? matrixRows(header, shape, data, schema, maximumRows) : recordRows(fields, shape, data, schema, maximumRows);
  },
  encode(answers, description) {
    const { values, shape } = matrixOf(answers, description);
    const head = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
    // The data begins at a multiple of 64.
    const length = Math.ceil((prefixBytes + head.length + 1) / 64) * 64 - prefixBytes;
    const prefix = Buffer.alloc(prefixBytes);
    prefix.write(`${magic}\x01\x00`, 'latin1');
    prefix.writeUInt16LE(length, 8);
    return Buffer.concat([prefix, Buffer.from(`${head.padEnd(length - 1)}\n`, 'latin1'), float32Bytes(values)]);
  },
};

const magic = '\x93NUMPY';
const prefixBytes = 10;

function partsOf(bytes: Buffer): { header: string; data: Buffer } {
  if (bytes.length < prefixBytes || bytes.toString('latin1', 0, magic.length) !== magic) throw malformed(bytes.length === 0 ? 'empty' : 'no .npy file', "an array as numpy.save writes it");
  const major = bytes[6]!;
  if (major < 1 || major > 3) throw malformed(`a .npy file of version ${String(major)}`, 'version 1, 2 or 3');
  const start = major === 1 ? prefixBytes : 12;
  const end = bytes.length < start ? Infinity : start + (major === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  if (end > bytes.length) throw malformed('cut off in its header', 'a whole .npy file');
  return { header: bytes.toString('utf8', start, end), data: bytes.subarray(end) };
}

function shapeOf(header: string): readonly number[] {
  const [, listed] = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header) ?? [];
  if (listed === undefined) throw malformed('a .npy file whose header has no shape', "a header with 'descr', 'fortran_order' and 'shape'");
  return listed.split(',').map((size) => size.trim()).filter((size) => size !== '').map(Number);
}

/** The fields of a structured array. */
function fieldsOf(header: string): { name: string; type: ItemType }[] | undefined {
  const [, listed] = /'descr'\s*:\s*\[(.*?)\]\s*,\s*'/.exec(header) ?? [];
  if (listed === undefined) return undefined;
  return [...listed.matchAll(/\('([^']*)',\s*'([^']*)'\)/g)].map(([, name = '', descr = '']) => ({ name, type: itemTypeOf(descr, name) }));
}

function matrixRows(header: string, shape: readonly number[], data: Buffer, { columns }: ServingSchema, maximumRows: number): unknown[] {
  const [, descr = ''] = /'descr'\s*:\s*'([^']*)'/.exec(header) ?? [];
  const type = itemTypeOf(descr, 'dtype');
  const width = columns.length;
  const rows = shape.length === 1 && shape[0] === width ? 1 : shape.length === 2 && shape[1] === width ? shape[0]! : undefined;
  if (rows === undefined) {
    throw new RequestError('WrongShape', [{ field: 'shape', found: `(${shape.join(', ')})`, expected: `(rows, ${String(width)}): ${columns.map(({ name }) => name).join(', ')}` }]);
  }
  requireRows(rows, maximumRows);
  requireBytes(data, rows * width * type.bytes);
  const isFortran = /'fortran_order'\s*:\s*True/.test(header);
  return Array.from({ length: rows }, (_, row) =>
    columns.map((column, index) => {
      const item = type.read(data, (isFortran ? index * rows + row : row * width + index) * type.bytes);
      return typeof item === 'string' ? (item === '' ? null : cellValue(item, column)) : typeof item === 'number' ? numberValue(item, column) : item;
    }));
}

function recordRows(fields: readonly { name: string; type: ItemType }[], shape: readonly number[], data: Buffer, { byName }: ServingSchema, maximumRows: number): unknown[] {
  const rows = shape.length <= 1 ? (shape[0] ?? 1) : undefined;
  if (rows === undefined) throw new RequestError('WrongShape', [{ field: 'shape', found: `(${shape.join(', ')})`, expected: '(rows,) for an array with fields' }]);
  const rowBytes = fields.reduce((bytes, { type }) => bytes + type.bytes, 0);
  requireRows(rows, maximumRows);
  requireBytes(data, rows * rowBytes);
  return Array.from({ length: rows }, (_, row) => {
    const values = Object.create(null) as Record<string, unknown>;
    let at = row * rowBytes;
    for (const { name, type } of fields) {
      const item = type.read(data, at);
      const column = byName.get(name);
      values[name] = column === undefined ? item : typeof item === 'string' ? cellValue(item, column) : typeof item === 'number' ? numberValue(item, column) : item;
      at += type.bytes;
    }
    return values;
  });
}

function requireBytes(data: Buffer, expected: number): void {
  if (data.length !== expected) throw malformed(`a .npy file with ${String(data.length)} bytes of data`, `${String(expected)}, as its header says`);
}

function malformed(found: string, expected: string): RequestError {
  return new RequestError('MalformedData', [{ field: 'body', found, expected }]);
}
