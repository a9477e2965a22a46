import type { DocumentObject, DocumentValue } from './document.ts';
import { isNumericArray } from './document.ts';
import { ModelFormatError } from './errors.ts';

/** A place in a model document: reads what should be there, or throws a ModelFormatError that names the place. */
export class Cursor {
  readonly path: string;
  readonly value: DocumentValue;

  constructor(value: DocumentValue, path = '') {
    this.value = value;
    this.path = path;
  }

  /** A field that must be there. */
  field(name: string): Cursor {
    const field = this.optionalField(name);
    if (field === undefined) throw this.error(describeKeys(this.object()), `a field "${name}"`);
    return field;
  }

  /** A field that older or newer versions of XGBoost do not write. */
  optionalField(name: string): Cursor | undefined {
    const object = this.object();
    if (!Object.hasOwn(object, name)) return undefined;
    return new Cursor(object[name]!, this.path === '' ? name : `${this.path}.${name}`);
  }

  object(): DocumentObject {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value) || isNumericArray(this.value)) {
      throw this.unexpected('an object');
    }
    return this.value as DocumentObject;
  }

  string(): string {
    if (typeof this.value !== 'string') throw this.unexpected('a string');
    return this.value;
  }

  /** An object whose values are all strings: attributes and parameters. */
  strings(): Record<string, string> {
    return Object.fromEntries(Object.keys(this.object()).map((key) => [key, this.field(key).string()]));
  }

  /** The elements of an array of anything. */
  elements(): Cursor[] {
    if (!Array.isArray(this.value) && !isNumericArray(this.value)) throw this.unexpected('an array');
    return Array.from(this.value as ArrayLike<DocumentValue>, (element, index) => new Cursor(element, `${this.path}[${index}]`));
  }

  integer(): number {
    if (typeof this.value !== 'number' || !Number.isSafeInteger(this.value)) throw this.unexpected('an integer');
    return this.value;
  }

  /** A parameter: XGBoost writes its numbers as text. */
  count(): number {
    const text = this.string();
    if (!/^\d{1,15}$/.test(text)) throw this.unexpected('an integer of at least 0, as text');
    return Number(text);
  }

  floats(length: number): Float32Array {
    return this.numbers(length, new Float32Array(length), toFloat, 'a number');
  }

  /** Integers from `minimum` to `maximum`. */
  integers(length: number, minimum = -0x80000000, maximum = 0x7fffffff): Int32Array {
    const inRange = (value: unknown): number | undefined => {
      const number = typeof value === 'bigint' ? Number(value) : value;
      return typeof number === 'number' && Number.isInteger(number) && number >= minimum && number <= maximum ? number : undefined;
    };
    return this.numbers(length, new Int32Array(length), inRange, `an integer from ${minimum} to ${maximum}`);
  }

  /** An error about this place. */
  error(found: string, expected: string): ModelFormatError {
    return new ModelFormatError(this.path === '' ? 'the document' : this.path, found, expected);
  }

  /** An error about this place's own value. */
  unexpected(expected: string): ModelFormatError {
    return this.error(describe(this.value), expected);
  }

  private numbers<T extends Float32Array | Int32Array>(
    length: number,
    into: T,
    convert: (value: unknown) => number | undefined,
    expected: string,
  ): T {
    if (!Array.isArray(this.value) && !isNumericArray(this.value)) throw this.unexpected(`an array of ${length} numbers`);
    const values = this.value as ArrayLike<unknown>;
    if (values.length !== length) throw this.error(`${values.length} elements`, `${length}`);
    for (let i = 0; i < length; i++) {
      const number = convert(values[i]);
      if (number === undefined) throw new Cursor(values[i] as DocumentValue, `${this.path}[${i}]`).unexpected(expected);
      into[i] = number;
    }
    return into;
  }
}

/** The JSON reader hands on XGBoost's bare words as texts. */
function toFloat(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : undefined;
}

function describe(value: DocumentValue): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value) || isNumericArray(value)) return `an array of ${(value as ArrayLike<unknown>).length} elements`;
  if (typeof value === 'object') return describeKeys(value as DocumentObject);
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function describeKeys(object: DocumentObject): string {
  const keys = Object.keys(object);
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 12).join(', ')}${keys.length > 12 ? ', …' : ''}`;
}
