import type { DocumentObject, DocumentValue, NumericArray } from './document.ts';
import { isNumericArray, sortedEntries } from './document.ts';
import { elementTypes, markerOf } from './ubjson-elements.ts';

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
    else this.object(value as DocumentObject);
  }

  private object(value: DocumentObject): void {
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
    // Reserved first: it may put a larger buffer, and so another view, in place.
    const start = this.reserve(type.size);
    type.write(this.view, start, value);
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
