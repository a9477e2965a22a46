import type { DocumentValue, NumericArray } from './document.ts';
import { isNumericArray, sortedEntries } from './document.ts';
import { ModelFormatError } from './errors.ts';

/**
 * Universal Binary JSON as XGBoost writes it: big-endian, lengths as int64 (`L`), untyped arrays `[#L…` and typed ones
 * `[$d#L…`, objects `{…}` without a count. The reader takes the rest of the specification too.
 */
interface ElementType {
  readonly size: number;
  readonly allocate: (length: number) => NumericArray;
  readonly read: (view: DataView, offset: number) => number | bigint;
  readonly write: (view: DataView, offset: number, value: number | bigint) => void;
}

const elementTypes: Readonly<Record<string, ElementType>> = {
  i: { size: 1, allocate: (n) => new Int8Array(n), read: (v, o) => v.getInt8(o), write: (v, o, x) => v.setInt8(o, Number(x)) },
  U: { size: 1, allocate: (n) => new Uint8Array(n), read: (v, o) => v.getUint8(o), write: (v, o, x) => v.setUint8(o, Number(x)) },
  I: { size: 2, allocate: (n) => new Int16Array(n), read: (v, o) => v.getInt16(o), write: (v, o, x) => v.setInt16(o, Number(x)) },
  l: { size: 4, allocate: (n) => new Int32Array(n), read: (v, o) => v.getInt32(o), write: (v, o, x) => v.setInt32(o, Number(x)) },
  L: { size: 8, allocate: (n) => new BigInt64Array(n), read: (v, o) => v.getBigInt64(o), write: (v, o, x) => v.setBigInt64(o, BigInt(x)) },
  d: { size: 4, allocate: (n) => new Float32Array(n), read: (v, o) => v.getFloat32(o), write: (v, o, x) => v.setFloat32(o, Number(x)) },
  D: { size: 8, allocate: (n) => new Float64Array(n), read: (v, o) => v.getFloat64(o), write: (v, o, x) => v.setFloat64(o, Number(x)) },
};

/** Deeper than any model; a file that nests further is not one. */
const maximumDepth = 64;

/** Reads one UBJSON value that fills all the bytes. Throws a ModelFormatError that names the byte where the file is broken. */
export function decodeUbjson(bytes: Uint8Array): DocumentValue {
  const reader = new UbjsonReader(bytes);
  const value = reader.value(reader.marker('a value'), 0);
  reader.expectEnd();
  return value;
}

class UbjsonReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private offset = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  marker(expected: string): string {
    let marker: string;
    do marker = String.fromCharCode(this.bytes[this.take(1, expected)]!);
    while (marker === 'N');
    return marker;
  }

  value(marker: string, depth: number): DocumentValue {
    if (depth > maximumDepth) throw this.error(`more than ${maximumDepth} levels of nesting`, 'the few of an XGBoost model');
    switch (marker) {
      case 'Z':
        return null;
      case 'T':
        return true;
      case 'F':
        return false;
      case 'S':
        return this.text(this.length());
      case 'C':
        return this.text(1);
      case 'H':
        return Number(this.text(this.length()));
      case '[':
        return this.array(depth);
      case '{':
        return this.object(depth);
      default:
        return this.number(marker);
    }
  }

  expectEnd(): void {
    if (this.offset !== this.bytes.length) throw this.error(`${this.bytes.length - this.offset} more bytes`, 'the end of the file');
  }

  private array(depth: number): DocumentValue {
    const { type, count, next } = this.header(']');
    if (type !== undefined && count !== undefined && Object.hasOwn(elementTypes, type)) return this.typedArray(type, count);
    const items: DocumentValue[] = [];
    if (count !== undefined) {
      for (let i = 0; i < count; i++) items.push(this.value(type ?? this.marker('an array element'), depth + 1));
      return items;
    }
    for (let marker = next; marker !== ']'; marker = this.marker('an array element or ]')) items.push(this.value(marker, depth + 1));
    return items;
  }

  private object(depth: number): DocumentValue {
    const { type, count, next } = this.header('}');
    const entries: [string, DocumentValue][] = [];
    const entry = (lengthMarker: string): void => {
      const key = this.text(this.length(lengthMarker));
      entries.push([key, this.value(type ?? this.marker(`the value of "${key}"`), depth + 1)]);
    };
    if (count !== undefined) for (let i = 0; i < count; i++) entry(this.marker('a key'));
    else for (let marker = next; marker !== '}'; marker = this.marker('a key or }')) entry(marker);
    return Object.fromEntries(entries);
  }

  /** The optional `$type` and `#count` of a container, or else the first marker of its content. */
  private header(end: string): { type?: string; count?: number; next: string } {
    const first = this.marker(`an element or ${end}`);
    if (first !== '$' && first !== '#') return { next: first };
    const type = first === '$' ? this.marker('an element type') : undefined;
    if (type !== undefined) {
      // Elements without a body would let nine bytes claim any number of them.
      if ('ZTFN'.includes(type)) throw this.error(`elements of type ${type}`, 'a type that takes room');
      const hash = this.marker('#');
      if (hash !== '#') throw this.error(`"${hash}"`, '# and the count that a typed container has');
    }
    return { ...(type === undefined ? {} : { type }), count: this.length(), next: end };
  }

  private typedArray(marker: string, count: number): NumericArray {
    const type = this.elementType(marker);
    const start = this.take(count * type.size, `${count} elements of type ${marker}`);
    const array = type.allocate(count);
    for (let i = 0; i < count; i++) array[i] = type.read(this.view, start + i * type.size);
    return array;
  }

  private number(marker: string): number {
    const type = this.elementType(marker);
    return Number(type.read(this.view, this.take(type.size, `a number of type ${marker}`)));
  }

  private elementType(marker: string): ElementType {
    const type = elementTypes[marker];
    if (type === undefined) throw this.error(JSON.stringify(marker), 'a UBJSON type marker');
    return type;
  }

  private length(marker = this.marker('a length')): number {
    const length = this.number(marker);
    if (!Number.isSafeInteger(length) || length < 0) throw this.error(`the length ${length}`, 'an integer of at least 0');
    return length;
  }

  private text(length: number): string {
    const start = this.take(length, `a text of ${length} bytes`);
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, length).toString('utf8');
  }

  private take(size: number, expected: string): number {
    const start = this.offset;
    if (size > this.bytes.length - start) throw this.error(`the end of the file (${this.bytes.length} bytes)`, expected);
    this.offset += size;
    return start;
  }

  private error(found: string, expected: string): ModelFormatError {
    return new ModelFormatError(`byte ${this.offset}`, found, expected);
  }
}

