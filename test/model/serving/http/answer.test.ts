import { expect, test, vi } from 'vitest';
import { answer } from '../../../../model/serving/http/answer.ts';
import { maximumBodyBytes } from '../../../../model/serving/http/body.ts';
import type { ServingPorts } from '../../../../model/serving/http/call.ts';
import { HttpError } from '../../../../model/serving/http/error.ts';
import type { HttpResponse } from '../../../../model/serving/http/message.ts';
import { LoadedModel } from '../../../../model/serving/loaded-model.ts';
import { dataset } from '../../../lambda/support/pipeline.ts';

const description = {
  version: 1 as const, name: 'trips', schema: dataset, features: [{ name: 'distance', column: 'distance', transform: 'numeric' as const }],
  task: 'binary' as const, objective: 'binary:logistic', trainer: 'slipway-histogram 0.1.0', trainedAt: '2026-11-20T12:00:00Z', rounds: 12, graph: { inputs: [], outputs: [] },
};
type Runner = ConstructorParameters<typeof LoadedModel>[1];
/** Answers each row with values of its distance. */
const runnerOf = (valuesOf: (distance: number) => number[]): Runner => ({
  runAll: async ({ distance }) => {
    const rows = Array.from(distance as Float32Array, valuesOf);
    return { values: Float32Array.from(rows.flat()), columns: rows[0]?.length ?? 0 };
  },
  close: async () => undefined,
});
const runner = runnerOf((distance) => (distance > 10 ? [0.25, 0.75] : [0.75, 0.25]));
const identity = { modelPackageArn: 'arn:aws:sagemaker:us-east-1:1:model-package/trips/3', modelName: 'trips', modelVersion: '3', sha256: 'a'.repeat(64), metrics: { auc: 0.74 } };

function portsOf(more: Partial<ServingPorts> = {}): ServingPorts {
  const served = { identity, role: 'stable' as const, model: new LoadedModel(description, runner) };
  const fail = (error: unknown): never => { throw error; };
  return { choose: async () => served, all: async () => [served], maximumRows: 2, observe: () => undefined, onFailure: fail, ...more };
}

async function call(method: string, path: string, body: string | object = '', headers: Record<string, string> = {}, ports = portsOf()): Promise<{ status: number; body: Record<string, unknown>; headers: HttpResponse['headers'] }> {
  const request = { method, path, query: '', headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), requestId: 'r' };
  const response = await answer(request, ports);
  return { status: response.status, body: JSON.parse(String(response.body)) as Record<string, unknown>, headers: response.headers };
}

const row = { start: '2026-03-07T14:05:00', distance: 12, station: 'north' };

test('one row', async () => {
  const observe = vi.fn();
  const { status, body } = await call('POST', '/predict', { input: row }, { 'content-type': 'application/json; charset=utf-8' }, portsOf({ observe }));
  expect(status).toBe(200);
  expect(body).toEqual({ prediction: 1, probabilities: { '0': 0.25, '1': 0.75 }, modelName: 'trips', modelVersion: '3', requestId: 'r' });
  expect(observe).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ route: '/predict', predicts: true, status: 200, role: 'stable', modelVersion: '3', rows: 1, milliseconds: expect.any(Number) as number }));
});

test('a row as a list, and with what may be missing left out', async () => {
  expect((await call('POST', '/predict', { input: ['2026-03-07T14:05:00', 3, 'north'] })).body).toMatchObject({ prediction: 0 });
  expect((await call('POST', '/predict', { input: {} })).status).toBe(200);
});

test('several rows, in their order', async () => {
  const { status, body } = await call('POST', '/predict/batch', { inputs: [row, { ...row, distance: 1 }] });
  expect(status).toBe(200);
  expect(body).toEqual({ predictions: [{ prediction: 1, probabilities: { '0': 0.25, '1': 0.75 } }, { prediction: 0, probabilities: { '0': 0.75, '1': 0.25 } }], modelName: 'trips', modelVersion: '3', requestId: 'r' });
});

test('health and information', async () => {
  expect(await call('GET', '/health')).toMatchObject({ status: 200, body: { status: 'healthy' } });
  const { body } = await call('GET', '/model/info/');
  expect(body).toMatchObject({ modelName: 'trips', modelVersion: '3', sha256: 'a'.repeat(64), trainedAt: '2026-11-20T12:00:00Z', metrics: { auc: 0.74 } });
  expect((body['input'] as { columns: { name: string }[] }).columns.map(({ name }) => name)).toEqual(['start', 'distance', 'station']);
});

