import { expect, test } from 'vitest';
import { type Answer, checkEndpoint, type Endpoint } from '../../../lambda/smoke-test/check.ts';

const model = { modelName: 'flights', modelVersion: '3' };
const rows = [{ distance: 925 }, { distance: 3 }];
const json = (value: unknown, status = 200) => ({ status, body: JSON.stringify(value) });

interface Answers {
  readonly version?: (poll: number) => string;
  readonly predict?: (poll: number) => { status: number; body: string } | undefined;
  /** What each row is answered with. */
  readonly answer?: object;
  readonly batch?: { status: number; body: string };
  readonly health?: { status: number; body: string };
}

/** An endpoint on a clock of its own. */
function endpointOf({ version = () => '3', predict = () => undefined, answer = { prediction: 1, probabilities: { '0': 0.25, '1': 0.75 } }, batch, health }: Answers): Endpoint & { readonly sent: string[]; clock: number } {
  let polls = 0;
  const prediction = (modelVersion: string) => ({ ...answer, modelName: 'flights', modelVersion, requestId: 'r' });
  const answerOf = (path: string): { status: number; body: string } => {
    switch (path) {
      case '/model/info': polls += 1; return json({ modelName: 'flights', modelVersion: version(polls) });
      case '/predict': return predict(polls) ?? json(prediction(version(polls)));
      case '/predict/batch': return batch ?? json({ predictions: rows.map(() => prediction('3')), modelVersion: '3' });
      default: return health ?? json({ status: 'healthy' });
    }
  };
  return {
    url: 'https://api',
    sent: [],
    clock: 0,
    now() { return this.clock; },
    async sleep(milliseconds) { this.clock += milliseconds; },
    async send(path, _body, asked): Promise<Answer> {
      this.sent.push(asked === undefined ? path : `${path} of ${asked}`);
      return { url: `https://api${path}`, milliseconds: 12.345, ...answerOf(path) };
    },
  };
}

test('a served model is predicted with, once each way', async () => {
  const endpoint = endpointOf({});
  expect(await checkEndpoint(endpoint, { model, sample: rows, byVersion: false, deadline: 10_000 })).toMatchObject({ url: 'https://api', input: rows[0], modelVersion: '3', latencyMs: 12.3, prediction: { prediction: 1 } });
  expect(endpoint.sent).toEqual(['/model/info', '/predict', '/health', '/predict/batch']);
});

test.each([
  ['a class', { prediction: 'Adelie', probabilities: { Adelie: 0.9, Chinstrap: 0.06, Gentoo: 0.04 } }],
  ['a number', { prediction: 27.3 }],
])('%s is as good an answer', async (_what, answer) => {
  expect(await checkEndpoint(endpointOf({ answer }), { model, sample: rows, byVersion: false, deadline: 10_000 })).toMatchObject({ prediction: answer });
});

test.each([
  ['a class that has no probability', { prediction: 'Emperor', probabilities: { Adelie: 0.5, Gentoo: 0.5 } }],
  ['a class by itself', { prediction: 'Adelie' }],
  ['no number', { prediction: null }],
  ['probabilities that are not all', { prediction: 'Adelie', probabilities: { Adelie: 0.5, Gentoo: 0.3 } }],
  ['a probability above 1', { prediction: '1', probabilities: { '0': -1, '1': 2 } }],
])('%s is no answer', async (_what, answer) => {
  await expect(checkEndpoint(endpointOf({ answer }), { model, sample: rows, byVersion: false, deadline: 10_000 })).rejects.toThrow('https://api/predict answered 200');
});

test('an older version is waited out, with longer and longer pauses', async () => {
  const endpoint = endpointOf({ version: (poll) => (poll < 6 ? '2' : '3') });
  expect(await checkEndpoint(endpoint, { model, sample: rows, byVersion: false, deadline: 60_000 })).toMatchObject({ modelVersion: '3' });
  expect(endpoint.clock).toBe(250 + 375 + 562.5 + 843.75 + 1265.625);
});

test('another instance that still serves, or loads, an older version is waited out as well', async () => {
  const endpoint = endpointOf({ predict: (poll) => [json({ error: {} }, 503), json({ error: {} }, 400), json({ prediction: 1, modelName: 'flights', modelVersion: '2' })][poll - 1] });
  expect(await checkEndpoint(endpoint, { model, sample: rows, byVersion: false, deadline: 60_000 })).toMatchObject({ modelVersion: '3' });
});

