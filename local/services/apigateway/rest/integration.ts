import type { LaptopContext } from '../../../core/context.ts';
import { answerOf } from '../answer.ts';
import { GatewayError } from '../errors.ts';
import { callFunction, FunctionCallError, functionArn } from '../function-call.ts';
import type { FunctionTarget } from '../function-call.ts';
import { streamFunction, takeMetadata } from '../streamed-call.ts';
import type { HttpAnswer } from '../types.ts';
import { backendFailed, RestError } from './errors.ts';
import { proxyEvent } from './event.ts';
import { isBinaryType } from './invocation.ts';
import type { RestInvocation } from './invocation.ts';
import { answerMock } from './mock.ts';
import type { RestIntegration } from './types.ts';

/** How long a backend may take unless the integration says less (or more, where AWS raised the account's bound). */
const defaultMilliseconds = 29_000;

/** Why the laptop cannot call an integration, or undefined when it can. */
export function unservedIntegration({ Type: type, Uri: uri }: RestIntegration): string | undefined {
  if (type === 'MOCK') return undefined;
  if (type !== 'AWS_PROXY') return `it is of type ${type}, and only AWS_PROXY integrations with Lambda and MOCK ones run on the laptop`;
  if (functionArn(uri) === undefined) return `"${uri ?? ''}" names no Lambda function`;
  return undefined;
}

/** Has the backend answer. @throws {RestError} when it cannot, or answers nonsense */
export async function invoke(context: LaptopContext, integration: RestIntegration, invocation: RestInvocation, binaryMediaTypes: readonly string[] | undefined): Promise<HttpAnswer> {
  const unserved = unservedIntegration(integration);
  if (unserved !== undefined) throw new RestError('API_CONFIGURATION_ERROR', { reason: `The laptop cannot call the integration: ${unserved}` });
  if (integration.Type === 'MOCK') return answerMock(integration, invocation);
  const { Uri: uri, Credentials: credentialsArn, TimeoutInMillis: timeout = defaultMilliseconds } = integration;
  const target = { uri, credentialsArn, timeoutMilliseconds: Number(timeout) };
  const isStreamed = integration.ResponseTransferMode === 'STREAM';
  const answer = isStreamed ? streamed(context, target, invocation) : callFunction(context, target, proxyEvent(invocation)).then((payload) => proxyAnswer(payload, isBinaryType(invocation.request.headers['accept'], binaryMediaTypes)));
  return await answer.catch((error: unknown) => {
    throw restErrorOf(error);
  });
}

/** Whatever the function says of its content's type, metadata come first. */
async function streamed(context: LaptopContext, target: FunctionTarget, invocation: RestInvocation): Promise<HttpAnswer> {
  const { chunks } = await streamFunction(context, target, proxyEvent(invocation));
  const { metadata, body } = await takeMetadata(chunks);
  const { cookies, multiValueHeaders, ...rest } = JSON.parse(metadata) as { cookies?: readonly string[]; multiValueHeaders?: object };
  return { ...proxyAnswer(JSON.stringify({ statusCode: 200, ...rest, multiValueHeaders: { ...multiValueHeaders, ...(cookies && { 'set-cookie': cookies }) } }), false), body };
}

/** What went wrong with a function, as a REST API answers it. */
export function restErrorOf(error: unknown): unknown {
  if (!(error instanceof FunctionCallError)) return error;
  if (error.kind === 'late') return new RestError('INTEGRATION_TIMEOUT', { reason: error.message });
  if (error.code === 'RequestTooLargeException') return new RestError('REQUEST_TOO_LARGE', { reason: error.message });
  // What Lambda would not run is a fault of the API's setting-up; a function that failed is one of the backend.
  return error.kind === 'rejected' ? new RestError('API_CONFIGURATION_ERROR', { reason: error.message }) : backendFailed(error.message);
}

/** Bytes go out as such only to a client that accepts the media type as binary: to others their base64, as on AWS. */
function proxyAnswer(payload: string, acceptsBinary: boolean): HttpAnswer {
  try {
    const result = JSON.parse(payload) as { isBase64Encoded?: unknown } | null;
    return answerOf(acceptsBinary || result?.isBase64Encoded !== true ? payload : JSON.stringify({ ...result, isBase64Encoded: false }), '1.0', 'application/json');
  } catch (error) {
    if (error instanceof GatewayError) throw backendFailed(error.integrationError ?? error.message);
    if (error instanceof SyntaxError) throw backendFailed(`Malformed Lambda proxy response: ${error.message}`);
    throw error;
  }
}
