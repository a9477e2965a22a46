import type { ColumnType } from '../spec/dataset.ts';

/** What one pass over the file tells of a column. */
export interface ColumnProfile {
  readonly name: string;
  readonly type: ColumnType;
  /** The type in the file, `VARCHAR` for CSV. */
  readonly foundType: string;
  /** Values that are there and fit the declared type. */
  readonly present: number;
  readonly missing: number;
  /** Values that are there and do not fit the declared type. */
  readonly mismatched: number;
  readonly mismatchExample?: string;
  /** Numbers outside the declared range, infinite, or beyond float32; texts outside the declared categories. */
  readonly outside: number;
  readonly outsideExample?: string;
  readonly numbers?: NumberProfile;
  /** For texts and timestamps. */
  readonly values?: ValueProfile;
}

/** Of the finite numbers of a column; a boolean counts as 0 or 1. */
export interface NumberProfile {
  readonly count: number;
  /** Approximate (within about 2 %) where there are many. */
  readonly distinct: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly sum: number;
  readonly standardDeviation: number;
  /** Approximate, at the middle of each of `quantilePoints` equal shares. */
  readonly quantiles: readonly number[];
}

/** Of the texts of a column; timestamps as texts. */
export interface ValueProfile {
  /** Approximate (within about 2 %) where there are many. */
  readonly distinct: number;
  readonly minimum: string;
  readonly maximum: string;
}

/** How often a value occurs. */
export interface ValueCount {
  readonly value: string;
  readonly count: number;
}
