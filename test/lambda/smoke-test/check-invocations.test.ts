import { expect, test } from 'vitest';
import { checkInvocations, type InvocationAnswer, type Invocations } from '../../../lambda/smoke-test/check-invocations.ts';

const model = { modelName: 'flights', modelVersion: '3' };
const rows = [{ distance: 925 }, { distance: 3 }];
const check = { model, sample: rows, byVersion: true, deadline: 60_000 };
const predicted = (version?: string, count = 2): InvocationAnswer => ({ url: 'e', status: 200, body: JSON.stringify({ predictions: Array(count).fill({ prediction: 1 }) }), milliseconds: 4.44, modelVersion: version });

/** An endpoint on a clock of its own, that answers each call in turn, where new versions stand and where everybody asks. */
function endpointOf(beside: (call: number) => InvocationAnswer | undefined, everybody: (call: number) => InvocationAnswer): Invocations & { readonly asked: boolean[] } {
  const asked: boolean[] = [];
  let clock = 0;
  const calls = { beside: 0, everybody: 0 };
  return {
    url: 'e', asked, now: () => clock,
    sleep: async (milliseconds) => { clock += milliseconds; },
    invoke: async (_body, newVersion) => {
      asked.push(newVersion);
      return newVersion ? beside((calls.beside += 1)) : everybody((calls.everybody += 1));
    },
  };
}

test('a new version is asked where no other request meets it', async () => {
  const endpoint = endpointOf(() => predicted('3'), () => predicted('2'));
  expect(await checkInvocations(endpoint, check)).toEqual({ url: 'e', input: rows[0], prediction: { prediction: 1 }, modelVersion: '3', latencyMs: 4.4 });
  expect(endpoint.asked).toEqual([true]);
});

test('the first version of an endpoint is where everybody asks', async () => {
  expect(await checkInvocations(endpointOf(() => undefined, () => predicted('3')), check)).toMatchObject({ modelVersion: '3' });
});

test('the version before is waited out', async () => {
  const endpoint = endpointOf(() => undefined, (call) => predicted(call < 4 ? '2' : '3'));
  expect(await checkInvocations(endpoint, { ...check, byVersion: false })).toMatchObject({ modelVersion: '3' });
  expect(endpoint.asked).toHaveLength(4);
});

test('a container that does not say its version is believed', async () => {
  expect(await checkInvocations(endpointOf(() => predicted(undefined), () => predicted('2')), check)).toMatchObject({ modelVersion: '3' });
});

test('without rows, a refusal shows that it is up; with rows, it does not', async () => {
  const refused = { ...predicted('3'), status: 400, body: "{'error': 'distance is missing'}" };
  expect(await checkInvocations(endpointOf(() => refused, () => refused), { model, byVersion: true, deadline: 1 })).toMatchObject({ input: {}, prediction: null });
  await expect(checkInvocations(endpointOf(() => refused, () => refused), check)).rejects.toThrow(/e answered 400 .*distance is missing.* expected 2 predictions by version 3 of flights/);
});

test.each([['an error of the container', { ...predicted('3'), status: 500, body: 'boom' }], ['too few predictions', predicted('3', 1)], ['no answer', { ...predicted('3'), status: 0, body: 'TimeoutError' }]])('%s fails after the deadline', async (_what, answer) => {
  await expect(checkInvocations(endpointOf(() => answer, () => answer), check)).rejects.toMatchObject({ name: 'SmokeTestFailed' });
});
