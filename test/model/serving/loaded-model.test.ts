import { expect, test } from 'vitest';
import { warmed } from '../../../model/serving/loaded-model.ts';

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
