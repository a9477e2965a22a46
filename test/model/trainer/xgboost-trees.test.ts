import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LabelledMatrix } from '../../../model/matrix.ts';
import { train } from '../../../model/trainer/train.ts';
import { predictMargin } from '../../../model/xgboost/predict.ts';
import { parameters } from './data.ts';

/** What fixtures/make.py wrote with XGBoost. */
interface Fixtures {
  readonly data: Readonly<Record<string, { readonly label: number[]; readonly rows: (number | null)[][]; readonly weight?: number[] }>>;
  readonly cases: readonly {
    readonly title: string;
    readonly data: string;
    readonly weighted: boolean;
    readonly parameters: Readonly<Record<string, string>>;
    readonly trees: readonly Readonly<Record<'left_children' | 'right_children' | 'parents' | 'split_indices' | 'split_conditions' | 'default_left' | 'base_weights' | 'loss_changes' | 'sum_hessian', number[]>>[];
    readonly margin: readonly number[];
  }[];
}

const fixtures = JSON.parse(readFileSync(path.join(import.meta.dirname, 'fixtures', 'trees.json'), 'utf8')) as Fixtures;

function matrixOf(name: string, weighted: boolean): LabelledMatrix {
  const { label, rows, weight } = fixtures.data[name]!;
  const columns = rows[0]!.map((_, feature) => Float32Array.from(rows, (row) => row[feature] ?? Number.NaN));
  return { rows: rows.length, columns, names: ['a', 'b', 'c', 'd'], label: Float32Array.from(label), ...(weighted ? { weight: Float32Array.from(weight!) } : {}) };
}

describe('trees that XGBoost grew', () => {
  it.each(fixtures.cases)('$title, values $data: the trainer grows the same', async (fixture) => {
    const matrix = matrixOf(fixture.data, fixture.weighted);
    const booster = await train({ train: matrix, parameters: parameters(fixture.parameters) });
    fixture.trees.forEach((expected, index) => {
      const tree = booster.trees[index]!;
      expect([...tree.leftChildren]).toEqual(expected.left_children);
      expect([...tree.rightChildren]).toEqual(expected.right_children);
      expect([...tree.parents]).toEqual(expected.parents);
      expect([...tree.splitIndices]).toEqual(expected.split_indices);
      expect([...tree.defaultLeft]).toEqual(expected.default_left);
      expectClose(tree.splitConditions, expected.split_conditions);
      expectClose(tree.baseWeights, expected.base_weights);
      // A gain is a difference of float32 sums, right to their last bits: those of 2 * gradient * weight, gradient being about hessian * weight.
      const sums = Math.max(...expected.sum_hessian.map((hessian, node) => 2 * hessian * expected.base_weights[node]! ** 2));
      expectClose(tree.lossChanges, expected.loss_changes, sums * 2 ** -22);
      expectClose(tree.sumHessian, expected.sum_hessian);
    });
    expectClose(predictMargin(booster, matrix), fixture.margin);
  });
});

function expectClose(found: Float32Array, expected: readonly number[], slack = 0): void {
  expect(found.length).toBe(expected.length);
  const wrong = expected.findIndex((value, index) => !(Math.abs(found[index]! - value) <= slack + 2e-5 * Math.max(1, Math.abs(value))));
  expect(wrong === -1 ? 'all close' : `[${String(wrong)}]: ${String(found[wrong])}, expected ${String(expected[wrong])}`).toBe('all close');
}
