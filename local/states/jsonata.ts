import jsonata from 'jsonata';
import { queryError } from './errors.ts';
import { stepFunctions } from './jsonata-functions.ts';
import { budget, limit } from './jsonata-limits.ts';
import type { Json, JsonObject } from './types.ts';

/** What JSONata expressions refer to. */
export interface Bindings {
  /** `$states` */
  readonly states: { readonly input: Json; readonly context: JsonObject; readonly result?: Json; readonly errorOutput?: JsonObject };
  readonly variables: JsonObject;
  readonly random: () => number;
}

const cache = new Map<string, jsonata.Expression>();

/** Whether a field's value is a JSONata expression: `{% .. %}` without anything around it. */
export function isExpression(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}') && value.length >= 4;
}

/** The expression's text without its marks. */
export function expressionText(value: string): string {
  return value.slice(2, -2).trim();
}

/** Parses an expression's text. Throws an Error that says what is wrong. */
export function compile(text: string): jsonata.Expression {
  const known = cache.get(text);
  if (known !== undefined) return known;
  try {
    const expression = limit(jsonata(text));
    cache.set(text, expression);
    return expression;
  } catch (error) {
    throw new Error(describeError(error), { cause: error });
  }
}

/** A template with its expressions evaluated. `location` names the field, for messages. */
export async function evaluateTemplate(template: Json, location: string, bindings: Bindings): Promise<Json> {
  if (isExpression(template)) return evaluateExpression(template, location, bindings);
  if (Array.isArray(template)) {
    return Promise.all(template.map((item, index) => evaluateTemplate(item, `${location}[${index}]`, bindings)));
  }
  if (typeof template !== 'object' || template === null) return template;
  const entries = Object.entries(template).map(
    async ([name, value]) => [name, await evaluateTemplate(value, `${location}/${name}`, bindings)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function evaluateExpression(value: string, location: string, { states, variables, random }: Bindings): Promise<Json> {
  const text = expressionText(value);
  const result = await attempt(text, location, { ...variables, ...stepFunctions(random), ...budget(), states });
  if (result === undefined) {
    throw queryError(`The JSONata expression '${text}' specified for the field '${location}' returned nothing (undefined).`, location);
  }
  return asJson(result, `The JSONata expression '${text}' specified for the field '${location}'`, location);
}

/** By way of text, since JSONata's sequences carry marks; what JSON cannot hold is an error and not null. */
function asJson(result: unknown, subject: string, location: string): Json {
  const text = JSON.stringify(result, (_name, value: unknown) => {
    if (isFunction(value)) throw queryError(`${subject} returned a function, which is no JSON.`, location);
    if (typeof value === 'number' && !Number.isFinite(value)) throw queryError(`${subject} returned ${value}, which is no JSON.`, location);
    return value;
  });
  return JSON.parse(text) as Json;
}

async function attempt(text: string, location: string, bindings: Record<string, unknown>): Promise<unknown> {
  try {
    return (await compile(text).evaluate(undefined, bindings)) as unknown;
  } catch (error) {
    throw queryError(`The JSONata expression '${text}' specified for the field '${location}' threw an error during evaluation. ${describeError(error)}`, location);
  }
}

/** JSONata marks its own functions by these members. */
function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && ('_jsonata_lambda' in value || '_jsonata_function' in value);
}

function describeError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { code, message, position } = error as { code?: string; message?: string; position?: number };
  return `${code === undefined ? '' : `${code}: `}${message ?? 'unknown error'}${position === undefined ? '' : ` (at character ${position})`}`;
}