test.each([
  ['no JSON', 'POST', '/predict', '{', {}, 400, 'MalformedJson', /'body' is cut off/],
  ['an empty body', 'POST', '/predict', '', {}, 400, 'MalformedJson', /'body' is empty/],
  ['no input', 'POST', '/predict', '{"inputs":[]}', {}, 400, 'UnknownField', /'inputs' is unknown/],
  ['nothing', 'POST', '/predict', '{}', {}, 400, 'InvalidBody', /'input' is missing/],
  ['a list as body', 'POST', '/predict', '[]', {}, 400, 'InvalidBody', /'body' is a list of 0/],
  ['null as body', 'POST', '/predict', 'null', {}, 400, 'InvalidBody', /'body' is null/],
  ['a wrong type', 'POST', '/predict', { input: { distance: 'far' } }, {}, 400, 'WrongType', /'distance' is the text "far", expected a number/],
  ['an unknown field', 'POST', '/predict', { input: { speed: 1 } }, {}, 400, 'UnknownField', /'speed'/],
  ['the label', 'POST', '/predict', { input: { delay: 1 } }, {}, 400, 'UnknownField', /what the model predicts/],
  ['out of range', 'POST', '/predict', { input: { distance: -1 } }, {}, 400, 'OutOfRange', /at least 0/],
  ['a wrong row of a batch', 'POST', '/predict/batch', { inputs: [{}, { distance: true }] }, {}, 400, 'WrongType', /'inputs\[1\]\.distance'/],
  ['an empty batch', 'POST', '/predict/batch', { inputs: [] }, {}, 400, 'InvalidRow', /a list of 1 to 2 rows/],
  ['too many rows', 'POST', '/predict/batch', { inputs: [{}, {}, {}] }, {}, 413, 'TooManyRows', /at most 2 rows/],
  ['too large a body', 'POST', '/predict', ' '.repeat(maximumBodyBytes + 1), {}, 413, 'BodyTooLarge', /at most 6291456/],
  ['another content type', 'POST', '/predict', 'distance=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'UnsupportedMediaType', /expected application\/json, application\/jsonlines/],
  ['an unknown route', 'GET', '/nothing', '', {}, 404, 'RouteNotFound', /expected one of \/health/],
  ['a route of Object', 'GET', '/constructor', '', {}, 404, 'RouteNotFound', /no route/],
  ['a wrong method', 'GET', '/predict', '', {}, 405, 'MethodNotAllowed', /takes POST, found GET/],
  ['a method of Object', 'constructor', '/health', '', {}, 405, 'MethodNotAllowed', /takes GET/],
])('%s is answered with its status and the reason', async (_what, method, path, body, headers, status, code, message) => {
  const answered = await call(method, path, body, headers as Record<string, string>);
  expect(answered).toMatchObject({ status, body: { error: { code, requestId: 'r', message: expect.stringMatching(message) as string } } });
  expect(JSON.stringify(answered.body)).not.toContain('node_modules');
});

test('what only looks, and what leads nowhere, is no request for predictions', async () => {
  const observe = vi.fn();
  for (const [method, path] of [['GET', '/health'], ['GET', '/model/info'], ['POST', '/nothing'], ['POST', '/predict']] as const) await call(method, path, '', {}, portsOf({ observe }));
  expect(observe.mock.calls.map(([{ route, predicts, status }]) => [route, predicts, status])).toEqual([['/health', false, 200], ['/model/info', false, 200], ['unknown', false, 404], ['/predict', true, 400]]);
});

test('405 names what is allowed', async () => {
  expect((await call('DELETE', '/predict/batch')).headers).toMatchObject({ allow: 'POST' });
});

test('a bad request is told of even before there is a model', async () => {
  const choose = async (): Promise<never> => { throw new HttpError(503, 'ModelNotReady', 'No model.', { headers: { 'retry-after': '5' } }); };
  expect(await call('POST', '/predict', '{', {}, portsOf({ choose }))).toMatchObject({ status: 400 });
  expect(await call('POST', '/predict', { input: {} }, {}, portsOf({ choose }))).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  expect(await call('GET', '/health', '', {}, portsOf({ choose, all: choose }))).toMatchObject({ status: 503 });
});

test('a model of several classes answers with a class, and says which there are', async () => {
  const several = { ...description, task: 'multiclass' as const, classes: ['bus', 'car', 'train'], objective: 'multi:softprob', schema: { ...dataset, label: { column: 'delay', kind: 'category' as const, name: 'delay' } } };
  const ports = portsOf({ choose: async () => ({ identity, role: 'stable', model: new LoadedModel(several, runnerOf((distance) => (distance > 10 ? [0.25, 0, 0.75] : [0.5, 0.25, 0.25]))) }) });
  expect((await call('POST', '/predict', { input: row }, {}, ports)).body).toMatchObject({ prediction: 'train', probabilities: { bus: 0.25, car: 0, train: 0.75 } });
  expect((await call('POST', '/predict/batch', { inputs: [row, { ...row, distance: 1 }] }, {}, ports)).body).toMatchObject({ predictions: [{ prediction: 'train' }, { prediction: 'bus' }] });
  expect((await call('GET', '/model/info', '', {}, ports)).body).toMatchObject({ task: 'multiclass', output: { prediction: 'class', classes: ['bus', 'car', 'train'], label: { column: 'delay' } } });
});

test('a regression answers with a number alone', async () => {
  const regression = { ...description, task: 'regression' as const, objective: 'reg:squarederror', schema: { ...dataset, label: { column: 'delay', kind: 'number' as const, name: 'delay' } } };
  const model = new LoadedModel(regression, runnerOf((distance) => [distance * 2]));
  const { body } = await call('POST', '/predict', { input: row }, {}, portsOf({ choose: async () => ({ identity, role: 'stable', model }) }));
  expect(body).toEqual({ prediction: 24, modelName: 'trips', modelVersion: '3', requestId: 'r' });
});

test('a model that predicts no numbers does not pass its warm-up', async () => {
  await expect(new LoadedModel(description, runnerOf(() => [Number.NaN, Number.NaN])).warmUp()).rejects.toMatchObject({ name: 'WarmUpFailed' });
  await expect(new LoadedModel(description, runner).warmUp()).resolves.toBeUndefined();
});
