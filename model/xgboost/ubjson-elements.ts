import type { NumericArray } from './document.ts';

/** How one of UBJSON's number types lies in the bytes (big-endian). */
export interface ElementType {
  readonly size: number;
  readonly allocate: (length: number) => NumericArray;
  readonly read: (view: DataView, offset: number) => number | bigint;
  readonly write: (view: DataView, offset: number, value: number | bigint) => void;
}

/** The number types by their markers. */
export const elementTypes: Readonly<Record<string, ElementType>> = {
  i: { size: 1, allocate: (n) => new Int8Array(n), read: (v, o) => v.getInt8(o), write: (v, o, x) => v.setInt8(o, Number(x)) },
  U: { size: 1, allocate: (n) => new Uint8Array(n), read: (v, o) => v.getUint8(o), write: (v, o, x) => v.setUint8(o, Number(x)) },
  I: { size: 2, allocate: (n) => new Int16Array(n), read: (v, o) => v.getInt16(o), write: (v, o, x) => v.setInt16(o, Number(x)) },
  l: { size: 4, allocate: (n) => new Int32Array(n), read: (v, o) => v.getInt32(o), write: (v, o, x) => v.setInt32(o, Number(x)) },
  L: { size: 8, allocate: (n) => new BigInt64Array(n), read: (v, o) => v.getBigInt64(o), write: (v, o, x) => v.setBigInt64(o, BigInt(x)) },
  d: { size: 4, allocate: (n) => new Float32Array(n), read: (v, o) => v.getFloat32(o), write: (v, o, x) => v.setFloat32(o, Number(x)) },
  D: { size: 8, allocate: (n) => new Float64Array(n), read: (v, o) => v.getFloat64(o), write: (v, o, x) => v.setFloat64(o, Number(x)) },
};

/** The marker of an array's type. */
export function markerOf(value: NumericArray): string {
  if (value instanceof Float32Array) return 'd';
  if (value instanceof Float64Array) return 'D';
  if (value instanceof Int32Array) return 'l';
  if (value instanceof Int16Array) return 'I';
  if (value instanceof Int8Array) return 'i';
  if (value instanceof Uint8Array) return 'U';
  return 'L';
}
