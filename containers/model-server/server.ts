import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answer } from '../../model/serving/http/answer.ts';
import { maximumBodyBytes } from '../../model/serving/http/body.ts';
import type { ServingPorts } from '../../model/serving/http/call.ts';
import type { HttpRequest } from '../../model/serving/http/message.ts';

/** The prediction API over HTTP. A request that cannot be served gets an answer that says why. */
export function modelServer(ports: ServingPorts): Server {
  return createServer((request, response) => void respond(request, response, ports));
}

async function respond(incoming: IncomingMessage, outgoing: ServerResponse, ports: ServingPorts): Promise<void> {
  const request = await read(incoming).catch(() => undefined);
  // Its sender is gone, or shall go.
  if (request === undefined) return void incoming.destroy();
  const response = await answer(request, ports);
  outgoing.writeHead(response.status, { ...response.headers, 'content-length': String(Buffer.byteLength(response.body)) }).end(response.body);
}

/** Nobody who sends so much waits for an answer. */
const droppedBytes = 16 * maximumBodyBytes;

/** Of a body that is too large as much is kept as shows it to be; the rest is read and dropped, so that its sender gets to read the answer. */
async function read(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (bytes <= maximumBodyBytes) chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > droppedBytes) throw new Error('A sender that does not stop.');
  }
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const url = incoming.url ?? '/';
  const at = url.indexOf('?');
  const [path, query] = at === -1 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
  return { method: incoming.method ?? 'GET', path, query, headers, body: Buffer.concat(chunks), requestId: randomUUID() };
}
