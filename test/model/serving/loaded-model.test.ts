import { expect, test } from 'vitest';
import { LoadedModel, warmed } from '../../../model/serving/loaded-model.ts';
import { dataset } from '../../lambda/support/pipeline.ts';

const model = (warmUp: () => Promise<void>) => {
  const calls: string[] = [];
  return { calls, warmUp: () => (calls.push('warmUp'), warmUp()), close: async () => void calls.push('close') };
};

test('a model that is warm stays open', async () => {
  const fine = model(async () => undefined);
  expect(await warmed(fine)).toBe(fine);
  expect(fine.calls).toEqual(['warmUp']);
});

test('a model that fails its warm-up is closed, since it is loaded again at each revalidation', async () => {
  const broken = model(async () => Promise.reject(new Error('predicts NaN')));
  await expect(warmed(broken)).rejects.toThrow('predicts NaN');
  expect(broken.calls).toEqual(['warmUp', 'close']);
});

const description = {
  version: 1 as const, name: 'trips', schema: dataset, features: [{ name: 'distance', column: 'distance', transform: 'numeric' as const }],
  task: 'regression' as const, trainer: 'none', trainedAt: '2026-11-20T12:00:00Z', graph: { inputs: [], outputs: [] },
};
const place = new LoadedModel(description, { runAll: () => Promise.reject(new Error('unused')), close: async () => undefined }).schema.columns.findIndex(({ name }) => name === 'distance');
const rowOf = (distance: number) => [null, null, null].with(place, distance as never) as (number | null)[];

test('closing waits for the predictions that are under way, and later ones are told to come again', async () => {
  const order: string[] = [];
  let finish = (): void => undefined;
  const model = new LoadedModel(description, {
    runAll: async (_, rows) => {
      await new Promise<void>((resolve) => (finish = resolve));
      order.push('predicted');
      return { values: new Float32Array(rows), columns: 1 };
    },
    close: async () => void order.push('closed'),
  });
  const prediction = model.predict([rowOf(1)]);
  const [closing, again] = [model.close(), model.close()];
  await expect(model.predict([rowOf(1)])).rejects.toMatchObject({ status: 503, code: 'ModelNotReady', headers: { 'retry-after': '1' } });
  finish();
  expect(await prediction).toEqual([{ prediction: 0 }]);
  await Promise.all([closing, again]);
  expect(order).toEqual(['predicted', 'closed']);
});

test('many rows are predicted in chunks, in their order, and other work is done between them', async () => {
  const sizes: number[] = [];
  const model = new LoadedModel(description, {
    runAll: async ({ distance }, rows) => (sizes.push(rows), { values: distance as Float32Array, columns: 1 }),
    close: async () => undefined,
  });
  let turns = 0;
  const count = (): void => void ((turns += 1), (timer = setImmediate(count)));
  let timer = setImmediate(count);
  const answers = await model.predict(Array.from({ length: 2_000 }, (_, index) => rowOf(index)));
  clearImmediate(timer);
  expect(answers.map(({ prediction }) => prediction)).toEqual(Array.from({ length: 2_000 }, (_, index) => index));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(512);
  expect(turns).toBeGreaterThanOrEqual(sizes.length - 1);
});
