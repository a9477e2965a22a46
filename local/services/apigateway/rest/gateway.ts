import type { LaptopContext } from '../../../core/context.ts';
import type { IncomingRequest, OutgoingResponse } from '../../../wire/request.ts';
import { GatewayError } from '../errors.ts';
import { readBody, readRequest } from '../request.ts';
import { sendAnswer } from '../send.ts';
import type { HttpAnswer } from '../types.ts';
import { authorize } from './authorization.ts';
import { RestError } from './errors.ts';
import { gatewayAnswer } from './gateway-response.ts';
import { invoke } from './integration.ts';
import { isBinaryType, newRequestId } from './invocation.ts';
import type { RestInvocation } from './invocation.ts';
import { exchangeVariables } from './log-variables.ts';
import type { RestExchange } from './log-variables.ts';
import type { RestApi } from './rest-api.ts';
import type { Usage } from './usage.ts';
import { validateRequest } from './validation.ts';

/** What answers requests to REST APIs. */
export interface RestBackend {
  readonly context: LaptopContext;
  readonly usage: Usage;
}

/** Answers one request to a REST API, and tells what came of it. */
export async function serve(backend: RestBackend, api: RestApi, incoming: IncomingRequest, outgoing: OutgoingResponse): Promise<RestExchange> {
  const exchange: RestExchange = { started: performance.now(), accountId: backend.context.accountId, apiId: api.id, requestId: newRequestId() };
  exchange.answer = await respond(backend, api, incoming, exchange).catch((error: unknown) => {
    exchange.failure = asRestError(backend.context, api, error);
    return gatewayAnswer(exchange.failure, exchange.stage && api.tableOf(exchange.stage)?.definition, exchangeVariables(exchange));
  });
  exchange.bytes = await sendAnswer(outgoing, exchange.answer, { 'x-amzn-requestid': exchange.requestId, ...(exchange.request && { 'x-amz-apigw-id': exchange.request.requestId }) });
  exchange.milliseconds = Math.round(performance.now() - exchange.started);
  return exchange;
}

function asRestError({ emit }: LaptopContext, api: RestApi, error: unknown): RestError {
  if (error instanceof RestError) return error;
  // A bug of the laptop: the client hears nothing about it, the person at the laptop does.
  emit({ type: 'notice', message: `The laptop failed in the REST API ${api.id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` });
  return new RestError('API_CONFIGURATION_ERROR', { reason: 'The laptop failed; its notices say why' });
}

async function respond(backend: RestBackend, api: RestApi, incoming: IncomingRequest, exchange: RestExchange): Promise<HttpAnswer> {
  const { context, usage } = backend;
  const request = read(() => readRequest(incoming, context.clock.now()));
  exchange.request = request;
  const body = await readBody(incoming).catch(asReadError);
  const found = api.stageOf(request.undecodedPath);
  if (found === undefined) throw new RestError(undefined);
  const { stage, path } = found;
  exchange.stage = stage;

  const table = api.tableOf(stage);
  const match = table?.find(request.method, path);
  if (table === undefined || match === undefined) throw new RestError('MISSING_AUTHENTICATION_TOKEN', { reason: `No method takes ${request.method} ${path}` });
  const { method, resourcePath } = match;
  const { partition, region, accountId } = context;
  const decoded = request.path.slice(stage.StageName.length + 1) || '/';
  let invocation: RestInvocation = { accountId, apiId: api.id, stage, match, requestId: exchange.requestId, path: decoded, request, body, isBinary: isBinaryType(request.headers['content-type'], api.properties.BinaryMediaTypes) };
  exchange.invocation = invocation;

  const authorized = await authorize(context, api, table, invocation, `arn:${partition}:execute-api:${region}:${accountId}:${api.id}/${stage.StageName}/${request.method}${path}`);
  invocation = { ...invocation, authorized };
  exchange.invocation = invocation;
  if (String(method.ApiKeyRequired) === 'true') {
    const value = api.properties.ApiKeySourceType === 'AUTHORIZER' ? authorized.usageIdentifierKey : request.headers['x-api-key'];
    const key = usage.admit(value, { apiId: api.id, stage: stage.StageName, resourcePath, httpMethod: request.method });
    invocation = { ...invocation, key };
    exchange.invocation = invocation;
  }
  if (!api.admits(stage, method.HttpMethod, resourcePath, context.clock.now().getTime())) throw new RestError('THROTTLED');
  validateRequest(table, invocation);

  if (method.Integration === undefined) throw new RestError('API_CONFIGURATION_ERROR', { reason: `${method.HttpMethod} ${resourcePath} has no integration` });
  const asked = performance.now();
  try {
    return await invoke(context, method.Integration, invocation, api.properties.BinaryMediaTypes);
  } finally {
    exchange.integrationMilliseconds = Math.round(performance.now() - asked);
  }
}

function read<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return asReadError(error);
  }
}

/** What the reader of requests says in the words of HTTP APIs. */
function asReadError(error: unknown): never {
  if (!(error instanceof GatewayError)) throw error;
  throw error.status === 413 ? new RestError('REQUEST_TOO_LARGE') : new RestError('BAD_REQUEST_PARAMETERS', { message: 'Bad Request', ...(error.integrationError !== undefined && { reason: error.integrationError }) });
}
