import { Readable } from 'node:stream';
import type { NormalizedSchema } from '@smithy/core/schema';
import { TaskFailure } from '../../../states/index.ts';
import type { Json } from '../../../states/index.ts';

/** How a timestamp reaches the state: optimized integrations count milliseconds, SDK integrations write ISO 8601. */
export type TimestampStyle = 'epoch-milliseconds' | 'iso';

/** Step Functions names every member of an API with a capital first letter, whatever the API itself does. */
function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/**
 * Turns a task's arguments into the input of an API call.
 * @throws {TaskFailure} States.Runtime for a field that the API does not have
 */
export function toApiInput(schema: NormalizedSchema, value: Json): unknown {
  if (value === null) return undefined;
  if (schema.isStructSchema()) return toStructure(schema, value);
  if (schema.isListSchema() && Array.isArray(value)) return value.map((item) => toApiInput(schema.getValueSchema(), item));
  if (schema.isMapSchema() && isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toApiInput(schema.getValueSchema(), item)]));
  }
  if (schema.isBlobSchema()) return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  if (schema.isTimestampSchema()) return new Date(value as string | number);
  if (schema.isStringSchema()) return typeof value === 'string' ? value : JSON.stringify(value);
  return value;
}

function toStructure(schema: NormalizedSchema, value: Json): Record<string, unknown> {
  if (!isPlain(value)) throw new TaskFailure('States.Runtime', `Expected an object of ${schema.getName(false) ?? 'fields'}, found ${JSON.stringify(value)}`);
  const members = new Map([...schema.structIterator()].map(([name, member]) => [capitalised(name), { name, member }]));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const found = members.get(key);
      if (found === undefined) throw new TaskFailure('States.Runtime', `The field '${key}' is not supported by Step Functions: expected one of ${[...members.keys()].join(', ')}`);
      return item === null ? [] : [[found.name, toApiInput(found.member, item)]];
    }),
  );
}

/** Turns what an API answered into the task's result: streams and blobs become text. */
export async function fromApiOutput(schema: NormalizedSchema, value: unknown, style: TimestampStyle): Promise<Json> {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return style === 'iso' ? value.toISOString() : value.getTime();
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (value instanceof Readable) return Buffer.concat(await value.toArray()).toString();
  if (schema.isListSchema() && Array.isArray(value)) return Promise.all(value.map((item) => fromApiOutput(schema.getValueSchema(), item, style)));
  if (schema.isMapSchema()) return fromEntries(Object.entries(value), (key, item) => [key, fromApiOutput(schema.getValueSchema(), item, style)]);
  if (schema.isStructSchema()) {
    const fields = value as Record<string, unknown>;
    return fromEntries([...schema.structIterator()], (name, member) => [capitalised(name), fromApiOutput(member, fields[name], style)]);
  }
  return value as Json;
}

async function fromEntries<T>(entries: readonly (readonly [string, T])[], turn: (key: string, item: T) => readonly [string, Promise<Json>]): Promise<Json> {
  const turned = await Promise.all(
    entries.map(async ([key, item]) => {
      const [name, json] = turn(key, item);
      return [name, await json] as const;
    }),
  );
  return Object.fromEntries(turned.filter(([, json]) => json !== null));
}

function isPlain(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
