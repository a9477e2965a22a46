/** What is wrong with one field of a request. */
export interface FieldProblem {
  /** Such as `distance`, `inputs[3].distance`, or `input` for the row as a whole. */
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

/** Why a request is refused. */
export type RequestErrorCode =
  /** The bytes are not what their content type says. */
  | 'MalformedJson' | 'MalformedText' | 'MalformedData' | 'DuplicateField' | 'TooDeep'
  | 'InvalidBody' | 'InvalidRow' | 'MissingField' | 'UnknownField' | 'WrongType' | 'WrongShape' | 'OutOfRange' | 'TooManyRows'
  /** A caller asks for one version here and for another there. */
  | 'ConflictingVersions';

/** A prediction request that cannot be served as it stands: the caller's error (400, or 413 for `TooManyRows`). */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RequestErrorCode;
  /** Every problem found, the first of which gave the code. */
  readonly details: readonly FieldProblem[];

  /** The message names each field, what was found there and what was expected. */
  constructor(code: RequestErrorCode, details: readonly FieldProblem[], options: { cause?: unknown } = {}) {
    super(details.map(({ field, found, expected }) => `'${field}' is ${found}, expected ${expected}`).join('; '), options);
    this.code = code;
    this.details = details;
  }
}

/** A value in words, safe to show: short whatever its size, and without its content where it is nested. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'string') return `the text ${JSON.stringify(value.length > shownCharacters ? `${value.slice(0, shownCharacters)}…` : value)}`;
  if (Array.isArray(value)) return `a list of ${String(value.length)}`;
  if (typeof value === 'object') return 'an object';
  return `the ${typeof value} ${String(value)}`;
}

const shownCharacters = 40;

/** A field's name as errors show it: short, whatever a caller sends. */
export function shortName(name: string): string {
  return name.length > shownName ? `${name.slice(0, shownName)}…` : name;
}

const shownName = 60;
