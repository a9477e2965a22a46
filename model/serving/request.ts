import { largestFloat32 } from '../features/transforms.ts';
import type { RawValue } from '../features/transforms.ts';
import { hasZone, parseLocalTime } from '../features/local-time.ts';
import type { ColumnSpec } from '../spec/dataset.ts';
import { describeValue, RequestError } from './errors.ts';
import type { FieldProblem, RequestErrorCode } from './errors.ts';
import type { ServingSchema } from './schema.ts';

/** A checked row: the values of the schema's columns in their order, in the form in which features are computed. */
export type ParsedRow = readonly RawValue[];

/** A row that would hold so many unknown fields is shown with the first of them. */
const shownProblems = 20;
/** Characters shown of a list of names. */
const shownList = 200;

/**
 * Checks one row, an object of values by column name or a list in schema order.
 * @param at how the row is called in errors, such as `inputs[3]`
 * @throws RequestError that names every offending field
 */
export function parseRow(input: unknown, schema: ServingSchema, at = 'input'): ParsedRow {
  const problems: (FieldProblem & { readonly code: RequestErrorCode })[] = [];
  const values = rowValues(input, schema, at, problems);
  const row: RawValue[] = [];
  schema.columns.forEach((column, index) => {
    const parsed = parseValue(values[index], column);
    if (typeof parsed === 'object' && parsed !== null) problems.push({ ...parsed, field: at === 'input' ? column.name : `${at}.${column.name}` });
    else row.push(parsed);
  });
  const [first] = problems;
  if (first !== undefined) throw new RequestError(first.code, problems.slice(0, shownProblems).map(({ field, found, expected }) => ({ field, found, expected })));
  return row;
}

/** Checks the rows of a batch. @throws RequestError of the first row that is wrong, or where there are none or too many */
export function parseRows(inputs: unknown, schema: ServingSchema, maximumRows: number, at = 'inputs'): ParsedRow[] {
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new RequestError('InvalidRow', [{ field: at, found: describeValue(inputs), expected: `a list of 1 to ${String(maximumRows)} rows` }]);
  }
  if (inputs.length > maximumRows) {
    throw new RequestError('TooManyRows', [{ field: at, found: describeValue(inputs), expected: `at most ${String(maximumRows)} rows` }]);
  }
  return inputs.map((input, index) => parseRow(input, schema, `${at}[${String(index)}]`));
}

function rowValues(input: unknown, schema: ServingSchema, at: string, problems: (FieldProblem & { readonly code: RequestErrorCode })[]): unknown[] {
  const { columns, byName } = schema;
  const listed = (): string => shorten(columns.map((column) => column.name).join(', '), shownList);
  if (Array.isArray(input)) {
    if (input.length === columns.length) return input as unknown[];
    throw new RequestError('InvalidRow', [{ field: at, found: describeValue(input), expected: `a list of ${String(columns.length)} values (${listed()})` }]);
  }
  if (typeof input !== 'object' || input === null) {
    throw new RequestError('InvalidRow', [{ field: at, found: describeValue(input), expected: `an object with ${listed()}, or a list of their values` }]);
  }
  for (const name of Object.keys(input)) {
    if (byName.has(name)) continue;
    const leftOut = reasonToLeaveOut(name, schema);
    const expected = leftOut === undefined ? `one of ${listed()}` : `left out: ${leftOut}`;
    problems.push({ code: 'UnknownField', field: at === 'input' ? shorten(name) : `${at}.${shorten(name)}`, found: leftOut === undefined ? 'unknown' : 'given', expected });
    if (problems.length >= shownProblems) break;
  }
  return columns.map((column) => (Object.hasOwn(input, column.name) ? (input as Record<string, unknown>)[column.name] : undefined));
}

/** Why a column of the training data is none of a request. */
function reasonToLeaveOut(name: string, { labelColumn, weightColumn }: ServingSchema): string | undefined {
  if (name === labelColumn) return 'it is what the model predicts';
  return name === weightColumn ? 'it tells how much a row of the training data counts' : undefined;
}

/** What is wrong with a value, wherever it stands. */
export type ValueProblem = Omit<FieldProblem, 'field'> & { readonly code: RequestErrorCode };

/** Checks a column's value, and gives it in the form in which features are computed. */
export function parseValue(value: unknown, column: ColumnSpec): RawValue | ValueProblem {
  if (value === undefined || value === null) {
    if (!column.nullable) return { code: 'MissingField', found: describeValue(value), expected: expectation[column.type] };
    return column.type === 'string' ? null : Number.NaN;
  }
  const problem = (code: RequestErrorCode, expected: string): ValueProblem => ({ code, found: describeValue(value), expected });
  switch (column.type) {
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : problem('WrongType', expectation.boolean);
    case 'string':
      if (typeof value !== 'string' || /\p{Surrogate}/u.test(value)) return problem('WrongType', expectation.string);
      return column.categories === undefined || column.categories.includes(value) ? value : problem('OutOfRange', `one of ${shorten(column.categories.join(', '), shownList)}`);
    case 'timestamp': {
      const seconds = typeof value === 'string' ? parseLocalTime(value) : undefined;
      if (seconds !== undefined) return seconds;
      return problem('WrongType', typeof value === 'string' && hasZone(value) ? 'a local time: leave out the zone' : expectation.timestamp);
    }
    case 'integer':
    case 'number': {
      if (typeof value !== 'number' || (column.type === 'integer' && !Number.isSafeInteger(value))) return problem('WrongType', expectation[column.type]);
      if (!(Math.abs(value) <= largestFloat32)) return problem('OutOfRange', `a number between ${String(-largestFloat32)} and ${String(largestFloat32)}`);
      if (value < (column.minimum ?? -Infinity) || value > (column.maximum ?? Infinity)) return problem('OutOfRange', rangeInWords(column));
      return value;
    }
  }
}

const expectation: Readonly<Record<ColumnSpec['type'], string>> = {
  number: 'a number',
  integer: 'a whole number between -9007199254740991 and 9007199254740991',
  string: 'a text',
  boolean: 'true or false',
  timestamp: 'a local time such as "2001-03-07T14:05:00"',
};

function rangeInWords({ minimum, maximum }: ColumnSpec): string {
  if (minimum === undefined) return `at most ${String(maximum)}`;
  return maximum === undefined ? `at least ${String(minimum)}` : `between ${String(minimum)} and ${String(maximum)}`;
}

function shorten(text: string, length = 60): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
