import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Matrix } from '../../../model/matrix.ts';

/** Where scripts/fixtures/make_xgboost_fixtures.py puts what XGBoost made. */
export const fixtureFolder = path.join(import.meta.dirname, '../../fixtures/xgboost');

/** Models of plain trees, which Slipway writes as XGBoost does. */
export const plainNames = [
  'binary-missing',
  'binary-complete',
  'binary-base-score',
  'binary-integers',
  'binary-pruned',
  'binary-pruned-once',
  'binary-stump',
  'binary-early-stopped',
  'multi-softprob',
  'multi-complete',
  'multi-early-stopped',
  'regression',
  'regression-integers',
  'counts',
  'counts-integers',
] as const;

/** Models of trees that count differently (DART), which Slipway reads as plain ones. */
export const dartNames = ['binary-dart', 'multi-dart'] as const;

/** The models that Slipway scores. */
export const fixtureNames = [...plainNames, ...dartNames] as const;

/** One of them. */
export type FixtureName = (typeof fixtureNames)[number];

/** A model, rows, and what XGBoost itself predicts for them. */
export interface Fixture {
  readonly ubjson: Uint8Array;
  readonly json: Uint8Array;
  readonly features: number;
  /** Row after row. */
  readonly values: Float32Array;
  readonly matrix: Matrix;
  readonly margin: Float32Array;
  readonly prediction: Float32Array;
}

/** Reads a file of the folder. */
export function fixtureFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(path.join(fixtureFolder, name)));
}

/** Reads a fixture. */
export function fixture(name: string): Fixture {
  const expected = JSON.parse(readFileSync(path.join(fixtureFolder, `${name}.expected.json`), 'utf8')) as {
    features: number;
    rows: (number | null)[];
    margin: number[];
    prediction: number[];
  };
  const values = Float32Array.from(expected.rows, (value) => value ?? Number.NaN);
  return {
    ubjson: fixtureFile(`${name}.ubj`),
    json: fixtureFile(`${name}.json`),
    features: expected.features,
    values,
    matrix: matrixOf(values, expected.features),
    margin: Float32Array.from(expected.margin),
    prediction: Float32Array.from(expected.prediction),
  };
}

/** Turns rows into columns. */
export function matrixOf(values: Float32Array, features: number): Matrix {
  const rows = values.length / features;
  const column = (index: number) => Float32Array.from({ length: rows }, (_, row) => values[row * features + index]!);
  return { rows, names: [], columns: Array.from({ length: features }, (_, index) => column(index)) };
}

/** The largest `|actual - expected| / max(1, |expected|)`; infinite where the lengths differ or one side is not a number. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}
