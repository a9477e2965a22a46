import type { DatasetSpec } from '../spec/dataset.ts';
import { taskOf } from '../spec/task.ts';
import type { ValueCount } from './column-profile.ts';
import type { DuckDb } from './duckdb.ts';
import { labelSql } from './label.ts';
import type { ColumnProfile } from './column-profile.ts';
import type { TypedTable } from './typed-table.ts';

/** What the label is made of, by what is learned from it. */
export type LabelProfile = BinaryLabelProfile | ClassLabelProfile | NumberLabelProfile;

/** Of a label that is 0 or 1. */
export interface BinaryLabelProfile {
  readonly task: 'binary';
  readonly positives: number;
  readonly negatives: number;
  readonly unknown: number;
  /** Values that are neither 0 nor 1. */
  readonly foreign: number;
}

/** Of a label of several classes. */
export interface ClassLabelProfile {
  readonly task: 'multiclass';
  /** The most frequent first, `countedClasses` at most. */
  readonly classes: readonly ValueCount[];
  /** How many classes there are. */
  readonly distinct: number;
  readonly known: number;
  readonly unknown: number;
}

/** Of a label that is a number. */
export interface NumberLabelProfile {
  readonly task: 'regression';
  /** Finite numbers. */
  readonly known: number;
  readonly unknown: number;
  /** Infinite ones, and what is larger than float32 holds. */
  readonly infinite: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly standardDeviation: number;
}

/** Classes that are counted one by one: one more than a model may have. */
export const countedClasses = 101;

/** Profiles the label of a table. @param column what is known of its column */
export async function profileLabel(db: DuckDb, table: TypedTable, schema: DatasetSpec, rows: number, column: ColumnProfile): Promise<LabelProfile> {
  const labels = `(SELECT ${labelSql(schema)} AS l FROM ${table.relation})`;
  switch (taskOf(schema.label)) {
    case 'binary': {
      const [counts] = await db.all<{ positives: number; negatives: number; labelled: number }>(
        `SELECT count(*) FILTER (l = 1) AS positives, count(*) FILTER (l = 0) AS negatives, count(l) AS labelled FROM ${labels}`,
      );
      const { positives = 0, negatives = 0, labelled = 0 } = counts ?? {};
      return { task: 'binary', positives, negatives, unknown: rows - labelled, foreign: labelled - positives - negatives };
    }
    case 'multiclass': {
      const counts = await db.all<ValueCount & { classes: number; known: number }>(
        `SELECT l AS value, count(*) AS count, count(*) OVER () AS classes, (sum(count(*)) OVER ())::BIGINT AS known
         FROM ${labels} WHERE l IS NOT NULL GROUP BY l ORDER BY count DESC, value LIMIT ${String(countedClasses)}`,
      );
      const { classes: distinct = 0, known = 0 } = counts[0] ?? {};
      return { task: 'multiclass', classes: counts.map(({ value, count }) => ({ value, count })), distinct, known, unknown: rows - known };
    }
    case 'regression': {
      const { count, minimum, maximum, mean, standardDeviation } = column.numbers ?? { count: 0, minimum: Number.NaN, maximum: Number.NaN, mean: Number.NaN, standardDeviation: Number.NaN };
      return { task: 'regression', known: count, unknown: rows - column.present, infinite: column.present - count, minimum, maximum, mean, standardDeviation };
    }
  }
}
