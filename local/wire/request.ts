import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AwsError } from '../core/errors.ts';
import { AwsChunkedDecoder } from './chunked.ts';

/** A request as HTTP/1.1 or HTTP/2 brings it. */
export type IncomingRequest = IncomingMessage | Http2ServerRequest;
/** Its response. */
export type OutgoingResponse = ServerResponse | Http2ServerResponse;

/** What the protocols read: raw path (still percent-encoded), query, headers, body. */
export interface WireRequest {
  readonly method: string;
  /** Still percent-encoded and never normalised: `//` and `..` are legal in an S3 key. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly host: string;
  /** The body without its aws-chunked framing. */
  stream(): Readable;
  /** The whole body, for protocols that do not stream. Read once, kept. */
  body(): Promise<Buffer>;
}

/** The largest body that is held in memory: only S3 streams, and no other API takes more. */
const largestBufferedBody = 64 * 1024 * 1024;

/** Presents an HTTP request to the protocols. */
export function readRequest(incoming: IncomingRequest): WireRequest {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const headers = flatten(incoming.headers);
  const stream = () => dechunk(incoming, headers);
  let body: Promise<Buffer> | undefined;
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers,
    host: headers[':authority'] ?? headers['host'] ?? '',
    stream,
    body: () => (body ??= collect(stream(), headers)),
  };
}

function flatten(headers: IncomingRequest['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function dechunk(incoming: IncomingRequest, headers: Readonly<Record<string, string>>): Readable {
  const framed = headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true || headers['content-encoding']?.includes('aws-chunked') === true;
  if (!framed) return incoming;
  const decoder = new AwsChunkedDecoder();
  incoming.once('error', (error) => decoder.destroy(error));
  incoming.once('aborted', () => decoder.destroy(new AwsError('RequestTimeout', 'The client went away before the body ended.')));
  return incoming.pipe(decoder);
}

async function collect(stream: Readable, headers: Readonly<Record<string, string>>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBufferedBody) throw new AwsError('RequestEntityTooLarge', `The body is larger than ${largestBufferedBody} bytes.`, 413);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  return headers['content-encoding'] === 'gzip' ? promisify(gunzip)(body) : body;
}
