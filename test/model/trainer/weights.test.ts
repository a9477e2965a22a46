import { describe, expect, it } from 'vitest';
import type { LabelledMatrix } from '../../../model/matrix.ts';
import { cutsOf } from '../../../model/trainer/cuts.ts';
import type { Round } from '../../../model/trainer/train.ts';
import { train } from '../../../model/trainer/train.ts';
import { writeJson } from '../../../model/xgboost/write.ts';
import { noisyRows, numbers, objectiveCases, parameters, rowsFor } from './data.ts';

/** Whole-numbered weights, some of them 0, and the same rows as often as they count. */
function weighted(data: LabelledMatrix, seed: number): { weighted: LabelledMatrix; repeated: LabelledMatrix } {
  const random = numbers(seed);
  const weight = Float32Array.from({ length: data.rows }, () => Math.floor(random() * 4));
  const rows = [...weight].flatMap((count, row) => new Array<number>(count).fill(row));
  const pick = (column: Float32Array): Float32Array => Float32Array.from(rows, (row) => column[row]!);
  return { weighted: { ...data, weight }, repeated: { rows: rows.length, columns: data.columns.map(pick), names: data.names, label: pick(data.label) } };
}

const metrics = ['logloss,auc,error,error@0.3', 'mlogloss,merror', 'rmse,mae', 'poisson-nloglik,rmse,mae'] as const;

describe.each(objectiveCases.map((one, index) => ({ ...one, metrics: metrics[index]! })))('weights of $objective', ({ given, label, metrics: names }) => {
  const plain = rowsFor(label, 6000, 80);
  const given_ = parameters({ ...given, eval_metric: names });

  it('count in each metric as if the row stood there as often', async () => {
    const { weighted: one, repeated: other } = weighted(rowsFor(label, 5000, 81), 3);
    const last = async (validation: LabelledMatrix): Promise<Round> => {
      const rounds: Round[] = [];
      await train({ train: plain, validation, parameters: given_, onRound: (round) => rounds.push(round) });
      return rounds.at(-1)!;
    };
    const [found, expected] = await Promise.all([last(one), last(other)]);
    expect(found.metrics).toHaveLength(2 * names.split(',').length);
    found.metrics.forEach(({ value }, index) => {
      expect(value).toBeCloseTo(expected.metrics[index]!.value, 9);
    });
  });

  it('make another model, the same one for any number of threads; those of 1 make none', async () => {
    const model = async (data: LabelledMatrix, threads = 1): Promise<string> => writeJson(await train({ train: data, parameters: given_, threads }));
    const { weighted: data } = weighted(plain, 4);
    const own = await model(data);
    expect(await model(data, 2)).toBe(own);
    const unweighted = await model(plain);
    expect(own).not.toBe(unweighted);
    expect(await model({ ...plain, weight: new Float32Array(plain.rows).fill(1) })).toBe(unweighted);
  });
});

it('moves the bins to where the weight is', () => {
  const column = Float32Array.from({ length: 10_000 }, (_, row) => row);
  const weight = column.map((value) => (value < 1000 ? 9 : 1));
  const { thresholds } = cutsOf(column, 16, false, weight);
  expect(thresholds).toHaveLength(16);
  // Half of the weight lies below 1000.
  expect(thresholds.filter((threshold) => threshold <= 1000)).toHaveLength(8);
});

describe('weights that cannot be', () => {
  const data = noisyRows(50, 5);
  it.each([
    ['negative', data.label.map((_, row) => (row === 7 ? -1 : 1)), 'The weight of row 7 of the train data is -1, expected a finite number of at least 0'],
    ['missing', data.label.map((_, row) => (row === 3 ? Number.NaN : 1)), 'The weight of row 3 of the train data is NaN'],
    ['all zero', new Float32Array(50), 'The weights of the train data are all 0'],
    ['too few', new Float32Array(49).fill(1), 'The train data has 49 weights, expected 50'],
  ])('are refused: %s', async (_, weight, message) => {
    await expect(train({ train: { ...data, weight }, parameters: parameters() })).rejects.toThrow(message);
  });
});
