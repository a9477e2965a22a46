import { describe, expect, it } from 'vitest';
import type { FittedFeature } from '../../../model/features/fitted.ts';
import { adversarialRows } from '../../../model/onnx/adversarial.ts';
import { toOnnx } from '../../../model/onnx/convert.ts';
import { missingTextOf } from '../../../model/onnx/feature-values.ts';
import { nextDown, nextUp } from '../../../model/onnx/float32.ts';
import { ParityError, checkBareParity, checkParity } from '../../../model/onnx/parity.ts';
import { OnnxModel } from '../../../model/onnx/session.ts';
import type { Booster, RegressionTree } from '../../../model/xgboost/booster.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { fixture } from '../xgboost/fixtures.ts';

const numerics = Array.from({ length: 5 }, (_, index): FittedFeature => ({ name: `f${index}`, column: `f${index}`, transform: 'numeric' }));
const encoding = Array.from({ length: 9 }, (_, code) => [`word ${code}`, code] as const);
const none = { rows: 0, inputs: {} };

/** Checks a booster against the ONNX model made of another, as a faulty conversion would make it. */
async function parityOf(booster: Booster, converted: Booster, features = numerics, given = features, rows: Parameters<typeof checkParity>[3] = none) {
  const model = await OnnxModel.load(toOnnx(converted, given));
  return checkParity(booster, features, model, rows).finally(() => model.close());
}

const withTrees = (booster: Booster, change: (tree: RegressionTree) => Partial<RegressionTree>): Booster => ({
  ...booster,
  trees: booster.trees.map((tree) => ({ ...tree, ...change(tree) })),
});

describe.each(['binary-missing', 'binary-base-score', 'binary-integers', 'binary-pruned', 'multi-softprob', 'regression', 'regression-integers', 'counts', 'counts-integers'])('%s', (name) => {
  const { ubjson, matrix } = fixture(name);
  const booster = readBooster(ubjson);
  const inputs = Object.fromEntries(matrix.columns.map((column, index) => [`f${index}`, column]));

  it('is converted faithfully, on sampled rows and on adversarial ones', async () => {
    const { rows, maxDifference } = await parityOf(booster, booster, numerics, numerics, { rows: matrix.rows, inputs });
    expect(rows).toBeGreaterThan(matrix.rows + 100);
    expect(maxDifference).toBeLessThanOrEqual(1e-5);
  });

  it.each([
    ['<= in place of <', (b: Booster) => withTrees(b, (tree) => ({ splitConditions: tree.splitConditions.map((value, node) => (tree.leftChildren[node] === -1 ? value : nextUp(value))) }))],
    ['the missing direction turned round', (b: Booster) => withTrees(b, (tree) => ({ defaultLeft: tree.defaultLeft.map((left) => 1 - left) }))],
    ['another base score', (b: Booster) => ({ ...b, baseScore: b.baseScore + 0.1 })],
    ['the last tree left out', (b: Booster) => ({ ...b, trees: b.trees.slice(0, -1), treeInfo: b.treeInfo.slice(0, -1) })],
  ])('a conversion with %s is found out without a single sampled row', async (_, fault) => {
    // A base score for every class is no fault: softmax does not see it.
    if (name === 'multi-softprob' && fault(booster).baseScore !== booster.baseScore) return;
    await expect(parityOf(booster, fault(booster))).rejects.toThrow(ParityError);
    const bare = await OnnxModel.load(toOnnx(fault(booster)));
    await expect(checkBareParity(booster, bare).finally(() => bare.close())).rejects.toThrow(ParityError);
  });
});

describe('encodings', () => {
  const booster = readBooster(fixture('binary-integers').ubjson);
  const category: FittedFeature = { name: 'f0', column: 'c', transform: 'category', encoding };
  const features = numerics.with(0, category);

  it('are converted faithfully', async () => {
    expect((await parityOf(booster, booster, features)).maxDifference).toBeLessThanOrEqual(1e-5);
  });

  it('with two codes exchanged are found out', async () => {
    const exchanged = [['word 0', 8] as const, ...encoding.slice(1, -1), ['word 8', 0] as const];
    await expect(parityOf(booster, booster, features, features.with(0, { ...category, encoding: exchanged }))).rejects.toThrow(ParityError);
  });

  it('with one category left out are found out', async () => {
    await expect(parityOf(booster, booster, features, features.with(0, { ...category, encoding: encoding.slice(1) }))).rejects.toThrow(ParityError);
  });
});

it('names the row, its values and both predictions', async () => {
  const { ubjson, matrix } = fixture('binary-missing');
  const booster = readBooster(ubjson);
  const inputs = Object.fromEntries(matrix.columns.map((column, index) => [`f${index}`, column.slice(0, 3)]));
  const error: unknown = await parityOf(booster, { ...booster, baseScore: 0.9 }, numerics, numerics, { rows: 3, inputs }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ParityError);
  const { message, row, values, booster: expected, onnx } = error as ParityError;
  expect(row).toBe('sampled row 0');
  expect(Object.keys(values)).toEqual(['f0', 'f1', 'f2', 'f3', 'f4']);
  expect(onnx).toBeGreaterThan(expected);
  for (const part of [row, `f0=${values.f0}`, String(expected), String(onnx), '0.00001']) expect(message).toContain(part);
});

it('fails on a prediction that is no number', async () => {
  const { ubjson } = fixture('binary-missing');
  const booster = readBooster(ubjson);
  const broken = withTrees(booster, (tree) => ({ splitConditions: tree.splitConditions.map((value, node) => (tree.leftChildren[node] === -1 ? Number.NaN : value)) }));
  await expect(parityOf(booster, broken)).rejects.toThrow('ONNX NaN');
});

describe('adversarial rows', () => {
  it('stand on every threshold of the model', () => {
    const booster = readBooster(fixture('binary-missing').ubjson);
    const { inputs } = adversarialRows(booster, numerics);
    for (const tree of booster.trees) {
      tree.leftChildren.forEach((left, node) => {
        if (left === -1) return;
        const column = inputs[`f${tree.splitIndices[node]}`] as Float32Array;
        const threshold = tree.splitConditions[node]!;
        expect(column).toContain(threshold);
        expect(column).toContain(nextUp(threshold));
        expect(column).toContain(nextDown(threshold));
      });
    }
  });

  it('send a missing category as a text that no encoding holds', () => {
    const feature = (texts: string[]): FittedFeature => ({ name: 'f', column: 'f', transform: 'category', encoding: texts.map((text, code) => [text, code]) });
    expect(missingTextOf(feature(['a']))).toBe('');
    expect(missingTextOf(feature(['', 'a', '?']))).toBe('??');
  });
});

it('steps through float32', () => {
  expect([nextUp(1), nextUp(0), nextUp(-0), nextDown(0), nextUp(Infinity), nextDown(-Infinity), nextUp(-1)]).toEqual([
    1 + 2 ** -23, 2 ** -149, 2 ** -149, -(2 ** -149), Infinity, -Infinity, -1 + 2 ** -24,
  ]);
  expect(nextUp(nextDown(Math.fround(0.3)))).toBe(Math.fround(0.3));
  expect(nextUp(Math.fround(3.4028234663852886e38))).toBe(Infinity);
});
