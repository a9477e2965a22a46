import { isIntrinsic, parseIntrinsic } from './intrinsics-parse.ts';
import { evaluateIntrinsic } from './intrinsics.ts';
import { evaluatePath, type Sources } from './jsonpath.ts';
import { parsePath } from './jsonpath-parse.ts';
import { EvaluationError, runtimeError } from './errors.ts';
import type { Json, JsonObject } from './types.ts';

/** The value of a path or an intrinsic function's call: what a field whose name ends in `.$` or `Path` may hold. */
export function evaluateQuery(text: string, sources: Sources, random: () => number): Json {
  return isIntrinsic(text) ? evaluateIntrinsic(text, sources, random) : evaluatePath(text, sources);
}

/** Checks what `evaluateQuery` would evaluate. Throws a SyntaxError. */
export function checkQuery(text: string): void {
  if (isIntrinsic(text)) parseIntrinsic(text);
  else parsePath(text);
}

/** A payload template (Parameters, ResultSelector, ItemSelector, Assign) with its `.$` fields filled in. */
export function fillTemplate(template: Json, sources: Sources, random: () => number): Json {
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, sources, random));
  if (typeof template !== 'object' || template === null) return template;
  const filled: JsonObject = {};
  for (const [name, value] of Object.entries(template)) {
    if (!name.endsWith('.$')) filled[name] = fillTemplate(value, sources, random);
    else filled[name.slice(0, -2)] = fillField(name, value, sources, random);
  }
  return filled;
}

function fillField(name: string, value: Json, sources: Sources, random: () => number): Json {
  if (typeof value !== 'string') throw runtimeError(`The field '${name}' must hold a path or an intrinsic function, found ${JSON.stringify(value)}`);
  try {
    return evaluateQuery(value, sources, random);
  } catch (error) {
    if (!(error instanceof EvaluationError) || error.error !== 'States.Runtime' || isIntrinsic(value)) throw error;
    throw runtimeError(`The JSONPath '${value}' specified for the field '${name}' could not be found in the input '${JSON.stringify(sources.input)}'`);
  }
}
