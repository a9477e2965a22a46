import type { DocumentValue, NumericArray } from './document.ts';
import { ModelFormatError } from './errors.ts';
import type { ElementType } from './ubjson-elements.ts';
import { elementTypes } from './ubjson-elements.ts';

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
