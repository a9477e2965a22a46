import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import type { FittedFeature } from '../../../model/features/fitted.ts';
import { toOnnx } from '../../../model/onnx/convert.ts';
import { FeatureMismatchError } from '../../../model/onnx/encode-features.ts';
import { encodeRows } from '../../../model/onnx/feature-values.ts';
import { OnnxModel } from '../../../model/onnx/session.ts';
import { UnsupportedModelError } from '../../../model/xgboost/errors.ts';
import { predict } from '../../../model/xgboost/predict.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { fixture, fixtureNames, largestDifference } from '../xgboost/fixtures.ts';

/** What XGBoost's predictions look like in the graph's output: a binary model has a column for each class. */
function withBothClasses(prediction: Float32Array, objective: string): Float32Array {
  if (objective !== 'binary:logistic') return prediction;
  return Float32Array.from({ length: prediction.length * 2 }, (_, i) => (i % 2 === 1 ? prediction[i >> 1]! : 1 - prediction[i >> 1]!));
}

describe.each(fixtureNames)('%s', (name) => {
  const { ubjson, values, matrix, prediction } = fixture(name);
  const booster = readBooster(ubjson);

  it('predicts on ONNX Runtime what XGBoost predicts', async () => {
    const model = await OnnxModel.load(toOnnx(booster));
    const { values: actual } = await model.runAll({ features: values }, matrix.rows);
    await model.close();
    expect(largestDifference(actual, withBothClasses(prediction, booster.objective))).toBeLessThanOrEqual(1e-5);
  });
});

const { ubjson, matrix, values, prediction } = fixture('binary-integers');
const booster = readBooster(ubjson);

const numeric = (index: number): FittedFeature => ({ name: `f${index}`, column: `f${index}`, transform: 'numeric' });
const category = (index: number, encoding: FittedFeature['encoding']): FittedFeature => ({ name: `f${index}`, column: `c${index}`, transform: 'category', encoding });
/** The digits of the fixture as words; one of them is the empty text. */
const words = ['zero', 'one', '', 'three', 'fünf?', '五', 'six', 'seven "7"', '8'].map((word, code) => [word, code] as const);
const features = [category(0, words), numeric(1), category(2, words), numeric(3), numeric(4)];

/** A column's numbers as words; what is missing, or is no digit (beside a threshold), as a word never seen. */
const asWords = (column: Float32Array) => Array.from(column, (value) => words[value]?.[0] ?? 'never seen');
const inputs = { f0: asWords(matrix.columns[0]!), f1: matrix.columns[1]!, f2: asWords(matrix.columns[2]!), f3: matrix.columns[3]!, f4: matrix.columns[4]! };

describe('features inside the graph', () => {
  it('come in one by one and are encoded there, an unseen word as missing', async () => {
    const model = await OnnxModel.load(toOnnx(booster, features));
    expect(model.inputNames).toEqual(['f0', 'f1', 'f2', 'f3', 'f4']);
    const encoded = encodeRows(features, { rows: matrix.rows, inputs });
    expect(largestDifference(await model.run(inputs, matrix.rows), predict(booster, encoded))).toBeLessThanOrEqual(1e-5);
    // Rows whose words are all known are the fixture's own, so that XGBoost's figures hold for them.
    const known = inputs.f0.flatMap((word, row) => (word === 'never seen' || inputs.f2[row] === 'never seen' ? [] : [row]));
    expect(known.length).toBeGreaterThan(100);
    const actual = await model.run(inputs, matrix.rows);
    expect(largestDifference(known.map((row) => actual[row]!), known.map((row) => prediction[row]!))).toBeLessThanOrEqual(1e-5);
    await model.close();
  });

  it('give the same as the encoded matrix', async () => {
    const plain = await OnnxModel.load(toOnnx(booster));
    const encoding = await OnnxModel.load(toOnnx(booster, features));
    const encoded = encodeRows(features, { rows: matrix.rows, inputs }).columns;
    const flat = Float32Array.from(values, (_, i) => encoded[i % 5]![Math.floor(i / 5)]!);
    expect(await encoding.run(inputs, matrix.rows)).toEqual(await plain.run({ features: flat }, matrix.rows));
    await Promise.all([plain.close(), encoding.close()]);
  });

  it('may have learned no category at all', async () => {
    const model = await OnnxModel.load(toOnnx(booster, features.with(0, category(0, []))));
    const missing = { ...matrix, columns: encodeRows(features, { rows: matrix.rows, inputs }).columns.with(0, new Float32Array(matrix.rows).fill(Number.NaN)) };
    expect(largestDifference(await model.run(inputs, matrix.rows), predict(booster, missing))).toBeLessThanOrEqual(1e-5);
    await model.close();
  });

  it('are refused where they are not those of the model', () => {
    expect(() => toOnnx(booster, features.slice(1))).toThrow(FeatureMismatchError);
    expect(() => toOnnx(booster, features.slice(1))).toThrow('There are 4 fitted features, the model was trained with 5.');
    expect(() => toOnnx(booster, [numeric(1), numeric(0), ...features.slice(2)])).toThrow('Feature 0 is "f1", the model was trained with "f0" there.');
    expect(() => toOnnx({ ...booster, featureNames: [] }, [numeric(1), numeric(1), ...features.slice(2)])).toThrow('The feature "f1" occurs twice');
  });
});

describe('the model', () => {
  it('carries its metadata', () => {
    expect(metadataOf(toOnnx(booster, undefined, { model: 'flight-delays', trained_at: '2026-11-20' }))).toEqual({
      objective: 'binary:logistic',
      xgboost_version: '1.7.4',
      model: 'flight-delays',
      trained_at: '2026-11-20',
    });
  });

  it('is the same bytes for the same booster', () => {
    expect(Buffer.compare(toOnnx(booster, features), toOnnx(booster, features))).toBe(0);
  });

  it('needs a tree and an objective that Slipway knows', () => {
    expect(() => toOnnx({ ...booster, trees: [] })).toThrow(UnsupportedModelError);
    expect(() => toOnnx({ ...booster, objective: 'survival:cox' })).toThrow('the objective "survival:cox"');
  });
});

/** ModelProto's metadata_props (field 14), read with the protobuf library. */
function metadataOf(bytes: Uint8Array): Record<string, string> {
  const entries: [string, string][] = [];
  forEachField(bytes, (field, reader) => {
    if (field !== 14) return false;
    const entry: string[] = [];
    forEachField(reader.bytes(), (number, nested) => {
      entry[number] = nested.string();
      return true;
    });
    entries.push([entry[1]!, entry[2]!]);
    return true;
  });
  return Object.fromEntries(entries);
}

function forEachField(bytes: Uint8Array, read: (field: number, reader: BinaryReader) => boolean): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type !== WireType.LengthDelimited || !read(field, reader)) reader.skip(type);
  }
}
