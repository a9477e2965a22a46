/** What is wrong with one field of a request. */
export interface FieldProblem {
  /** Such as `distance`, `inputs[3].distance`, or `input` for the row as a whole. */
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

/** Why a request is refused. */
export type RequestErrorCode = 'InvalidRow' | 'MissingField' | 'UnknownField' | 'WrongType' | 'OutOfRange' | 'TooManyRows';

/** A prediction request that cannot be served as it stands: the caller's error (400, or 413 for `TooManyRows`). */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RequestErrorCode;
  /** Every problem found, the first of which gave the code. */
  readonly details: readonly FieldProblem[];

  /** The message names each field, what was found there and what was expected. */
  constructor(code: RequestErrorCode, details: readonly FieldProblem[]) {
    super(details.map(({ field, found, expected }) => `'${field}' is ${found}, expected ${expected}`).join('; '));
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
