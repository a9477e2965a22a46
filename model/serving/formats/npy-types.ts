import { RequestError } from '../errors.ts';
import { halfToNumber } from './half.ts';

/** How an item of an array is read. */
export interface ItemType {
  readonly bytes: number;
  read(data: Buffer, at: number): number | string | boolean;
}

/**
 * The type that a `descr` such as `<f4` names.
 * @param field what has it, in errors
 * @throws RequestError where such items are not read: objects are pickled, and unpickling runs code.
 */
export function itemTypeOf(descr: string, field: string): ItemType {
  const [, order = '', kind = '', digits = ''] = /^([<>|=])([a-zA-Z])(\d{1,6})$/.exec(descr) ?? [];
  const size = Number(digits);
  const isBig = order === '>';
  if ((kind === 'U' || kind === 'S') && size === 0) throw unread(descr, field);
  if (kind === 'U') return { bytes: 4 * size, read: (data, at) => utf32(data, at, size, isBig, field) };
  if (kind === 'S') return { bytes: size, read: (data, at) => upToZero(data.toString('utf8', at, at + size)) };
  const read = readers[`${kind}${digits}`];
  if (read === undefined) throw unread(descr, field);
  return { bytes: size, read: (data, at) => read(data, at, isBig) };
}

function unread(descr: string, field: string): RequestError {
  return new RequestError('WrongType', [{ field, found: `the type ${JSON.stringify(descr.slice(0, 40))}`, expected: 'bool, an integer, a float, or text (<U1, |S1, ..)' }]);
}

type Read = (data: Buffer, at: number, isBig: boolean) => number | boolean;

const readers: Readonly<Record<string, Read>> = Object.assign(Object.create(null) as Record<string, Read>, {
  b1: (data, at) => data[at] !== 0,
  i1: (data, at) => data.readInt8(at),
  u1: (data, at) => data.readUInt8(at),
  i2: (data, at, isBig) => (isBig ? data.readInt16BE(at) : data.readInt16LE(at)),
  u2: (data, at, isBig) => (isBig ? data.readUInt16BE(at) : data.readUInt16LE(at)),
  i4: (data, at, isBig) => (isBig ? data.readInt32BE(at) : data.readInt32LE(at)),
  u4: (data, at, isBig) => (isBig ? data.readUInt32BE(at) : data.readUInt32LE(at)),
  // Beyond 2^53 the number is rounded, and the check of the row refuses it where whole numbers are asked for.
  i8: (data, at, isBig) => Number(isBig ? data.readBigInt64BE(at) : data.readBigInt64LE(at)),
  u8: (data, at, isBig) => Number(isBig ? data.readBigUInt64BE(at) : data.readBigUInt64LE(at)),
  f2: (data, at, isBig) => halfToNumber(isBig ? data.readUInt16BE(at) : data.readUInt16LE(at)),
  f4: (data, at, isBig) => (isBig ? data.readFloatBE(at) : data.readFloatLE(at)),
  f8: (data, at, isBig) => (isBig ? data.readDoubleBE(at) : data.readDoubleLE(at)),
} satisfies Record<string, Read>);

function utf32(data: Buffer, start: number, size: number, isBig: boolean, field: string): string {
  let text = '';
  for (let at = start; at < start + 4 * size; at += 4) {
    const code = isBig ? data.readUInt32BE(at) : data.readUInt32LE(at);
    if (code === 0) break;
    if (code > 0x10ffff) throw new RequestError('MalformedText', [{ field, found: `the character ${String(code)}`, expected: 'a character of Unicode' }]);
    text += String.fromCodePoint(code);
  }
  return text;
}

function upToZero(text: string): string {
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}
