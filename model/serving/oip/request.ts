import type { RawValue } from '../../features/transforms.ts';
import { describeValue, RequestError, shortName } from '../errors.ts';
import { parseValue, type ParsedRow } from '../request.ts';
import type { ServingSchema } from '../schema.ts';
import { datatypes, type Element } from './datatypes.ts';
import { binaryElements, jsonElements } from './elements.ts';
import { columnDatatypes } from './signature.ts';

/** An object of the protocol whose `parameters`, where it has any, are an object. */
export interface WithParameters {
  readonly name?: unknown;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** What a caller asks for. */
export interface InferRequest {
  readonly id?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly inputs: readonly Readonly<Record<string, unknown>>[];
  /** Absent where all outputs are asked for. */
  readonly outputs?: readonly WithParameters[];
}

/** Checks the form of a request, as far as it does not depend on the model. What the protocol does not know is ignored, as it has extensions. @throws RequestError */
export function inferRequestOf(body: unknown): InferRequest {
  const request = objectOf(body, 'body');
  const { id } = request;
  if (id !== undefined && typeof id !== 'string') throw new RequestError('WrongType', [{ field: 'id', found: describeValue(id), expected: 'a text' }]);
  const inputs = listOf(request['inputs'], 'inputs');
  if (inputs.length === 0) throw new RequestError('InvalidBody', [{ field: 'inputs', found: describeValue(inputs), expected: 'a list of tensors' }]);
  const outputs = request['outputs'] === undefined ? undefined : listOf(request['outputs'], 'outputs');
  return { ...(id === undefined ? {} : { id }), ...parametersOf(request, 'parameters'), inputs, ...(outputs === undefined ? {} : { outputs }) };
}

function listOf(value: unknown, field: string): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw new RequestError('InvalidBody', [{ field, found: describeValue(value), expected: 'a list of tensors' }]);
  return value.map((item, index) => {
    const found = objectOf(item, `${field}[${String(index)}]`);
    parametersOf(found, `${field}[${String(index)}].parameters`);
    return found;
  });
}

function objectOf(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RequestError('InvalidBody', [{ field, found: describeValue(value), expected: 'an object' }]);
  return value as Record<string, unknown>;
}

function parametersOf({ parameters }: Record<string, unknown>, field: string): { parameters?: Record<string, unknown> } {
  return parameters === undefined ? {} : { parameters: objectOf(parameters, field) };
}

interface Tensor {
  readonly rows: number;
  readonly values: readonly (Element | null)[];
}

/**
 * The rows that input tensors hold, checked as the rows of any request are. A tensor that is left out is missing in every row.
 * @param binary what stands behind the JSON, the tensors' data in their order; undefined where there is none
 * @throws RequestError that names the tensor
 */
export function rowsOf({ inputs }: InferRequest, binary: Buffer | undefined, schema: ServingSchema, maximumRows: number): ParsedRow[] {
  const tensors = new Map<string, Tensor>();
  let at = 0;
  inputs.forEach((input, index) => {
    const name = nameOf(input, index, schema);
    if (tensors.has(name)) throw new RequestError('DuplicateField', [{ field: name, found: 'given twice', expected: 'given once' }]);
    const size = binarySizeOf(input, name, binary === undefined ? undefined : binary.length - at);
    const [first] = tensors;
    const rows = rowCount(input, name, first === undefined ? undefined : { name: first[0], rows: first[1].rows }, maximumRows);
    tensors.set(name, { rows, values: elementsOf(input, name, rows, size === undefined ? undefined : binary!.subarray(at, at + size), schema) });
    at += size ?? 0;
  });
  if (binary !== undefined && at < binary.length) throw new RequestError('MalformedData', [{ field: 'body', found: `${String(binary.length - at)} bytes behind the last tensor`, expected: 'as many as binary_data_size says' }]);
  return parsedRows(tensors, schema);
}

function nameOf({ name }: Record<string, unknown>, index: number, { byName, columns }: ServingSchema): string {
  if (typeof name === 'string' && byName.has(name)) return name;
  throw new RequestError('UnknownField', [{ field: `inputs[${String(index)}].name`, found: describeValue(name), expected: `one of ${shortName(columns.map((column) => column.name).join(', '))}` }]);
}

function binarySizeOf({ parameters }: WithParameters, name: string, left: number | undefined): number | undefined {
  const size = parameters?.['binary_data_size'];
  if (size === undefined) return undefined;
  const field = `${name}.parameters.binary_data_size`;
  if (left === undefined) throw new RequestError('MalformedData', [{ field, found: describeValue(size), expected: 'left out, where no Inference-Header-Content-Length says that binary data follow' }]);
  if (!Number.isInteger(size) || (size as number) < 0 || (size as number) > left) throw new RequestError('MalformedData', [{ field, found: describeValue(size), expected: `at most the ${String(left)} bytes that follow` }]);
  return size as number;
}

function rowCount({ shape }: Record<string, unknown>, name: string, first: { name: string; rows: number } | undefined, maximumRows: number): number {
  const field = `${name}.shape`;
  const isShape = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && (size as number) > 0);
  const [rows, width = 1, ...more] = (isShape ? shape : []) as number[];
  if (rows === undefined || width !== 1 || more.length > 0) {
    throw new RequestError('WrongShape', [{ field, found: Array.isArray(shape) ? `[${shape.slice(0, 8).map((size) => (typeof size === 'number' ? String(size) : describeValue(size))).join(', ')}]` : describeValue(shape), expected: '[rows] or [rows, 1]' }]);
  }
  if (rows > maximumRows) throw new RequestError('TooManyRows', [{ field, found: `of ${String(rows)} rows`, expected: `at most ${String(maximumRows)} rows` }]);
  if (first !== undefined && first.rows !== rows) throw new RequestError('WrongShape', [{ field, found: `of ${String(rows)} rows`, expected: `of ${String(first.rows)}, as '${first.name}' is` }]);
  return rows;
}

function elementsOf(input: Record<string, unknown>, name: string, rows: number, binary: Buffer | undefined, { byName }: ServingSchema): readonly (Element | null)[] {
  const { datatype, data, shape } = input;
  const expected = columnDatatypes[byName.get(name)!.type];
  const type = typeof datatype === 'string' && expected.includes(datatype) ? datatypes.get(datatype) : undefined;
  if (type === undefined) throw new RequestError('WrongType', [{ field: `${name}.datatype`, found: describeValue(datatype), expected: expected.join(', ') }]);
  if (binary === undefined) return jsonElements(data, shape as number[], type, name);
  if (data !== undefined) throw new RequestError('InvalidBody', [{ field: `${name}.data`, found: 'given', expected: 'left out, since its data are binary' }]);
  return binaryElements(binary, rows, type, name).map((element) => (Number.isNaN(element) ? null : element));
}

function parsedRows(tensors: ReadonlyMap<string, Tensor>, { columns }: ServingSchema): ParsedRow[] {
  const [{ rows: count }] = tensors.values() as unknown as [Tensor];
  const rows: RawValue[][] = Array.from({ length: count }, () => []);
  for (const column of columns) {
    const values = tensors.get(column.name)?.values;
    rows.forEach((row, index) => {
      const parsed = parseValue(values?.[index], column);
      if (typeof parsed === 'object' && parsed !== null) {
        const { code, found, expected } = parsed;
        throw new RequestError(code, [{ field: values === undefined ? column.name : `${column.name}[${String(index)}]`, found, expected: values === undefined ? `an input tensor of ${columnDatatypes[column.type][0]!}` : expected }]);
      }
      row.push(parsed);
    });
  }
  return rows;
}
