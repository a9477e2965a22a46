import type { LaptopContext } from '../../core/context.ts';
import type { IncomingRequest, OutgoingResponse } from '../../wire/request.ts';
import { authorize } from './authorization.ts';
import { preflight, withCors } from './cors.ts';
import { GatewayError, integrationFailed } from './errors.ts';
import type { HttpApi } from './http-api.ts';
import { invoke } from './integration.ts';
import type { Invocation } from './invocation.ts';
import type { Exchange } from './log-variables.ts';
import { readBody, readRequest } from './request.ts';
import { defaultRouteKey, matchRoute } from './routes.ts';
import { sendAnswer } from './send.ts';
import type { HttpAnswer } from './types.ts';

/** Answers one request to an API, and tells what came of it. */
export async function serve(context: LaptopContext, api: HttpApi, incoming: IncomingRequest, outgoing: OutgoingResponse): Promise<Exchange> {
  const exchange: Exchange = { started: performance.now() };
  const answer = await respond(context, api, incoming, exchange).catch((thrown: unknown) => {
    const error = api.dialect.errorOf(thrown);
    exchange.failure = error instanceof GatewayError ? error : faultOf(context, api, error);
    return exchange.failure.answer;
  });
  const { CorsConfiguration: cors } = api.properties;
  exchange.answer = cors === undefined || exchange.request === undefined ? answer : withCors(cors, exchange.request, answer);
  exchange.bytes = await sendAnswer(outgoing, exchange.answer, exchange.request === undefined ? {} : { 'apigw-requestid': exchange.request.requestId });
  exchange.milliseconds = Math.round(performance.now() - exchange.started);
  return exchange;
}

/** A bug of the laptop: the client hears nothing about it, the person at the laptop does. */
function faultOf(context: LaptopContext, api: HttpApi, error: unknown): GatewayError {
  context.emit({ type: 'notice', message: `The laptop failed in the HTTP API ${api.id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` });
  return integrationFailed('The laptop failed; its notices say why');
}

async function respond(context: LaptopContext, api: HttpApi, incoming: IncomingRequest, exchange: Exchange): Promise<HttpAnswer> {
  const request = readRequest(incoming, context.clock.now());
  exchange.request = request;
  const body = await readBody(incoming);
  const found = api.stageOf(request.undecodedPath);
  if (found === undefined) throw new GatewayError(404, 'Not Found');
  const { stage, path } = found;
  exchange.stage = stage;

  const { CorsConfiguration: cors } = api.properties;
  const permission = cors && preflight(cors, request);
  if (permission !== undefined) return permission;

  const match = matchRoute(api.routes.values(), request.method, path);
  if (match === undefined) throw new GatewayError(404, 'Not Found');
  const { route, pathParameters } = match;
  exchange.routeKey = route.routeKey;
  if (!api.admits(stage, route.routeKey, context.clock.now().getTime())) throw new GatewayError(429, 'Too Many Requests');

  const { partition, region, accountId } = context;
  const { StageName, StageVariables: stageVariables = {} } = stage;
  const invocation: Invocation = { accountId, apiId: api.id, stage: StageName, stageVariables, routeKey: route.routeKey, resourcePath: route.path, pathParameters, request, body };
  const resource = route.routeKey === defaultRouteKey ? `/${defaultRouteKey}` : `/${request.method}${path}`;
  const authorizer = await authorize(context, api, route.properties, invocation, `arn:${partition}:execute-api:${region}:${accountId}:${api.id}/${StageName}${resource}`);
  if (authorizer !== undefined) exchange.authorizer = authorizer;

  const integration = api.integrationOf(route);
  if (integration === undefined) throw integrationFailed(`The target of ${route.routeKey} is no integration of this API: ${route.properties.Target ?? 'none'}`);
  const asked = performance.now();
  try {
    return await invoke(context, api.dialect, integration, { ...invocation, ...(authorizer && { authorizer }) });
  } finally {
    exchange.integrationMilliseconds = Math.round(performance.now() - asked);
  }
}
