import type { DatasetSpec } from '../spec/dataset.ts';
import { taskOf } from '../spec/task.ts';
import type { DuckDb } from './duckdb.ts';
import { UnusableRows } from './format.ts';
import { quoteText } from './quote.ts';

/** The most classes that a label may have: a model grows one tree for each of them in every round. */
export const maximumClasses = 100;

/**
 * The classes of the training split, in the order of their code units; none where the label is a number or binary.
 * @param label the column of the relation with the class as text
 */
export async function learnClasses(db: DuckDb, relation: string, label: string, schema: DatasetSpec): Promise<string[] | undefined> {
  if (taskOf(schema.label) !== 'multiclass') return undefined;
  const found = await db.all<{ class: string }>(`SELECT DISTINCT ${label} AS class FROM ${relation} WHERE ${label} IS NOT NULL LIMIT ${String(maximumClasses + 1)}`);
  // Sorted here, not in SQL: its order is that of UTF-8 bytes, which is another one.
  const classes = found.map((row) => row.class).toSorted();
  const { column } = schema.label;
  if (classes.length < 2) {
    throw new UnusableRows(`The label '${column}' has ${classes.length === 0 ? 'no class' : `the class '${classes[0]!}' alone`} in the training split, expected at least 2 classes. More rows of the other classes are needed.`);
  }
  if (classes.length > maximumClasses) {
    throw new UnusableRows(`The label '${column}' has more than ${String(maximumClasses)} classes in the training split, expected at most so many. Is it a number, to be declared by Label.number?`);
  }
  if (classes.some((name) => name.includes('\0'))) throw new UnusableRows(`The label '${column}' has a class with a NUL in its text, which no reader of the model's files can be trusted with. Replace it.`);
  return classes;
}

/** The label as the number that is trained on: the index of its class, null where it is none of them; or itself. */
export function labelNumberSql(label: string, classes: readonly string[] | undefined): string {
  if (classes === undefined) return label;
  return `CASE WHEN ${label} IS NOT NULL THEN nullif(list_position([${classes.map(quoteText).join(', ')}], ${label}), 0) - 1 END`;
}
