import { randomUUID } from 'node:crypto';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Caller, Dispatch } from '../core/call.ts';
import { AwsError, notImplemented } from '../core/errors.ts';
import { serviceModel } from './catalog.ts';
import { detectProtocol } from './detect.ts';
import type { Protocol, Reply, WireResponse } from './protocol.ts';
import { readRequest, type IncomingRequest, type OutgoingResponse, type WireRequest } from './request.ts';
import { credentialScope, type CredentialScope } from './scope.ts';

/** What the wire layer asks of the laptop behind it. */
export interface WireBackend {
  /** Who signed, or an AwsError: an unknown key, a session that is over, later a wrong signature. */
  authenticate(scope: CredentialScope, request: WireRequest): Caller;
  readonly call: Dispatch;
  /** The time that answers tell: SDK clients set their own clocks by it. @default - the machine's */
  readonly now?: () => Date;
  /** A bug of ours behind a 500: the client hears nothing about it, the person at the laptop does. */
  reportFault(error: unknown, call: string): void;
}

/** Answers AWS API requests of any protocol. */
export function wireHandler(backend: WireBackend): (incoming: IncomingRequest, outgoing: OutgoingResponse) => void {
  return (incoming, outgoing) => {
    void answer(backend, incoming, outgoing);
  };
}

async function answer(backend: WireBackend, incoming: IncomingRequest, outgoing: OutgoingResponse): Promise<void> {
  const request = readRequest(incoming);
  const requestId = randomUUID();
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort(new AwsError('RequestAborted', 'The client went away.'));
  });
  const response = await respond(backend, request, requestId, gone.signal);
  await send(outgoing, response, requestId, backend.now?.()).catch((error: unknown) => {
    // The status line is gone already: all that is left is to break the connection, so that the client notices.
    outgoing.destroy();
    if (!gone.signal.aborted) backend.reportFault(error, `${request.method} ${request.path}`);
  });
}

async function respond(backend: WireBackend, request: WireRequest, requestId: string, signal: AbortSignal): Promise<WireResponse> {
  const scope = credentialScope(request);
  const model = scope && serviceModel(scope.service);
  const protocol = detectProtocol(request, model);
  const reply: Reply = { model, requestId, request };
  try {
    if (!scope) throw new AwsError('MissingAuthenticationToken', 'The request is not signed. Sign it with the credentials that the laptop printed when it came up.', 403);
    return await perform(backend, request, protocol, scope, reply, signal);
  } catch (error) {
    if (error instanceof AwsError) return protocol.writeError(error, reply);
    // A client that goes away in the middle breaks its own request alone.
    if (!signal.aborted) backend.reportFault(error, `${scope?.service ?? 'unsigned'} ${request.method} ${request.path}`);
    return protocol.writeError(new AwsError(model?.name === 's3' ? 'InternalError' : 'InternalFailure', 'The laptop failed while it answered; its log says why.', 500), reply);
  }
}

async function perform(backend: WireBackend, request: WireRequest, protocol: Protocol, scope: CredentialScope, reply: Reply, signal: AbortSignal): Promise<WireResponse> {
  const caller = backend.authenticate(scope, request);
  const { model } = reply;
  const name = await protocol.operationName(request, model ?? unknownService(scope.service));
  const operation = model?.operations.get(name);
  if (!model || !operation) throw notImplemented(scope.service, name === '' ? `${request.method} ${request.path}` : name);
  const input = await protocol.readInput(request, operation, model);
  const output = await backend.call({ service: scope.service, operation: name, input, caller, requestId: reply.requestId, ...(scope.region !== undefined && { region: scope.region }), signal });
  return protocol.writeOutput(output, operation, reply);
}

/** Lets a protocol name the operation of a service whose model is not here. */
function unknownService(name: string): NonNullable<Reply['model']> {
  return { name, namespace: '', xmlNamespace: '', operations: new Map(), errors: new Map() };
}

async function send(outgoing: OutgoingResponse, { status, headers, body }: WireResponse, requestId: string, time: Date | undefined): Promise<void> {
  outgoing.statusCode = status;
  if (time !== undefined) outgoing.setHeader('date', time.toUTCString());
  outgoing.setHeader('x-amzn-requestid', requestId);
  outgoing.setHeader('x-amz-request-id', requestId);
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
  if (body instanceof Readable) {
    await pipeline(body, outgoing as Writable);
  } else {
    if (body !== undefined) outgoing.setHeader('content-length', Buffer.byteLength(body));
    outgoing.end(body ?? '');
  }
}
