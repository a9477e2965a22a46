import { randomBytes } from 'node:crypto';
import type { IncomingRequest } from '../../wire/request.ts';
import { GatewayError } from './errors.ts';

/** A request as a client sent it. */
export interface ApiRequest {
  /** In the form of API Gateway's own: sixteen characters that end in `=`. */
  readonly requestId: string;
  readonly time: Date;
  readonly method: string;
  /** With the stage, percent-decoded. */
  readonly path: string;
  /** As it came. */
  readonly undecodedPath: string;
  readonly rawQueryString: string;
  /** By lower-case name; several lines are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** By lower-case name, a value a line. */
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly host: string;
  readonly protocol: string;
  readonly sourceIp: string;
}

/** The largest body that an API takes. */
const largestBody = 10 * 1024 * 1024;

/** Presents what stands in a request's first lines. @throws {GatewayError} 400 when the path is not percent-encoded */
export function readRequest(incoming: IncomingRequest, time: Date): ApiRequest {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const undecodedPath = mark < 0 ? url : url.slice(0, mark);
  const multiValueHeaders = headerLines(incoming.rawHeaders);
  const headers = Object.fromEntries(Object.entries(multiValueHeaders).map(([name, values]) => [name, values.join(',')]));
  return {
    requestId: randomBytes(11).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
    time,
    method: incoming.method ?? 'GET',
    path: decode(undecodedPath),
    undecodedPath,
    rawQueryString: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    multiValueHeaders,
    rawHeaders: incoming.rawHeaders,
    host: headers['host'] ?? '',
    protocol: `HTTP/${incoming.httpVersion}`,
    sourceIp: incoming.socket.remoteAddress ?? '',
  };
}

/** Reads the body to its end, also when it is too large, so that the client hears the answer. @throws {GatewayError} 413, or 400 when the client went away */
export async function readBody(incoming: IncomingRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= largestBody) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch (error) {
    throw new GatewayError(400, 'Bad Request', `The body broke off: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (size > largestBody) throw new GatewayError(413, 'Request Entity Too Large');
  return Buffer.concat(chunks);
}

function headerLines(raw: readonly string[]): Record<string, string[]> {
  const lines: Record<string, string[]> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase();
    const value = raw[index + 1]!;
    // HTTP/2 names the host in a pseudo-header.
    if (name === ':authority') lines['host'] = [value];
    else if (!name.startsWith(':')) (lines[name] ??= []).push(value);
  }
  return lines;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new GatewayError(400, 'Bad Request');
  }
}
