import type { Readable } from 'node:stream';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { Output } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';
import { eventStreamType, writeEventStream } from '../event-stream.ts';
import { headerText, httpReader } from '../codecs.ts';
import type { OperationModel } from '../model.ts';
import type { WireResponse } from '../protocol.ts';
import type { WireRequest } from '../request.ts';
import { parse } from './aws-json.ts';

/** A body format: what restXml and restJson differ in. */
export interface BodyFormat {
  readonly contentType: string;
  read(schema: NormalizedSchema, body: Buffer): unknown;
  write(schema: NormalizedSchema, value: unknown): string | Uint8Array;
}

/** Reads an operation's input from where its model binds each member: label, query, header, payload or body. */
export async function readBindings(request: WireRequest, operation: OperationModel, labels: Readonly<Record<string, string>>, format: BodyFormat): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  let bodyMembers = false;
  for (const [name, member] of operation.input.structIterator()) {
    const traits = member.getMergedTraits();
    let value: unknown;
    if (labels[name] !== undefined) value = scalar(member, labels[name]);
    else if (typeof traits.httpQuery === 'string') value = fromQuery(member, request.query.getAll(traits.httpQuery));
    else if (traits.httpQueryParams !== undefined) value = Object.fromEntries(request.query);
    else if (typeof traits.httpHeader === 'string') value = fromHeader(member, request.headers[traits.httpHeader.toLowerCase()]);
    else if (typeof traits.httpPrefixHeaders === 'string') value = prefixed(request.headers, traits.httpPrefixHeaders.toLowerCase());
    else if (traits.httpPayload) value = await readPayload(request, member, format);
    else if (!traits.httpLabel) bodyMembers = true;
    if (value !== undefined) input[name] = value;
  }
  if (!bodyMembers) return input;
  const body = await request.body();
  return body.length > 0 ? { ...((await parse(() => format.read(operation.input, body))) as object), ...input } : input;
}

function fromQuery(schema: NormalizedSchema, values: readonly string[]): unknown {
  if (values.length === 0) return undefined;
  if (schema.isListSchema()) return values.map((value) => scalar(schema.getValueSchema(), value));
  return scalar(schema, values[0] ?? '');
}

function fromHeader(schema: NormalizedSchema, value: string | undefined): unknown {
  return value === undefined ? undefined : scalar(schema, value);
}

function scalar(schema: NormalizedSchema, text: string): unknown {
  try {
    return httpReader.read(schema, text);
  } catch (error) {
    throw new AwsError('SerializationException', `The value "${text}" of ${schema.getMemberName()} cannot be read: ${(error as Error).message}`);
  }
}

function prefixed(headers: Readonly<Record<string, string>>, prefix: string): Record<string, string> | undefined {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return found.length > 0 ? Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value])) : undefined;
}

async function readPayload(request: WireRequest, member: NormalizedSchema, format: BodyFormat): Promise<unknown> {
  if (member.isStreaming()) return request.stream();
  const body = await request.body();
  if (member.isBlobSchema()) return body;
  if (member.isStringSchema()) return body.toString('utf8');
  return body.length > 0 ? parse(() => format.read(member, body)) : undefined;
}

/** Writes an output to where its model binds each member. */
export function writeBindings(output: Output, operation: OperationModel, format: BodyFormat): WireResponse {
  const headers: Record<string, string> = {};
  const rest: Record<string, unknown> = {};
  let status = operation.http?.[2] ?? 200;
  let body: WireResponse['body'];
  let hasBody = false;
  let events: AsyncIterable<unknown> | undefined;
  const members = operation.output.isStructSchema() ? operation.output.structIterator() : [];
  for (const [name, member] of members) {
    const traits = member.getMergedTraits();
    const value = output[name];
    const bodyMember = !traits.httpResponseCode && typeof traits.httpHeader !== 'string' && typeof traits.httpPrefixHeaders !== 'string' && !traits.httpPayload;
    // An operation whose output has a body answers one even when all its members are absent.
    if (bodyMember) hasBody = true;
    if (value === undefined || value === null) continue;
    if (traits.httpResponseCode) status = value as number;
    else if (typeof traits.httpHeader === 'string') headers[traits.httpHeader.toLowerCase()] = headerText(member, value);
    else if (typeof traits.httpPrefixHeaders === 'string') for (const [key, text] of Object.entries(value)) headers[`${traits.httpPrefixHeaders}${key}`.toLowerCase()] = text as string;
    else if (traits.httpPayload && member.isStreaming() && member.isStructSchema()) events = value as AsyncIterable<unknown>;
    else if (traits.httpPayload) body = payload(member, value, format, headers);
    else rest[name] = value;
  }
  if (hasBody && body === undefined) {
    headers['content-type'] ??= format.contentType;
    body = format.write(operation.output, rest);
  }
  if (events !== undefined) return { status, headers: { ...headers, 'content-type': eventStreamType }, body: writeEventStream(operation.output, events) };
  return { status, headers, ...(body !== undefined && { body }) };
}

function payload(member: NormalizedSchema, value: unknown, format: BodyFormat, headers: Record<string, string>): WireResponse['body'] {
  if (member.isBlobSchema() || member.isStringSchema()) return value as string | Uint8Array | Readable;
  headers['content-type'] ??= format.contentType;
  return format.write(member, value);
}
