import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FittedFeature } from '../../../model/features/fitted.ts';
import { toOnnx } from '../../../model/onnx/convert.ts';
import { OnnxLoadError, OnnxModel } from '../../../model/onnx/session.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { fixture, largestDifference } from '../xgboost/fixtures.ts';

const { ubjson, matrix, values, prediction } = fixture('binary-integers');
const booster = readBooster(ubjson);
const words = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((digit) => [`${digit}`, digit] as const);
const features = matrix.columns.map(
  (_, index): FittedFeature => ({ name: `f${index}`, column: `f${index}`, transform: index === 0 ? 'category' : 'numeric', ...(index === 0 ? { encoding: words } : {}) }),
);
const inputs = { ...Object.fromEntries(matrix.columns.map((column, index) => [`f${index}`, column])), f0: Array.from(matrix.columns[0]!, String) };

describe('a call that does not fit', () => {
  it('names the input', async () => {
    const model = await OnnxModel.load(toOnnx(booster, features));
    await expect(model.run({ ...inputs, f3: new Float32Array(7) }, matrix.rows)).rejects.toThrow(`The input "f3" has 7 values for ${matrix.rows} rows, expected 1 a row.`);
    await expect(model.run({ ...inputs, f0: matrix.columns[0]! }, matrix.rows)).rejects.toThrow('The input "f0" is given numbers, the model takes string.');
    await expect(model.run({ ...inputs, f1: inputs.f0 }, matrix.rows)).rejects.toThrow('The input "f1" is given texts, the model takes float32.');
    await expect(model.run({ f0: ['one'] }, 1)).rejects.toThrow('The input "f1" is missing.');
    await model.close();
  });

  it('gives no rows for no rows', async () => {
    const model = await OnnxModel.load(toOnnx(booster));
    expect(await model.run({ features: new Float32Array() }, 0)).toEqual(new Float32Array());
    await model.close();
  });

  it('is told that a multi-class model has no single probability', async () => {
    const multi = fixture('multi-softprob');
    const model = await OnnxModel.load(toOnnx(readBooster(multi.ubjson)));
    await expect(model.run({ features: multi.values }, multi.matrix.rows)).rejects.toThrow('answers with 3 values a row: use runAll');
    await model.close();
  });
});

describe('a prediction', () => {
  // The runtime adds up trees in another order where it has several threads, and then in another one for a row than for a batch.
  it.each(['binary-integers', 'multi-softprob', 'regression'] as const)('is the same to the bit whatever rows come with it: %s', async (name) => {
    const given = fixture(name);
    const width = given.matrix.columns.length;
    const times = 20;
    const many = Float32Array.from({ length: given.values.length * times }, (_, index) => given.values[index % given.values.length]!);
    const model = await OnnxModel.load(toOnnx(readBooster(given.ubjson)));
    const inBatchesOf = async (size: number, rows: number): Promise<number[]> => {
      const found: number[] = [];
      for (let from = 0; from < rows; from += size) {
        const to = Math.min(rows, from + size);
        found.push(...new Uint32Array((await model.runAll({ features: many.subarray(from * width, to * width) }, to - from)).values.slice().buffer));
      }
      return found;
    };
    const all = await inBatchesOf(given.matrix.rows * times, given.matrix.rows * times);
    expect(await inBatchesOf(100, given.matrix.rows * times)).toEqual(all);
    expect(await inBatchesOf(1, 50)).toEqual(all.slice(0, (50 * all.length) / (given.matrix.rows * times)));
    await model.close();
  });
});

describe('loading', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'slipway-onnx-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('takes the path of a file', async () => {
    const file = path.join(folder, 'model.onnx');
    writeFileSync(file, toOnnx(booster));
    const model = await OnnxModel.load(file);
    expect(largestDifference(await model.run({ features: values }, matrix.rows), prediction)).toBeLessThanOrEqual(1e-5);
    await model.close();
  });

  it.each([
    ['nothing', new Uint8Array(), 'the model of 0 bytes'],
    ['other bytes', new TextEncoder().encode('no model'), 'the model of 8 bytes'],
    ['a missing file', path.join(folder, 'missing.onnx'), 'missing.onnx'],
  ])('refuses %s', async (_, model, message) => {
    const loading = OnnxModel.load(model);
    await expect(loading).rejects.toThrow(OnnxLoadError);
    await expect(loading).rejects.toThrow(message);
  });
});
