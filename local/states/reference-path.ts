import { EvaluationError } from './errors.ts';
import { parsePath } from './jsonpath-parse.ts';
import { isObject, type Json, type JsonObject } from './types.ts';

/** The steps of a reference path: names and indexes only. Throws a SyntaxError for any other path. */
export function parseReferencePath(text: string): (string | number)[] {
  const path = parsePath(text);
  if (path.root.kind !== 'input') throw new SyntaxError(`'${text}': expected a reference path that starts with $.`);
  return path.segments.map((segment) => {
    if (segment.kind === 'names' && segment.names.length === 1) return segment.names[0]!;
    if (segment.kind === 'indexes' && segment.indexes.length === 1) return segment.indexes[0]!;
    throw new SyntaxError(`'${text}': expected a reference path, which selects one place by names and indexes`);
  });
}

/** A copy of `input` with `value` at a reference path; missing objects on the way are made. */
export function placeAt(text: string, input: Json, value: Json): Json {
  const steps = parseReferencePath(text);
  return place(steps, input, value, text);
}

function place(steps: readonly (string | number)[], target: Json | undefined, value: Json, text: string): Json {
  const [head, ...rest] = steps;
  if (head === undefined) return value;
  if (typeof head === 'number') {
    if (!Array.isArray(target) || head < 0 || head >= target.length) throw mismatch(text, target);
    return target.with(head, place(rest, target[head], value, text));
  }
  if (target !== undefined && !isObject(target)) throw mismatch(text, target);
  const copy: JsonObject = { ...target };
  const child = place(rest, target !== undefined && Object.hasOwn(target, head) ? target[head] : undefined, value, text);
  // defineProperty, since a plain assignment to `__proto__` would not make a field.
  Object.defineProperty(copy, head, { value: child, writable: true, enumerable: true, configurable: true });
  return copy;
}

function mismatch(text: string, target: Json | undefined): EvaluationError {
  const found = JSON.stringify(target)?.slice(0, 200) ?? 'nothing';
  return new EvaluationError('States.ResultPathMatchFailure', `Unable to apply ReferencePath ${text} to input ${found}`);
}

