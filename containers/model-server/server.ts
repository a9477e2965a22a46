import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answer } from '../../model/serving/http/answer.ts';
import { maximumBodyBytes } from '../../model/serving/http/body.ts';
import type { ServingPorts } from '../../model/serving/http/call.ts';
import type { HttpRequest, HttpResponse } from '../../model/serving/http/message.ts';

/** Nobody who sends so much waits for an answer. */
const droppedBytes = 16 * maximumBodyBytes;

/** Longer than the 60 seconds after which a load balancer of AWS gives a silent connection up: it must be the one that closes it. */
const keepAliveMs = 75_000;

const empty: Buffer = Buffer.alloc(0);

/**
 * The prediction API over HTTP. A request that cannot be served gets an answer that says why.
 * @param answering what answers requests, wherever it does it; it never rejects
 */
export function modelServer(ports: ServingPorts, answering: typeof answer = answer): Server {
  const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 60_000 }, (incoming, outgoing) => {
    read(incoming, (body) => {
      void respond(answering(requestOf(incoming, body), ports), outgoing, server.listening);
    });
  });
  return server;
}

async function respond(answering: Promise<HttpResponse>, outgoing: ServerResponse, isOpen: boolean): Promise<void> {
  const { status, headers, body } = await answering;
  outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), ...(isOpen ? undefined : { connection: 'close' }) });
  outgoing.end(body);
}

function requestOf(incoming: IncomingMessage, body: Buffer): HttpRequest {
  const url = incoming.url ?? '/';
  const at = url.indexOf('?');
  const [path, query] = at === -1 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
  // One header alone is a list there, Set-Cookie, which no request has a use for.
  return { method: incoming.method ?? 'GET', path, query, headers: incoming.headers as Record<string, string>, body, requestId: randomUUID() };
}

/**
 * Reads the body, by events: a for-await over it costs a third of the request. Of a body that is too large as much is kept as shows it to be; the rest is
 * read and dropped, so that its sender gets to read the answer.
 */
function read(incoming: IncomingMessage, then: (body: Buffer) => void): void {
  let chunks: Buffer[] | undefined;
  let only = empty;
  let bytes = 0;
  incoming.on('data', (chunk: Buffer) => {
    if (bytes === 0) only = chunk;
    else if (bytes <= maximumBodyBytes) (chunks ??= [only]).push(chunk);
    bytes += chunk.length;
    if (bytes > droppedBytes) incoming.destroy();
  });
  // A sender that goes away before the end waits for no answer: there is an error, and no end.
  incoming.on('error', () => undefined);
  incoming.on('end', () => { then(chunks === undefined ? only : Buffer.concat(chunks)); });
}