test('a version that a later run has deployed meanwhile is fine', async () => {
  expect(await checkEndpoint(endpointOf({ version: () => '10' }), { model, sample: rows, byVersion: false, deadline: 1000 })).toMatchObject({ modelVersion: '10' });
});

test('after the deadline it fails with URL, status and body', async () => {
  await expect(checkEndpoint(endpointOf({ version: () => '2' }), { model, sample: rows, byVersion: false, deadline: 5000 })).rejects.toMatchObject({
    name: 'SmokeTestFailed',
    message: 'https://api/model/info answered 200 {"modelName":"flights","modelVersion":"2"}, expected a prediction by version 3 of flights.',
  });
});

test('a row that the served model refuses fails soon', async () => {
  const endpoint = endpointOf({ predict: () => json({ error: { message: "'distance' is missing" } }, 400) });
  await expect(checkEndpoint(endpoint, { model, sample: rows, byVersion: false, deadline: 600_000 })).rejects.toThrow("https://api/predict answered 400 {\"error\":{\"message\":\"'distance' is missing\"}}");
  expect(endpoint.clock).toBeLessThan(1000);
});

test.each([
  ['no answer', { predict: () => ({ status: 0, body: 'connect ECONNREFUSED' }) }, 'did not answer (connect ECONNREFUSED)'],
  ['a page that is no JSON', { predict: () => ({ status: 200, body: '<html>' }) }, 'answered 200 <html>'],
  ['an unhealthy endpoint', { health: json({ status: 'loading' }) }, 'https://api/health answered 200 {"status":"loading"}'],
  ['a batch that fails', { batch: json({ error: {} }, 500) }, 'https://api/predict/batch answered 500'],
  ['a batch that is too short', { batch: json({ predictions: [{ prediction: 1 }], modelVersion: '3' }) }, 'expected 2 predictions'],
  ['a batch that disagrees on a number', { answer: { prediction: 27.3 }, batch: json({ predictions: rows.map(() => ({ prediction: 27.31 })), modelVersion: '3' }) }, 'equal to that of /predict'],
  ['a batch that disagrees', { batch: json({ predictions: rows.map(() => ({ prediction: 1, probabilities: { '0': 0.26, '1': 0.74 } })), modelVersion: '3' }) }, 'equal to that of /predict'],
])('%s fails', async (_what, answers: Answers, message) => {
  await expect(checkEndpoint(endpointOf(answers), { model, sample: rows, byVersion: false, deadline: 2000 })).rejects.toThrow(message);
});

test('a sample without rows is refused', async () => {
  await expect(checkEndpoint(endpointOf({}), { model, sample: [], byVersion: false, deadline: 1000 })).rejects.toThrow('sample: expected at least one row');
});

test('a version that serves beside another one is asked for by its number, and no other one will do', async () => {
  const endpoint = endpointOf({});
  expect(await checkEndpoint(endpoint, { model, sample: rows, byVersion: true, deadline: 10_000 })).toMatchObject({ modelVersion: '3' });
  expect(endpoint.sent).toEqual(['/model/info of 3', '/predict of 3', '/health', '/predict/batch of 3']);
  await expect(checkEndpoint(endpointOf({ version: () => '10' }), { model, sample: rows, byVersion: true, deadline: 1000 })).rejects.toThrow('expected a prediction by version 3 of flights');
});

test('without a sample, a row is made from the columns that the model says it takes', async () => {
  const columns = [{ name: 'distance', type: 'number', nullable: true, minimum: 5 }, { name: 'origin', type: 'string', nullable: false, categories: ['SFO', 'SEA'] }, { name: 'date', type: 'timestamp', nullable: false }];
  const info = json({ modelName: 'flights', modelVersion: '3', input: { columns } });
  const endpoint = endpointOf({ batch: json({ predictions: [{ prediction: 1, probabilities: { '0': 0.25, '1': 0.75 } }], modelVersion: '3' }) });
  const asked: unknown[] = [];
  const { send } = endpoint;
  endpoint.send = async (path, body) => {
    asked.push(body);
    return path === '/model/info' ? { url: 'https://api/model/info', milliseconds: 1, ...info } : send.call(endpoint, path, body);
  };
  const row = { distance: 5, origin: 'SFO', date: '2026-01-01T12:00:00' };
  expect(await checkEndpoint(endpoint, { model, byVersion: false, deadline: 1000 })).toMatchObject({ input: row });
  expect(asked).toEqual([undefined, { input: row }, undefined, { inputs: [row] }]);
});
