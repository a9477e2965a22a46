import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FittedFeature } from '../../../../model/features/fitted.ts';
import { toOnnx } from '../../../../model/onnx/convert.ts';
import { HeavyRequests } from '../../../../model/serving/heavy/heavy-requests.ts';
import { answer } from '../../../../model/serving/http/answer.ts';
import type { Observation, ServingPorts } from '../../../../model/serving/http/call.ts';
import type { Served } from '../../../../model/serving/live-models.ts';
import { openModel } from '../../../../model/serving/loaded-model.ts';
import { Column, Dataset, Label } from '../../../../model/spec/dataset.ts';
import { readBooster } from '../../../../model/xgboost/read.ts';
import { fixture } from '../../xgboost/fixtures.ts';

const { ubjson, matrix } = fixture('binary-integers');
const booster = readBooster(ubjson);
const names = matrix.columns.map((_, index) => `f${String(index)}`);
const features = names.map((name): FittedFeature => ({ name, column: name, transform: 'numeric' }));
const schema = new Dataset({ columns: [...names.map((name) => Column.number(name)), Column.integer('label')], label: Label.binary('label') }).toJSON();
const description = { version: 1, name: 'heavy', schema, features, task: 'binary', trainer: 'none', trainedAt: '2026-11-20T12:00:00Z', graph: { inputs: [], outputs: [] } };

const shared = new HeavyRequests({ thresholdBytes: 1_000 });
let folder = '';
let stable: Served;
let canary: Served;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'slipway-heavy-'));
  await writeFile(path.join(folder, 'model.json'), JSON.stringify(description));
  const served = async (role: Served['role'], version: string, baseScore: number): Promise<Served> => {
    await writeFile(path.join(folder, 'model.onnx'), toOnnx({ ...booster, baseScore, featureNames: names }, features));
    return { identity: { modelName: 'heavy', modelVersion: version }, model: await openModel(folder), role };
  };
  stable = await served('stable', '1', 0.5);
  canary = await served('canary', '2', 0.9);
});
afterAll(async () => {
  await shared.close();
  await rm(folder, { recursive: true });
});

interface Told {
  readonly observed: Observation[];
  readonly failures: unknown[];
}

function portsOf(live: readonly Served[], chosen = live[0]!): ServingPorts & Told {
  const told: Told = { observed: [], failures: [] };
  const choose = async (version?: string): Promise<Served> => live.find(({ identity }) => identity.modelVersion === version) ?? chosen;
  return { ...told, choose, all: async () => live, maximumRows: 200_000, observe: (observation) => void told.observed.push(observation), onFailure: (error) => void told.failures.push(error) };
}

const rowsOf = (count: number) => Array.from({ length: count }, (_, row) => matrix.columns.map((column) => column[row % matrix.rows]!));
const requestOf = (body: object | Buffer, headers: Record<string, string> = {}, route = '/predict/batch') => ({
  method: 'POST', path: route, query: '', headers: { 'content-type': 'application/json', ...headers }, body: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)), requestId: 'r-1',
});
const textOf = ({ body }: { readonly body: string | Uint8Array }): string => Buffer.from(body as Uint8Array).toString('utf8');

test.each([
  ['rows', () => requestOf({ inputs: rowsOf(500) }), 200],
  ['a packed body', () => requestOf(gzipSync(JSON.stringify({ inputs: rowsOf(500) })), { 'content-encoding': 'gzip' }), 200],
  ['a wrong row', () => requestOf({ inputs: [...rowsOf(500), ['no number']] }), 400],
  ['a version that the caller asks for', () => requestOf({ inputs: rowsOf(500), model_version: '2' }), 200],
  ['no JSON', () => requestOf(Buffer.alloc(20_000, '[')), 400],
  ['no such route', () => requestOf({ inputs: rowsOf(500) }, {}, '/nowhere'), 404],
])('%s of a large request are answered as those of a small one', async (_, request, status) => {
  const [ports, plain] = [portsOf([stable, canary]), portsOf([stable, canary])];
  const [found, expected] = [await shared.answer(request(), ports), await answer(request(), plain)];
  expect(found.status).toBe(status);
  expect({ ...found, body: textOf(found) }).toEqual({ ...expected, body: textOf(expected) });
  const without = ({ milliseconds: _milliseconds, response: _response, ...rest }: Observation) => rest;
  expect(ports.observed.map(without)).toEqual(plain.observed.map(without));
  expect(ports.failures).toEqual([]);
});

test('models come and go, and several requests wait at once', async () => {
  const ask = async (ports: ServingPorts): Promise<string> => textOf(await shared.answer(requestOf({ inputs: rowsOf(300) }), ports));
  const expected = async (ports: ServingPorts): Promise<string> => textOf(await answer(requestOf({ inputs: rowsOf(300) }), ports));
  const [first, both, second] = [portsOf([stable]), portsOf([stable, canary], canary), portsOf([canary])];
  const answers = await Promise.all([ask(first), ask(both), ask(second), ask(first), ask(second)]);
  expect(answers).toEqual(await Promise.all([expected(first), expected(both), expected(second), expected(first), expected(second)]));
  expect(answers[0]).not.toBe(answers[1]);
});

test('a thread that fails is told of, and the next request gets a new one', async () => {
  const program = path.join(folder, 'broken.mjs');
  await writeFile(program, `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { throw new Error('out of order'); });`);
  const heavy = new HeavyRequests({ thresholdBytes: 1_000, program: pathToFileURL(program) });
  for (let attempt = 0; attempt < 2; attempt++) {
    const ports = portsOf([stable]);
    const response = await heavy.answer(requestOf({ inputs: rowsOf(300) }), ports);
    expect(response.status).toBe(500);
    expect(JSON.parse(textOf(response))).toMatchObject({ error: { code: 'InternalError', requestId: 'r-1' } });
    expect(ports.failures).toEqual([expect.objectContaining({ message: 'The thread of large requests failed: out of order' })]);
    expect(ports.observed).toHaveLength(1);
  }
  await heavy.close();
});

test('the thread ends once it is idle, and starts again', async () => {
  const heavy = new HeavyRequests({ thresholdBytes: 1_000, idleMs: 1 });
  const { threads } = heavy;
  for (let attempt = 1; attempt <= 2; attempt++) {
    expect((await heavy.answer(requestOf({ inputs: rowsOf(300) }), portsOf([stable]))).status).toBe(200);
    await heavy.whenEnded();
  }
  expect([threads, heavy.threads]).toEqual([0, 2]);
});

test('100,000 rows hold up nothing else', async () => {
  const heavy = new HeavyRequests();
  const request = requestOf({ inputs: rowsOf(100_000).map((row) => row.slice(0, names.length)) });
  expect(request.body.length).toBeGreaterThan(1_000_000);
  await heavy.answer(request, portsOf([stable]));
  // What this thread spends on it, however many other programs want the processor meanwhile: it is copied, and that is all.
  const before = process.threadCpuUsage();
  const response = await heavy.answer(request, portsOf([stable]));
  const spent = process.threadCpuUsage(before);
  expect((JSON.parse(textOf(response)) as { predictions: unknown[] }).predictions).toHaveLength(100_000);
  expect((spent.user + spent.system) / 1000).toBeLessThan(20);
  await heavy.close();
});
