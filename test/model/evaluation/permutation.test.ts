import { describe, expect, it } from 'vitest';
import { permutationImportance } from '../../../model/evaluation/permutation.ts';
import type { RawColumnsByName } from '../../../model/evaluation/permutation.ts';
import { numbers } from '../trainer/data.ts';

const random = numbers(1);
const rows = 2000;
const columns = {
  strong: Float64Array.from({ length: rows }, () => random() * 10),
  weak: Float64Array.from({ length: rows }, () => random() * 10),
  unused: Float64Array.from({ length: rows }, () => random()),
  place: Array.from({ length: rows }, () => (random() < 0.1 ? null : random() < 0.5 ? 'a' : 'b')),
};
const predict = (given: RawColumnsByName, count: number): Promise<Float32Array> =>
  Promise.resolve(Float32Array.from({ length: count }, (_, row) => 3 * (given.strong![row] as number) + (given.weak![row] as number) + (given.place![row] === 'a' ? 5 : 0)));
const labels = await predict(columns, rows);

describe('permutationImportance', () => {
  it('tells what the model uses, and how much', async () => {
    const found = await permutationImportance({ task: 'regression', labels, columns, predict });
    expect(found).toMatchObject({ metric: 'mae', rows, value: 0 });
    expect(found.columns.map(({ column }) => column)).toEqual(['strong', 'weak', 'place', 'unused']);
    const loss = Object.fromEntries(found.columns.map((entry) => [entry.column, entry.loss]));
    // Two uniform numbers of a range of 10 are 10 / 3 apart on average.
    expect(loss.strong! / 10).toBeCloseTo(1, 1);
    expect(loss.weak! / (10 / 3)).toBeCloseTo(1, 1);
    expect(loss.unused).toBe(0);
  });

  it('counts a loss up where more of the metric is better', async () => {
    const classes = labels.map((label) => (label > 20 ? 1 : 0));
    const found = await permutationImportance({ task: 'binary', labels: classes, columns, predict: async (given, count) => (await predict(given, count)).map((value) => value / 50) });
    expect(found.metric).toBe('auc');
    expect(found.columns[0]).toMatchObject({ column: 'strong' });
    expect(found.columns[0]!.loss).toBeGreaterThan(0.2);
  });

  it('takes a sample of many rows, the same for a seed', async () => {
    const some = { task: 'regression', labels, columns, predict, maximumRows: 500, seed: 3 } as const;
    const found = await permutationImportance(some);
    expect(found.rows).toBe(500);
    expect(found).toEqual(await permutationImportance(some));
    expect(found.columns[0]!.loss).not.toBe((await permutationImportance({ ...some, seed: 4 })).columns[0]!.loss);
  });

  it('takes fewer rows the more columns there are, but not too few', async () => {
    const wide = async (count: number): Promise<number> => {
      const many = Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${String(index)}`, Float64Array.from({ length: 30_000 }, (__, row) => row)]));
      const found = await permutationImportance({ task: 'regression', labels: new Float32Array(30_000), columns: many, predict: (_, rows_) => Promise.resolve(new Float32Array(rows_)), repeats: 2 });
      return found.rows;
    };
    expect([await wide(3), await wide(24)]).toEqual([10_000, 5000]);
  });

  it('leaves the columns that it is given as they are', async () => {
    const before = structuredClone(columns);
    await permutationImportance({ task: 'regression', labels, columns, predict });
    expect(columns).toEqual(before);
  });
});
