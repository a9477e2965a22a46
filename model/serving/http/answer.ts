import { RequestError } from '../errors.ts';
import { Call, type Handler, type ServingPorts } from './call.ts';
import { errorResponse, HttpError, protocolErrorResponse, refusal } from './error.ts';
import type { HttpRequest, HttpResponse } from './message.ts';
import { routeOf } from './router.ts';
import { versionHeader } from './version-names.ts';

/** Answers a request, whatever it is: the one place where errors become answers. It never rejects. */
export async function answer(request: HttpRequest, ports: ServingPorts): Promise<HttpResponse> {
  const startedAt = performance.now();
  const call = new Call(request, ports);
  const route = routeOf(request.path);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  let response: HttpResponse;
  try {
    if (ports.authorize !== undefined) await ports.authorize(request);
    const handler = handlerOf(route.methods, method, request.path, route.expected);
    response = await handler(call, ...route.parameters);
  } catch (error) {
    const answered = httpErrorOf(error, request.requestId, ports);
    response = route.isProtocol ? protocolErrorResponse(answered) : errorResponse(answered, request.requestId);
  }
  const { served } = call;
  if (served !== undefined) response = { ...response, headers: { ...response.headers, [versionHeader]: served.identity.modelVersion } };
  if (request.method === 'HEAD') response = { ...response, body: '' };
  ports.observe({
    route: route.name,
    predicts: route.predicts,
    status: response.status,
    ...(served === undefined ? {} : { role: served.role, modelVersion: served.identity.modelVersion }),
    rows: call.rows,
    milliseconds: performance.now() - startedAt,
    request,
    response,
  });
  return response;
}

function handlerOf(methods: Readonly<Record<string, Handler>> | undefined, method: string, path: string, expected: string): Handler {
  if (methods === undefined) {
    throw new HttpError(404, 'RouteNotFound', `There is no route ${JSON.stringify(path.slice(0, 200))}, expected one of ${expected}.`, { details: [{ field: 'path', found: path.slice(0, 200), expected: `one of ${expected}` }] });
  }
  const handler = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (handler !== undefined) return handler;
  const allowed = Object.keys(methods).join(', ');
  throw new HttpError(405, 'MethodNotAllowed', `${path.slice(0, 200)} takes ${allowed}, found ${method.slice(0, 20)}.`, { details: [{ field: 'method', found: method.slice(0, 20), expected: allowed }], headers: { allow: allowed } });
}

function httpErrorOf(error: unknown, requestId: string, ports: ServingPorts): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof RequestError) return refusal(error);
  ports.onFailure(error, requestId);
  return new HttpError(500, 'InternalError', 'The request could not be served. The log has the reason under the request id.');
}
