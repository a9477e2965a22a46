import { isUtf8 } from 'node:buffer';
import { describeValue, RequestError } from '../errors.ts';
import type { Datatype, Element } from './datatypes.ts';

/** The bytes before each element of a BYTES tensor: its length. */
const lengthBytes = 4;

/**
 * The elements of a tensor that JSON holds, flat or nested as its shape has it; null stands for what is missing.
 * @param name of the tensor, in errors
 * @throws RequestError
 */
export function jsonElements(data: unknown, shape: readonly number[], type: Datatype, name: string): (Element | null)[] {
  if (!Array.isArray(data)) throw new RequestError('WrongType', [{ field: `${name}.data`, found: describeValue(data), expected: 'a list' }]);
  const elements = Array.isArray(data[0]) ? flat(data, shape, name) : (data as unknown[]);
  const count = shape.reduce((product, size) => product * size, 1);
  if (elements.length !== count) throw new RequestError('WrongShape', [{ field: `${name}.data`, found: `${String(elements.length)} values`, expected: `${String(count)}, as its shape [${shape.join(', ')}] has it` }]);
  elements.forEach((value, index) => {
    if (value !== null && !type.takes(value)) throw new RequestError('WrongType', [{ field: `${name}[${String(index)}]`, found: describeValue(value), expected: type.expected }]);
  });
  return elements as (Element | null)[];
}

function flat(data: readonly unknown[], [size = 0, ...rest]: readonly number[], name: string): unknown[] {
  const wrong = (found: string): RequestError => new RequestError('WrongShape', [{ field: `${name}.data`, found, expected: `lists nested as the shape has it, ${String(size)} here` }]);
  if (data.length !== size) throw wrong(`a list of ${String(data.length)}`);
  if (rest.length === 0) return [...data];
  return data.flatMap((item) => {
    if (!Array.isArray(item)) throw wrong(`a list with ${describeValue(item)}`);
    return flat(item, rest, name);
  });
}

/** The elements of a tensor in binary form; a NaN stands for what is missing. @throws RequestError */
export function binaryElements(data: Buffer, count: number, type: Datatype, name: string): Element[] {
  const { bytes } = type;
  if (bytes === undefined) return texts(data, count, name);
  if (data.length !== count * bytes) throw new RequestError('WrongShape', [{ field: `${name}.parameters.binary_data_size`, found: `${String(data.length)} bytes`, expected: `${String(count * bytes)}, as its shape and datatype have it` }]);
  return Array.from({ length: count }, (_, index) => type.read(data, index * bytes));
}

function texts(data: Buffer, count: number, name: string): string[] {
  const wrong = (found: string, expected: string): RequestError => new RequestError('MalformedData', [{ field: name, found, expected }]);
  const elements: string[] = [];
  let at = 0;
  while (at < data.length) {
    const start = at + lengthBytes;
    const end = start > data.length ? Infinity : start + data.readUInt32LE(at);
    if (end > data.length) throw wrong(`cut off in its element ${String(elements.length)}`, 'for each element its length in 4 bytes, then its bytes');
    const text = data.subarray(start, end);
    if (!isUtf8(text)) throw wrong(`no UTF-8 in its element ${String(elements.length)}`, 'texts in UTF-8');
    elements.push(text.toString('utf8'));
    if (elements.length > count) break;
    at = end;
  }
  if (elements.length !== count) throw wrong(`${elements.length > count ? 'more than ' : ''}${String(Math.min(elements.length, count))} elements`, `${String(count)}, as its shape has it`);
  return elements;
}

/** Elements in binary form. */
export function binaryOf(elements: readonly Element[], type: Datatype): Buffer {
  const { bytes, write } = type;
  if (bytes !== undefined && write !== undefined) {
    const data = Buffer.alloc(elements.length * bytes);
    elements.forEach((element, index) => write(data, element, index * bytes));
    return data;
  }
  return Buffer.concat(elements.flatMap((element) => {
    const text = Buffer.from(String(element), 'utf8');
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32LE(text.length);
    return [length, text];
  }));
}
