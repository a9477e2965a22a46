import { describe, expect, it } from 'vitest';
import { nextUp } from '../../../model/onnx/float32.ts';
import type { RegressionTree } from '../../../model/xgboost/booster.ts';
import { UnsupportedModelError } from '../../../model/xgboost/errors.ts';
import { predict, predictMargin } from '../../../model/xgboost/predict.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { fixture, fixtureNames, largestDifference, plainNames } from './fixtures.ts';

describe.each(fixtureNames)('%s', (name) => {
  const { ubjson, matrix, margin, prediction } = fixture(name);
  const booster = readBooster(ubjson);

  // XGBoost scales DART's trees after it has summed up each with the base score, which costs a last bit.
  const isExact = (plainNames as readonly string[]).includes(name);
  it(`has the very margins that XGBoost computed${isExact ? ', bit for bit' : ''}`, () => {
    const found = predictMargin(booster, matrix);
    if (isExact) expect(found).toEqual(margin);
    else expect(largestDifference(found, margin)).toBeLessThanOrEqual(1e-6);
  });

  it('predicts what XGBoost predicts', () => {
    expect(largestDifference(predict(booster, matrix), prediction)).toBeLessThanOrEqual(1e-6);
  });
});

// Whoever weakens the fixtures weakens all that rests on them.
it.each([
  ['on thresholds', (tree: RegressionTree) => ({ splitConditions: tree.splitConditions.map((value, node) => (tree.leftChildren[node] === -1 ? value : nextUp(value))) })],
  ['with values missing', (tree: RegressionTree) => ({ defaultLeft: tree.defaultLeft.map((left) => 1 - left) })],
])('the fixtures hold rows %s', (_, fault) => {
  const { ubjson, matrix, prediction } = fixture('binary-integers');
  const booster = readBooster(ubjson);
  const faulty = { ...booster, trees: booster.trees.map((tree) => ({ ...tree, ...fault(tree) })) };
  expect(largestDifference(predict(faulty, matrix), prediction)).toBeGreaterThan(0.1);
});

describe('a matrix that does not fit', () => {
  const { ubjson, matrix } = fixture('binary-missing');
  const booster = readBooster(ubjson);

  it('is refused for its number of columns', () => {
    expect(() => predict(booster, { ...matrix, columns: matrix.columns.slice(1) })).toThrow('The matrix has 4 columns, the model has 5 features.');
  });

  it('is refused for the name of a column', () => {
    const names = ['f0', 'f2', 'f1', 'f3', 'f4'];
    expect(() => predict(booster, { ...matrix, names })).toThrow('Column 1 of the matrix is "f2", the model expects "f1" there.');
  });

  it('is refused for a column that is too short', () => {
    const columns = matrix.columns.with(2, new Float32Array(3));
    expect(() => predict(booster, { ...matrix, columns })).toThrow(`Column 2 of the matrix holds 3 values, expected ${matrix.rows}.`);
  });
});

it('names an objective that it cannot score', () => {
  const { ubjson, matrix } = fixture('binary-missing');
  const booster = { ...readBooster(ubjson), objective: 'rank:ndcg' };
  expect(() => predict(booster, matrix)).toThrow(UnsupportedModelError);
  expect(() => predict(booster, matrix)).toThrow('the objective "rank:ndcg"');
});

it('names a base score that is no probability', () => {
  const { ubjson, matrix } = fixture('binary-missing');
  for (const baseScore of [0, 1, -0.5, 2]) {
    expect(() => predict({ ...readBooster(ubjson), baseScore }, matrix)).toThrow(`base_score: found ${baseScore}, expected a probability between 0 and 1`);
  }
});

it('keeps the sigmoid finite far out, as XGBoost does', () => {
  const { ubjson, matrix } = fixture('binary-stump');
  const booster = readBooster(ubjson);
  const far = (leaf: number) => predict({ ...booster, trees: [{ ...booster.trees[0]!, splitConditions: Float32Array.of(leaf) }], treeInfo: Int32Array.of(0) }, { ...matrix, rows: 1 })[0];
  expect(far(500)).toBe(1);
  expect(far(-500)).toBeGreaterThan(0);
  expect(far(-500)).toBeLessThan(1e-38);
});
