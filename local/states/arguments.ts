import type { Json, JsonObject } from './types.ts';
import { isObject } from './types.ts';

/** Checks how many arguments a function got. */
export function count(args: readonly Json[], from: number, to = from): void {
  if (args.length >= from && args.length <= to) return;
  throw new Error(`expected ${from === to ? from : `${from} to ${to}`} arguments, found ${args.length}`);
}

function wrong(what: string, value: Json | undefined): Error {
  return new Error(`expected ${what}, found ${JSON.stringify(value)?.slice(0, 100) ?? 'nothing'}`);
}

/** An argument that must be an array. */
export function asArray(value: Json | undefined): Json[] {
  if (!Array.isArray(value)) throw wrong('an array', value);
  return value;
}

/** An argument that must be a string. */
export function asText(value: Json | undefined): string {
  if (typeof value !== 'string') throw wrong('a string', value);
  return value;
}

/** An argument that must be a number. */
export function asNumber(value: Json | undefined): number {
  if (typeof value !== 'number') throw wrong('a number', value);
  return value;
}

/** An argument that must be a number; fractions are rounded half up, as Step Functions does. */
export function asInteger(value: Json | undefined): number {
  // Adding 0 turns -0 into 0.
  return Math.round(asNumber(value)) + 0;
}

/** An argument that must be an object. */
export function asObject(value: Json | undefined): JsonObject {
  if (!isObject(value)) throw wrong('an object', value);
  return value;
}
