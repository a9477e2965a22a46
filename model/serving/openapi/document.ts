import type { Answer } from '../answer.ts';
import { mediaTypes } from '../formats/formats.ts';
import { maximumBodyBytes } from '../http/body.ts';
import { versionField, versionHeader } from '../http/version-names.ts';
import type { Served } from '../live-models.ts';
import { columnDatatypes } from '../oip/signature.ts';
import type { JsonSchema } from './json-schema.ts';
import { componentSchemas, ref } from './schemas.ts';

/** A row and what the model answers to it: the document's examples. */
export interface Example {
  readonly row: Readonly<Record<string, unknown>>;
  readonly answer: Answer;
}

type Content = Readonly<Record<string, { schema: JsonSchema; example?: unknown }>>;

/** The OpenAPI 3.1 document of what is served: made of the schema by which requests are checked. @param hasMetrics whether there is `/metrics` */
export function openApiDocument(served: Served, example: Example, maximumRows: number, hasMetrics: boolean): object {
  const { identity, model } = served;
  const { row, answer } = example;
  const names = { modelName: identity.modelName, modelVersion: identity.modelVersion, requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef' };
  const predict = { summary: 'Predict one row', operationId: 'predict', ...asks('PredictRequest', { input: row }), ...answers('PredictResponse', { ...answer, ...names }) };
  const batch = { summary: 'Predict several rows', operationId: 'predictBatch', ...asks('BatchRequest', { inputs: [row] }), ...answers('BatchResponse', { predictions: [answer], ...names }) };
  const invocations = { summary: "Predict several rows, as SageMaker calls a container. Formats other than JSON are answered in the same one", operationId: 'invocations', ...asks('InvocationsRequest', { instances: [row] }), ...answers('InvocationsResponse', { predictions: [answer] }) };
  const plain = { ...refusals('Error', 404, 406, 413, 415, 503) };
  return {
    openapi: '3.1.0',
    info: { title: identity.modelName, version: identity.modelVersion, description: description(served) },
    // Relative to this document, wherever a stage or a proxy has put it.
    servers: [{ url: '.' }],
    paths: {
      '/predict': { post: operation(predict, plain, versionParameters) },
      '/predict/batch': { post: operation(batch, plain, versionParameters) },
      '/model/info': { get: operation({ summary: 'What is known of the model', operationId: 'modelInfo', ...answers('ModelInfo') }, refusals('Error', 404, 503), versionParameters) },
      '/health': { get: operation({ summary: 'Whether a model is loaded and predicts', operationId: 'health', ...answers('Health', { status: 'healthy' }) }, refusals('Error', 503)) },
      '/ping': { get: operation({ summary: "SageMaker's health check", operationId: 'ping', responses: { 200: { description: 'A model is loaded.' } } }, refusals('Error', 503)) },
      '/invocations': { post: operation(invocations, plain, versionParameters) },
      '/docs': { get: operation({ summary: 'A page on which a person tries the model', operationId: 'docs', responses: { 200: { description: 'The page.', content: { 'text/html': { schema: { type: 'string' } } } } } }, refusals('Error', 503), versionParameters) },
      ...(hasMetrics ? { '/metrics': { get: { summary: "Metrics in Prometheus' text format", operationId: 'metrics', responses: { 200: { description: 'The metrics.', content: { 'text/plain': { schema: { type: 'string' } } } } } } } } : {}),
      ...protocolPaths(served, row),
    },
    components: { schemas: componentSchemas(model, maximumRows) },
  };
}

function description({ identity, model }: Served): string {
  const { task, schema, trainedAt } = model.description;
  const what = { binary: 'Tells whether', multiclass: 'Tells the class of', regression: 'Predicts' }[task];
  return `${what} ${schema.label.name}. Version ${identity.modelVersion}, trained at ${trainedAt}. Bodies of up to ${String(maximumBodyBytes)} bytes, which may be compressed with gzip. The header ${versionHeader} of an answer says which version gave it.`;
}

function operation(own: object, refused: object, parameters: readonly object[] = []): object {
  const { responses, ...rest } = own as { responses: object };
  return { ...rest, ...(parameters.length === 0 ? {} : { parameters }), responses: { ...responses, ...refused } };
}

const versionParameters = [
  { name: versionHeader, in: 'header', description: 'The live version that shall answer; whichever is served where it is left out.', schema: { type: 'string' } },
  { name: versionField, in: 'query', description: `The same as ${versionHeader}.`, schema: { type: 'string' } },
];

const formatDescriptions: Readonly<Record<string, string>> = {
  'application/jsonlines': 'A row a line; an answer a line.',
  'text/csv': 'A row a line, without a header and in the order of the columns; an empty cell is missing. The answer: the prediction, then the probabilities in the order of the classes.',
  'application/x-npy': 'An array of NumPy with a column a column, numbers or texts, or a structured one. The answer: float32, the probabilities in the order of the classes, or the value.',
  'application/octet-stream': 'float32, little-endian, row after row; NaN is missing. For models whose columns are all numbers or booleans. The answer is of the same form.',
};

function inEachFormat(json: { schema: JsonSchema; example?: unknown }): Content {
  return Object.fromEntries(mediaTypes.map((type) => [type, type === 'application/json' ? json : { schema: { type: 'string', description: formatDescriptions[type] } }]));
}

function asks(schema: string, example: unknown): object {
  return { requestBody: { required: true, content: inEachFormat({ schema: ref(schema), example }) } };
}

function answers(schema: string, example?: unknown): { responses: object } {
  const json = { schema: ref(schema), ...(example === undefined ? {} : { example }) };
  const isPredicted = /^(Predict|Batch|Invocations)Response$/.test(schema);
  return { responses: { 200: { description: 'OK', ...(isPredicted ? { headers: { [versionHeader]: { description: 'The version that answered.', schema: { type: 'string' } } } } : {}), content: isPredicted ? inEachFormat(json) : { 'application/json': json } } } };
}

const reasons: Readonly<Record<number, string>> = {
  400: 'The request is not as it should be; the answer names the field.',
  404: 'The model or the version is not live.',
  406: 'None of the formats that the caller accepts is written.',
  413: 'Too many rows or bytes.',
  415: 'The content type or encoding is not read.',
  503: 'No model is loaded yet.',
};

function refusals(schema: string, ...statuses: readonly number[]): Record<string, object> {
  const all = statuses.includes(404) ? [400, ...statuses] : statuses;
  return Object.fromEntries(all.map((status) => [status, { description: reasons[status], content: { 'application/json': { schema: ref(schema) } } }]));
}

function protocolPaths({ identity, model }: Served, row: Example['row']): Record<string, object> {
  const inputs = model.schema.columns.map(({ name, type }) => ({ name, shape: [1, 1], datatype: columnDatatypes[type][0], data: [row[name]] }));
  const binary = { schema: { type: 'string', description: 'With Inference-Header-Content-Length: so many bytes of JSON, then the tensors in binary form.' } };
  const asked = { requestBody: { required: true, content: { 'application/json': { schema: ref('InferRequest'), example: { inputs } }, 'application/octet-stream': binary } } };
  const answered = { 200: { description: 'OK', content: { 'application/json': { schema: ref('InferResponse') }, 'application/octet-stream': binary } } };
  const refused = refusals('ProtocolError', 404, 503);
  const get = (summary: string, operationId: string, schema: string, parameters: readonly object[] = [], more: object = {}): object => ({ get: operation({ summary, operationId, ...answers(schema) }, more, parameters) });
  const parameter = (name: string, example: string): object => ({ name, in: 'path', required: true, schema: { type: 'string' }, example });
  const [ofModel, ofVersion] = [parameter('model', identity.modelName), parameter('version', identity.modelVersion)];
  const each = ([path, suffix, parameters]: readonly [string, string, readonly object[]]): Record<string, object> => ({
    [path]: get('What a model takes and answers', `modelMetadata${suffix}`, 'ModelMetadata', parameters, refused),
    [`${path}/ready`]: get('Whether a model is live', `modelReady${suffix}`, 'ModelReady', parameters, refused),
    [`${path}/infer`]: { post: operation({ summary: 'Predict the rows of tensors', operationId: `infer${suffix}`, ...asked, responses: answered }, { ...refused, ...refusals('ProtocolError', 413, 415) }, parameters) },
  });
  return {
    '/v2': get('What serves', 'serverMetadata', 'ServerMetadata'),
    '/v2/health/live': get('Whether it answers', 'serverLive', 'ServerLive'),
    '/v2/health/ready': get('Whether it can predict', 'serverReady', 'ServerLive', [], refusals('ProtocolError', 503)),
    ...each(['/v2/models/{model}', '', [ofModel]]),
    ...each(['/v2/models/{model}/versions/{version}', 'OfVersion', [ofModel, ofVersion]]),
  };
}
