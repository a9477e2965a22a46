import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StreamedReply } from './response-sink.ts';

/** An event on its way into a function's process. */
export interface RuntimeInvocation {
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly functionArn: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly traceId: string;
  /** JSON in base64, as the caller sent it. */
  readonly clientContext?: string;
}

/** What the function's runtime answered. */
export type RuntimeReply =
  | { readonly kind: 'response'; readonly payload: Buffer }
  | { readonly kind: 'error'; readonly payload: Buffer }
  | { readonly kind: 'too-large'; readonly bytes: number }
  | StreamedReply;

/** Lambda's limit on a synchronous response: 6 MB and room for its envelope. */
export const responseLimit = 6 * 1024 * 1024 + 100;

const prefix = '/2018-06-01/runtime/';

/**
 * The Lambda Runtime API of one execution environment, on a loopback port of its own: what a function's runtime,
 * ours or anyone's, asks for events and tells its results.
 */
export class RuntimeApi {
  readonly #server: Server;
  readonly #initialised = deferred<RuntimeReply | undefined>();
  #polled = deferred<undefined>();
  #waiting: ServerResponse | undefined;
  #queued: RuntimeInvocation | undefined;
  #current: { readonly requestId: string; readonly settle: (reply: RuntimeReply) => void } | undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  /** Starts listening on a free loopback port. */
  static async listen(): Promise<RuntimeApi> {
    // A function holds its connection for as long as it has nothing to do: no time limit is right.
    const server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 });
    const api = new RuntimeApi(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return api;
  }

  /** Host and port, as AWS_LAMBDA_RUNTIME_API has it. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when the runtime first asks for an event, or with its error when it could not start. */
  get initialised(): Promise<RuntimeReply | undefined> {
    return this.#initialised.promise;
  }

  /** Resolves as soon as the runtime is free: when it asks for the next event. */
  get polled(): Promise<undefined> {
    return this.#polled.promise;
  }

  /** Hands the runtime an event and waits for its answer. One at a time. */
  invoke(invocation: RuntimeInvocation): Promise<RuntimeReply> {
    return new Promise((settle) => {
      this.#current = { requestId: invocation.requestId, settle };
      this.#queued = invocation;
      this.#handOver();
    });
  }

  /** Stops listening and drops the runtime's connection. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const resource = request.url?.startsWith(prefix) === true ? request.url.slice(prefix.length) : '';
    if (request.method === 'GET' && resource === 'invocation/next') {
      this.#waiting = response;
      this.#initialised.resolve(undefined);
      this.#polled.resolve(undefined);
      this.#handOver();
      return;
    }
    const [, requestId, verb] = /^invocation\/([^/]+)\/(response|error)$/.exec(resource) ?? [];
    if (requestId !== undefined && verb === 'response' && request.headers['lambda-runtime-function-response-mode'] === 'streaming') {
      this.#stream(requestId, request, response);
      return;
    }
    const body = await read(request).catch(() => undefined);
    if (body === undefined) return;
    if (request.method === 'POST' && resource === 'init/error') {
      this.#initialised.resolve({ kind: 'error', payload: body });
      answer(response, 202, { status: 'OK' });
    } else if (request.method === 'POST' && requestId !== undefined) {
      this.#settle(requestId, verb === 'error' ? { kind: 'error', payload: body } : asResponse(body), response);
    } else {
      answer(response, 404, { errorType: 'NotFound', errorMessage: `No such resource: ${request.method} ${request.url}` });
    }
  }

  /** The answer begins; it ends with its body. */
  #stream(requestId: string, body: IncomingMessage, response: ServerResponse): void {
    const settle = this.#take(requestId, response);
    if (settle === undefined) return;
    body.once('end', () => answer(response, 202, { status: 'OK' }));
    settle({ kind: 'stream', contentType: body.headers['content-type'] ?? 'application/octet-stream', body });
  }

  #take(requestId: string, response: ServerResponse): ((reply: RuntimeReply) => void) | undefined {
    if (this.#current?.requestId !== requestId) {
      answer(response, 400, { errorType: 'InvalidRequestID', errorMessage: `Invalid request ID: ${requestId}` });
      return undefined;
    }
    const { settle } = this.#current;
    this.#current = undefined;
    return settle;
  }

  #settle(requestId: string, reply: RuntimeReply, response: ServerResponse): void {
    const settle = this.#take(requestId, response);
    if (settle === undefined) return;
    if (reply.kind === 'too-large') answer(response, 413, { errorType: 'RequestEntityTooLarge', errorMessage: tooLarge });
    else answer(response, 202, { status: 'OK' });
    settle(reply);
  }

  #handOver(): void {
    if (this.#waiting === undefined || this.#queued === undefined) return;
    const { requestId, payload, functionArn, deadline, traceId, clientContext } = this.#queued;
    this.#waiting.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': payload.byteLength,
      'Lambda-Runtime-Aws-Request-Id': requestId,
      'Lambda-Runtime-Invoked-Function-Arn': functionArn,
      'Lambda-Runtime-Deadline-Ms': String(deadline),
      'Lambda-Runtime-Trace-Id': traceId,
      ...(clientContext === undefined ? {} : { 'Lambda-Runtime-Client-Context': clientContext }),
    });
    this.#waiting.end(payload);
    this.#waiting = undefined;
    this.#queued = undefined;
    this.#polled = deferred();
  }
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const tooLarge = `Exceeded maximum allowed payload size (${responseLimit} bytes).`;

function asResponse(payload: Buffer): RuntimeReply {
  return payload.byteLength > responseLimit ? { kind: 'too-large', bytes: payload.byteLength } : { kind: 'response', payload };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
