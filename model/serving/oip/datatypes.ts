import { halfToNumber, largestHalf } from '../formats/half.ts';

/** An element of a tensor. */
export type Element = number | boolean | string;

/** A type of a tensor's elements, in the Open Inference Protocol. */
export interface Datatype {
  /** Bytes of an element in binary form, which is little-endian; undefined where each has its own. */
  readonly bytes: number | undefined;
  /** What JSON may say for an element, in words. */
  readonly expected: string;
  /** Whether JSON says such an element. */
  takes(value: unknown): boolean;
  /** An element of binary data. */
  read(data: Buffer, at: number): Element;
  /** An element as binary data, for those types that answers have. */
  write?(data: Buffer, value: Element, at: number): void;
}

function integer(bits: number, isSigned: boolean, read: Datatype['read'], write?: Datatype['write']): Datatype {
  // JSON's numbers are exact up to 2^53; what a caller meant beyond that nobody knows.
  const exact = Math.min(bits - (isSigned ? 1 : 0), 53);
  const highest = 2 ** exact - 1;
  const lowest = isSigned ? (exact === 53 ? -highest : -highest - 1) : 0;
  return {
    bytes: bits / 8,
    expected: `a whole number between ${String(lowest)} and ${String(highest)}`,
    takes: (value) => Number.isInteger(value) && (value as number) >= lowest && (value as number) <= highest,
    read,
    ...(write === undefined ? {} : { write }),
  };
}

function float(bytes: number, largest: number, read: Datatype['read'], write?: Datatype['write']): Datatype {
  const expected = `a number between ${String(-largest)} and ${String(largest)}`;
  return { bytes, expected, takes: (value) => typeof value === 'number' && Math.abs(value) <= largest, read, ...(write === undefined ? {} : { write }) };
}

/** By name. */
export const datatypes: ReadonlyMap<string, Datatype> = new Map<string, Datatype>([
  ['BOOL', { bytes: 1, expected: 'true or false', takes: (value) => typeof value === 'boolean', read: (data, at) => data[at] !== 0 }],
  ['UINT8', integer(8, false, (data, at) => data.readUInt8(at))],
  ['UINT16', integer(16, false, (data, at) => data.readUInt16LE(at))],
  ['UINT32', integer(32, false, (data, at) => data.readUInt32LE(at))],
  ['UINT64', integer(64, false, (data, at) => Number(data.readBigUInt64LE(at)))],
  ['INT8', integer(8, true, (data, at) => data.readInt8(at))],
  ['INT16', integer(16, true, (data, at) => data.readInt16LE(at))],
  ['INT32', integer(32, true, (data, at) => data.readInt32LE(at))],
  ['INT64', integer(64, true, (data, at) => Number(data.readBigInt64LE(at)), (data, value, at) => data.writeBigInt64LE(BigInt(value), at))],
  ['FP16', float(2, largestHalf, (data, at) => halfToNumber(data.readUInt16LE(at)))],
  ['FP32', float(4, 3.4028234663852886e38, (data, at) => data.readFloatLE(at), (data, value, at) => data.writeFloatLE(value as number, at))],
  ['FP64', float(8, Number.MAX_VALUE, (data, at) => data.readDoubleLE(at))],
  ['BYTES', { bytes: undefined, expected: 'a text', takes: (value) => typeof value === 'string', read: () => '' }],
]);
