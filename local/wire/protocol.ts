import type { Readable } from 'node:stream';
import type { Output } from '../core/call.ts';
import type { AwsError } from '../core/errors.ts';
import type { ErrorModel, OperationModel, ServiceModel } from './model.ts';
import type { WireRequest } from './request.ts';

/** What goes back over HTTP. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array | Readable;
}

/** One of AWS's wire protocols, from the server's side. */
export interface Protocol {
  /** The name of the operation that the request asks for, as far as the request itself tells. */
  operationName(request: WireRequest, model: ServiceModel): Promise<string>;
  readInput(request: WireRequest, operation: OperationModel, model: ServiceModel): Promise<Record<string, unknown>>;
  writeOutput(output: Output, operation: OperationModel, reply: Reply): WireResponse;
  writeError(error: AwsError, reply: Reply): WireResponse;
}

/** What each reply names: the service and the request. */
export interface Reply {
  readonly model: ServiceModel | undefined;
  readonly requestId: string;
  readonly request: WireRequest;
}

/** How the service declares this error, if it does. */
export function declaredError(error: AwsError, reply: Reply): ErrorModel | undefined {
  return reply.model?.errors.get(error.code);
}

/** The HTTP status of an error: the handler's, unless it left the default and the model knows better. */
export function errorStatus(error: AwsError, declared: ErrorModel | undefined): number {
  return error.statusCode === 400 ? (declared?.status ?? 400) : error.statusCode;
}

/** The modelled members of an error with its message, under the names that the model gives them. */
export function errorMembers(error: AwsError, declared: ErrorModel | undefined): Record<string, unknown> {
  const names = declared ? [...declared.schema.structIterator()].map(([name]) => name) : [];
  return { ...error.fields, [names.includes('Message') ? 'Message' : 'message']: error.message };
}

/** Clients of services that once spoke awsQuery (SQS, CloudWatch) still look for its error code, in a header. */
export function queryCompatible(error: AwsError, reply: Reply): Record<string, string> {
  if (reply.request.headers['x-amzn-query-mode'] !== 'true') return {};
  const code = declaredError(error, reply)?.queryCode ?? error.code;
  return { 'x-amzn-query-error': `${code};${error.statusCode < 500 ? 'Sender' : 'Receiver'}` };
}
