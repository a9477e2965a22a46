import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import type { IncomingRequest, OutgoingResponse } from '../../wire/request.ts';
import type { Target } from './target.ts';

/** How a request went. */
export interface Forwarded {
  /** What the client was answered. */
  readonly status: number;
  /** Whether the answer is the load balancer's own. */
  readonly own: boolean;
  /** From the request's last byte sent to the first byte of the answer. */
  readonly targetSeconds?: number;
}

/** What belongs to one connection and is not passed on. */
const hopHeaders: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/** Passes a request on to a target, and its answer back: 502 where the target breaks off, 504 where it is silent for too long. */
export async function forward(incoming: IncomingRequest, outgoing: OutgoingResponse, target: Target, { port, idleMilliseconds }: { readonly port: number; readonly idleMilliseconds: number }): Promise<Forwarded> {
  const end = target.begin();
  const started = performance.now();
  try {
    const response = await ask(incoming, outgoing, target, port, idleMilliseconds);
    const targetSeconds = (performance.now() - started) / 1000;
    const status = response.statusCode ?? 502;
    outgoing.statusCode = status;
    for (const [name, value] of Object.entries(response.headers)) if (!hopHeaders.has(name) && value !== undefined) outgoing.setHeader(name, value);
    await pipeline(response, outgoing as Writable);
    return { status, own: false, targetSeconds };
  } catch (error) {
    if (outgoing.headersSent) {
      outgoing.destroy();
      return { status: outgoing.statusCode, own: false };
    }
    const status = error instanceof TooSlow ? 504 : 502;
    answer(outgoing, status);
    return { status, own: true };
  } finally {
    end();
  }
}

class TooSlow extends Error {}

function ask(incoming: IncomingRequest, outgoing: OutgoingResponse, target: Target, port: number, idleMilliseconds: number): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: target.port, agent: target.agent, method: incoming.method, path: incoming.url, headers: passedOn(incoming, port), timeout: idleMilliseconds });
    request.once('response', resolve);
    request.once('error', reject);
    request.once('timeout', () => request.destroy(new TooSlow()));
    // A client that goes away takes its request along.
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) request.destroy();
    });
    pipeline(incoming, request).catch(reject);
  });
}

function passedOn(incoming: IncomingRequest, port: number): http.OutgoingHttpHeaders {
  const headers: http.OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(incoming.headers)) if (!name.startsWith(':') && !hopHeaders.has(name)) headers[name] = value;
  const authority = incoming.headers[':authority'];
  if (typeof authority === 'string') headers['host'] ??= authority;
  const from = incoming.socket.remoteAddress ?? '127.0.0.1';
  const before = headers['x-forwarded-for'];
  return {
    ...headers,
    'x-forwarded-for': typeof before === 'string' ? `${before}, ${from}` : from,
    'x-forwarded-proto': port === 443 ? 'https' : 'http',
    'x-forwarded-port': String(port),
    'x-amzn-trace-id': headers['x-amzn-trace-id'] ?? `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
  };
}

const reasons: Readonly<Record<number, string>> = { 502: 'Bad Gateway', 503: 'Service Temporarily Unavailable', 504: 'Gateway Time-out' };

/** Answers as the load balancer does itself. */
export function answer(outgoing: OutgoingResponse, status: number, body?: string, contentType = 'text/html'): void {
  const title = `${status} ${reasons[status] ?? ''}`.trim();
  const text = body ?? `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  outgoing.statusCode = status;
  outgoing.setHeader('server', 'awselb/2.0');
  outgoing.setHeader('content-type', contentType);
  outgoing.setHeader('content-length', Buffer.byteLength(text));
  outgoing.end(text);
}
