import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { errorResponse, HttpError } from '../../model/serving/http/error.ts';
import type { HttpRequest, HttpResponse } from '../../model/serving/http/message.ts';
import { answer, maximumBodyBytes, type RoutePorts } from '../../model/serving/http/routes.ts';

/** What a server needs besides the routes' ports. */
export interface ServerPorts extends RoutePorts {
  /** A request failed for no fault of its sender. */
  onFailure(error: unknown, requestId: string): void;
}

/** The prediction API over HTTP. A request that cannot be served gets an answer that says why. */
export function modelServer(ports: ServerPorts): Server {
  return createServer((request, response) => void respond(request, response, ports));
}

async function respond(incoming: IncomingMessage, outgoing: ServerResponse, ports: ServerPorts): Promise<void> {
  const requestId = randomUUID();
  const response = await answered(incoming, requestId, ports);
  outgoing.writeHead(response.status, { ...response.headers, 'content-length': String(Buffer.byteLength(response.body)) }).end(response.body);
}

async function answered(incoming: IncomingMessage, requestId: string, ports: ServerPorts): Promise<HttpResponse> {
  try {
    return await answer(await read(incoming, requestId), ports);
  } catch (error) {
    if (error instanceof HttpError) return errorResponse(error, requestId);
    ports.onFailure(error, requestId);
    return errorResponse(new HttpError(500, 'InternalError', 'The request could not be served. The log has the reason under the request id.'), requestId);
  }
}

async function read(incoming: IncomingMessage, requestId: string): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maximumBodyBytes) throw new HttpError(413, 'BodyTooLarge', `The body has more than ${String(maximumBodyBytes)} bytes, expected at most so many.`, { headers: { connection: 'close' } });
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const [path = '/'] = (incoming.url ?? '/').split('?');
  return { method: incoming.method ?? 'GET', path, headers, body: Buffer.concat(chunks), requestId };
}
