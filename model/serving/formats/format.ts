import type { Answer } from '../answer.ts';
import { RequestError } from '../errors.ts';
import type { ModelDescription } from '../description.ts';
import type { ServingSchema } from '../schema.ts';

/** A way to write rows and answers down, other than JSON. */
export interface Format {
  /**
   * The rows in a body, each an object by column name or a list in schema order, still to be checked.
   * @throws RequestError also where there are more than `maximumRows`, before they fill the memory
   */
  decode(bytes: Buffer, schema: ServingSchema, maximumRows: number): unknown[];
  /** Answers, a row each. */
  encode(answers: readonly Answer[], description: ModelDescription): string | Uint8Array;
}

/** @throws RequestError TooManyRows */
export function requireRows(rows: number, maximumRows: number): void {
  if (rows > maximumRows) throw new RequestError('TooManyRows', [{ field: 'rows', found: `more than ${String(maximumRows)} rows`, expected: `at most ${String(maximumRows)} rows` }]);
}
