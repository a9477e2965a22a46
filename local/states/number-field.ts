import { bindingsOf, sourcesOf } from './dataflow.ts';
import { queryError, runtimeError } from './errors.ts';
import { evaluateTemplate, expressionText, isExpression } from './jsonata.ts';
import { evaluateQuery } from './template.ts';
import type { Json, JsonObject } from './types.ts';
import type { Visit } from './visit.ts';

/** The bounds of a numeric field. */
export interface NumberBounds {
  readonly from: number;
  readonly to: number;
  readonly integer: boolean;
}

/** The value of a numeric field that may also be an expression, or come from `<name>Path`; undefined where it is absent. */
export async function numberField(visit: Visit, name: string, input: Json, bounds: NumberBounds): Promise<number | undefined> {
  const fields = visit.state as unknown as JsonObject;
  const path = fields[`${name}Path`];
  if (typeof path === 'string') return fromPath(visit, name, path, input, bounds);
  const field = fields[name];
  if (field === undefined) return undefined;
  const value = visit.language === 'JSONata' ? await evaluateTemplate(field, name, bindingsOf(visit)) : field;
  if (typeof value !== 'number') throw unexpectedType(field, name, 'number', value);
  if (isWithin(value, bounds)) return value;
  throw visit.language === 'JSONata' ? queryError(outOfBounds(name, bounds), name) : runtimeError(outOfBounds(name, bounds));
}

function fromPath(visit: Visit, name: string, path: string, input: Json, bounds: NumberBounds): number {
  const value = evaluateQuery(path, sourcesOf(visit, input), visit.frame.run.ports.random);
  // AWS also takes a number that is written as a string.
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || (bounds.integer && !Number.isInteger(number))) {
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    throw runtimeError(`The ${name}Path field refers to value "${shown}" which is not a valid ${bounds.integer ? 'integer' : 'number'}: ${path}`);
  }
  if (!isWithin(number, bounds)) throw runtimeError(outOfBounds(name, bounds));
  return number;
}

function isWithin(value: number, { from, to, integer }: NumberBounds): boolean {
  return value >= from && value <= to && (!integer || Number.isInteger(value));
}

function outOfBounds(name: string, { from, to, integer }: NumberBounds): string {
  return `${name} must be ${integer ? 'an integer ' : ''}between ${from} and ${to}.`;
}

/** A JSONata expression that answered something of another type than its field takes. */
export function unexpectedType(field: Json, location: string, expected: string, value: Json): Error {
  const actual = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const subject = isExpression(field) ? `The JSONata expression '${expressionText(field)}'` : 'The value';
  return queryError(
    `${subject} specified for the field '${location}' returned an unexpected result type. Expected '${expected}', but was '${actual}' for value: ${JSON.stringify(value)}`,
    location,
  );
}
