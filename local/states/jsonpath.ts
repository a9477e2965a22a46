import { isDeepStrictEqual } from 'node:util';
import { runtimeError } from './errors.ts';
import { parsePath } from './jsonpath-parse.ts';
import type { Filter, Path, PathFunction, Segment } from './jsonpath-syntax.ts';
import { isObject, type Json, type JsonObject } from './types.ts';
import type { Variables } from './variables.ts';

/** What paths refer to. */
export interface Sources {
  /** `$` */
  readonly input: Json;
  /** `$$` */
  readonly context: JsonObject;
  readonly variables: Variables;
}

/** The value at a path. A definite path that leads nowhere is a States.Runtime error; an indefinite one answers an array. */
export function evaluatePath(text: string, sources: Sources): Json {
  const path = parsePath(text);
  const found = select(path, sources);
  if (!path.definite) return found;
  const [value] = found;
  if (value === undefined) throw runtimeError(`Invalid path '${text}' : ${explainMissing(path, sources)}`);
  return value;
}

/** Whether a path leads to a value (for IsPresent). */
export function pathExists(text: string, sources: Sources): boolean {
  return select(parsePath(text), sources).length > 0;
}

function select(path: Path, sources: Sources, item?: Json): Json[] {
  const root = rootOf(path, sources, item);
  if (root === undefined) return [];
  return path.segments.reduce<Json[]>((values, segment) => values.flatMap((value) => step(segment, value, sources)), [root]);
}

function rootOf({ root }: Path, sources: Sources, item: Json | undefined): Json | undefined {
  switch (root.kind) {
    case 'input':
      return sources.input;
    case 'context':
      return sources.context;
    case 'item':
      return item;
    case 'variable':
      return sources.variables.get(root.name);
  }
}

function step(segment: Segment, value: Json, sources: Sources): Json[] {
  switch (segment.kind) {
    case 'names':
      return isObject(value) ? segment.names.flatMap((name) => (Object.hasOwn(value, name) ? [value[name]!] : [])) : [];
    case 'indexes':
      return Array.isArray(value) ? segment.indexes.flatMap((index) => value.slice(...oneAt(index, value.length))) : [];
    case 'slice':
      return Array.isArray(value) ? sliceOf(value, segment) : [];
    case 'wildcard':
      return childrenOf(value);
    case 'filter':
      return (Array.isArray(value) ? value : [value]).filter((item) => matches(segment.filter, item, sources));
    case 'descend':
      return descendants(value);
    case 'function':
      return applyFunction(segment.name, value);
  }
}

function oneAt(index: number, length: number): [number, number] {
  const at = index < 0 ? length + index : index;
  return at < 0 ? [0, 0] : [at, at + 1];
}

function sliceOf(value: Json[], { from, to, step: every = 1 }: { from?: number; to?: number; step?: number }): Json[] {
  return value.slice(from, to).filter((_, index) => index % Math.max(every, 1) === 0);
}

function childrenOf(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function descendants(value: Json): Json[] {
  return [value, ...childrenOf(value).flatMap(descendants)];
}

function applyFunction(name: PathFunction, value: Json): Json[] {
  if (name === 'keys') return isObject(value) ? [Object.keys(value)] : [];
  if (name === 'length' || name === 'size') {
    if (typeof value === 'string') return [value.length];
    return value === null || typeof value !== 'object' ? [] : [childrenOf(value).length];
  }
  const numbers = childrenOf(value).filter((child) => typeof child === 'number');
  if (numbers.length === 0) throw runtimeError(`The path function ${name}() needs an array of numbers, found ${JSON.stringify(value)}`);
  const sum = numbers.reduce((total, number) => total + number, 0);
  return [{ min: Math.min(...numbers), max: Math.max(...numbers), sum, avg: sum / numbers.length }[name]];
}

function matches(filter: Filter, item: Json, sources: Sources): boolean {
  switch (filter.kind) {
    case 'or':
      return filter.filters.some((part) => matches(part, item, sources));
    case 'and':
      return filter.filters.every((part) => matches(part, item, sources));
    case 'not':
      return !matches(filter.filter, item, sources);
    case 'exists':
      return select(filter.path, sources, item).length > 0;
    case 'match': {
      const value = operand(filter.left, item, sources);
      return typeof value === 'string' && filter.pattern.test(value);
    }
    case 'compare':
      return compare(filter, operand(filter.left, item, sources), operand(filter.right, item, sources));
  }
}

function operand(side: Extract<Filter, { kind: 'compare' }>['left'], item: Json, sources: Sources): Json | undefined {
  if (side.kind === 'literal') return side.value;
  const found = select(side.path, sources, item);
  return side.path.definite ? found[0] : found;
}

function compare({ operator }: Extract<Filter, { kind: 'compare' }>, left: Json | undefined, right: Json | undefined): boolean {
  const isIn = Array.isArray(right) && right.some((candidate) => isDeepStrictEqual(candidate, left));
  if (operator === 'in') return isIn;
  if (operator === 'nin') return !isIn;
  if (operator === '==') return isDeepStrictEqual(left, right);
  if (operator === '!=') return !isDeepStrictEqual(left, right);
  const comparable = (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!comparable) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

/** AWS's words: the last name is "no results", an earlier one is a missing property. */
function explainMissing(path: Path, sources: Sources): string {
  let value: Json | undefined = rootOf(path, sources, undefined);
  if (value === undefined) return `The variable '${path.root.kind === 'variable' ? path.root.name : path.text}' has no value`;
  let walked = path.root.kind === 'variable' ? `$${path.root.name}` : path.root.kind === 'context' ? '$$' : '$';
  for (const [index, segment] of path.segments.entries()) {
    walked += describe(segment);
    value = step(segment, value, sources)[0];
    if (value === undefined) return index === path.segments.length - 1 ? `No results for path: ${walked}` : `Missing property in path ${walked}`;
  }
  return `No results for path: ${walked}`;
}

function describe(segment: Segment): string {
  if (segment.kind === 'names') return `['${segment.names.join("','")}']`;
  return segment.kind === 'indexes' ? `[${segment.indexes.join(',')}]` : `.${segment.kind}`;
}
