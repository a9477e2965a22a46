import { RequestError } from '../errors.ts';
import type { Served } from '../live-models.ts';
import { parseRow, parseRows } from '../request.ts';
import { HttpError, jsonResponse } from './error.ts';
import type { HttpRequest, HttpResponse } from './message.ts';

/** What the routes need of the world. */
export interface RoutePorts {
  /** The model for a request, or of the version that it asks for. @throws HttpError 503 while there is no model, 404 where the version is not live. */
  choose(version?: string): Promise<Served>;
  readonly maximumRows: number;
  /** Called after each prediction. */
  onPredicted(served: Served, rows: number, milliseconds: number): void;
}

/** Lambda takes no larger request; the SageMaker container's limit is the same. */
export const maximumBodyBytes = 6_291_456;

type Route = (request: HttpRequest, ports: RoutePorts) => Promise<HttpResponse>;

const routes: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  '/health': { GET: health },
  '/ping': { GET: ping },
  '/invocations': { POST: invocations },
  '/model/info': { GET: info },
  '/predict': { POST: predict },
  '/predict/batch': { POST: predictBatch },
};

/** Answers a request. @throws HttpError for every answer other than 200. */
export async function answer(request: HttpRequest, ports: RoutePorts): Promise<HttpResponse> {
  const path = request.path.length > 1 ? request.path.replace(/\/+$/, '') : request.path;
  const methods = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (methods === undefined) {
    throw new HttpError(404, 'RouteNotFound', `There is no route ${request.path.slice(0, 200)}, expected one of ${Object.keys(routes).join(', ')}.`);
  }
  const allowed = Object.keys(methods).join(', ');
  const route = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  if (route === undefined) {
    throw new HttpError(405, 'MethodNotAllowed', `${path} takes ${allowed}, found ${request.method}.`, { headers: { allow: allowed } });
  }
  return route(request, ports);
}

async function health(_request: HttpRequest, ports: RoutePorts): Promise<HttpResponse> {
  await ports.choose();
  return jsonResponse(200, { status: 'healthy' });
}

/** SageMaker's health check: an empty answer. */
async function ping(_request: HttpRequest, ports: RoutePorts): Promise<HttpResponse> {
  await ports.choose();
  return { status: 200, headers: {}, body: '' };
}

async function info(_request: HttpRequest, ports: RoutePorts): Promise<HttpResponse> {
  const { identity, model } = await ports.choose();
  const { trainedAt, trainer, rounds, task, classes, objective, features, schema } = model.description;
  return jsonResponse(200, {
    modelName: identity.modelName,
    modelVersion: identity.modelVersion,
    modelPackageArn: identity.modelPackageArn,
    sha256: identity.sha256,
    trainedAt,
    trainer,
    rounds,
    task,
    objective,
    input: { columns: model.schema.columns },
    output: { prediction: task === 'multiclass' ? 'class' : 'number', ...(classes === undefined ? {} : { classes }), label: schema.label },
    ...(identity.metrics === undefined ? {} : { metrics: identity.metrics }),
    features: features.map(({ name, column, transform }) => ({ name, column, transform })),
  });
}

async function predict(request: HttpRequest, ports: RoutePorts): Promise<HttpResponse> {
  const body = field(request, 'input');
  const current = await ports.choose();
  const row = checked(() => parseRow(body, current.model.schema));
  const startedAt = performance.now();
  const [prediction] = await current.model.predict([row]);
  ports.onPredicted(current, 1, performance.now() - startedAt);
  return jsonResponse(200, { ...prediction, ...nameOf(current), requestId: request.requestId });
}

async function predictBatch(request: HttpRequest, ports: RoutePorts): Promise<HttpResponse> {
  const body = field(request, 'inputs');
  const current = await ports.choose();
  const rows = checked(() => parseRows(body, current.model.schema, ports.maximumRows));
  const startedAt = performance.now();
  const predictions = await current.model.predict(rows);
  ports.onPredicted(current, rows.length, performance.now() - startedAt);
  return jsonResponse(200, { predictions, ...nameOf(current), requestId: request.requestId });
}

/** SageMaker's contract: `{"instances": [row, ..]}` is answered by `{"predictions": [..]}`. */
async function invocations(request: HttpRequest, ports: RoutePorts): Promise<HttpResponse> {
  const body = field(request, 'instances');
  const current = await ports.choose();
  const rows = checked(() => parseRows(body, current.model.schema, ports.maximumRows, 'instances'));
  const startedAt = performance.now();
  const predictions = await current.model.predict(rows);
  ports.onPredicted(current, rows.length, performance.now() - startedAt);
  return jsonResponse(200, { predictions });
}

function nameOf({ identity }: Served): { modelName: string; modelVersion: string } {
  return { modelName: identity.modelName, modelVersion: identity.modelVersion };
}

/** The field of a JSON body. @throws HttpError 400, 413, 415 */
function field(request: HttpRequest, name: string): unknown {
  const type = (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new HttpError(415, 'UnsupportedMediaType', `The content type is '${String(type).slice(0, 100)}', expected application/json.`);
  if (request.body.length > maximumBodyBytes) {
    throw new HttpError(413, 'BodyTooLarge', `The body has ${String(request.body.length)} bytes, expected at most ${String(maximumBodyBytes)}.`);
  }
  const body = parsedJson(request.body.toString('utf8'));
  if (typeof body !== 'object' || body === null || Array.isArray(body) || !Object.hasOwn(body, name)) {
    throw new HttpError(400, 'InvalidBody', `The body lacks '${name}', expected {"${name}": ..}.`, { details: [{ field: name, found: 'missing', expected: `{"${name}": ..}` }] });
  }
  return (body as Record<string, unknown>)[name];
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HttpError(400, 'MalformedJson', `The body is no JSON: ${(cause as Error).message.slice(0, 200)}.`, { cause });
  }
}

function checked<Value>(parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new HttpError(error.code === 'TooManyRows' ? 413 : 400, error.code, `${error.message}.`, { details: error.details, cause: error });
  }
}