/** Writes a document as XGBoost would: keys sorted, the smallest integer type for each single integer. */
export function encodeUbjson(value: DocumentValue): Uint8Array {
  const writer = new UbjsonWriter();
  writer.value(value);
  return writer.bytes();
}

class UbjsonWriter {
  private buffer = Buffer.alloc(1 << 16);
  private view = new DataView(this.buffer.buffer, this.buffer.byteOffset, this.buffer.byteLength);
  private offset = 0;

  bytes(): Uint8Array {
    return new Uint8Array(this.buffer.subarray(0, this.offset));
  }

  value(value: DocumentValue): void {
    if (value === null) this.marker('Z');
    else if (typeof value === 'boolean') this.marker(value ? 'T' : 'F');
    else if (typeof value === 'number') this.scalar(value);
    else if (typeof value === 'string') this.string(value);
    else if (isNumericArray(value)) this.typedArray(value);
    else if (Array.isArray(value)) this.array(value as readonly DocumentValue[]);
    else this.object(value as { readonly [key: string]: DocumentValue });
  }

  private object(value: { readonly [key: string]: DocumentValue }): void {
    this.marker('{');
    for (const [key, item] of sortedEntries(value)) {
      this.text(key);
      this.value(item);
    }
    this.marker('}');
  }

  private array(value: readonly DocumentValue[]): void {
    this.marker('[');
    this.marker('#');
    this.element('L', value.length);
    for (const item of value) this.value(item);
  }

  private typedArray(value: NumericArray): void {
    const marker = markerOf(value);
    const type = elementTypes[marker]!;
    this.marker('[');
    this.marker('$');
    this.marker(marker);
    this.marker('#');
    this.element('L', value.length);
    const start = this.reserve(value.length * type.size);
    for (let i = 0; i < value.length; i++) type.write(this.view, start + i * type.size, value[i]!);
  }

  private scalar(value: number): void {
    if (!Number.isSafeInteger(value)) this.element(Math.fround(value) === value ? 'd' : 'D', value);
    else if (value >= -0x80 && value < 0x80) this.element('i', value);
    else if (value >= -0x8000 && value < 0x8000) this.element('I', value);
    else if (value >= -0x80000000 && value < 0x80000000) this.element('l', value);
    else this.element('L', value);
  }

  private element(marker: string, value: number): void {
    const type = elementTypes[marker]!;
    this.marker(marker);
    type.write(this.view, this.reserve(type.size), value);
  }

  private string(value: string): void {
    this.marker('S');
    this.text(value);
  }

  private text(value: string): void {
    const length = Buffer.byteLength(value);
    this.element('L', length);
    const start = this.reserve(length);
    this.buffer.write(value, start, 'utf8');
  }

  private marker(marker: string): void {
    const start = this.reserve(1);
    this.buffer[start] = marker.charCodeAt(0);
  }

  private reserve(size: number): number {
    const start = this.offset;
    this.offset += size;
    if (this.offset > this.buffer.length) {
      const grown = Buffer.alloc(Math.max(this.offset, this.buffer.length * 2));
      this.buffer.copy(grown, 0, 0, start);
      this.buffer = grown;
      this.view = new DataView(grown.buffer, grown.byteOffset, grown.byteLength);
    }
    return start;
  }
}

function markerOf(value: NumericArray): string {
  if (value instanceof Float32Array) return 'd';
  if (value instanceof Float64Array) return 'D';
  if (value instanceof Int32Array) return 'l';
  if (value instanceof Int16Array) return 'I';
  if (value instanceof Int8Array) return 'i';
  if (value instanceof Uint8Array) return 'U';
  return 'L';
}
