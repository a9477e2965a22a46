import type { DatasetSpec } from '../spec/dataset.ts';
import type { TrainingFormat } from '../spec/training-format.ts';
import type { DuckDb } from './duckdb.ts';
import { UnusableRows } from './format.ts';
import { quoteName, quoteText } from './quote.ts';

/** What stands before the features: the label and, where there are weights, the row's. */
export function leadingColumns({ weight }: Pick<DatasetSpec, 'weight'>, label: string): string[] {
  return [`CAST(${label} AS FLOAT) AS label`, ...(weight === undefined ? [] : [`CAST(${quoteName(weight)} AS FLOAT) AS ${quoteName('#weight')}`])];
}

/** Writes the rows of a select in the format. */
export async function writeTrainingFile(db: DuckDb, select: string, file: string, { format }: TrainingFormat): Promise<void> {
  // A missing value is an empty field, and the image's reader knows no quotes.
  const options = format === 'csv' ? "FORMAT csv, HEADER false, DELIMITER ',', NULLSTR ''" : 'FORMAT parquet, COMPRESSION snappy';
  await db.run(`COPY (${select}) TO ${quoteText(file)} (${options})`);
}

/** Checks the weights of a relation's rows. @throws UnusableRows where one is missing, negative or infinite, or no training row counts */
export async function checkWeights(db: DuckDb, relation: string, { weight }: Pick<DatasetSpec, 'weight'>, isTraining: string): Promise<void> {
  if (weight === undefined) return;
  const value = `CAST(${quoteName(weight)} AS FLOAT)`;
  const [found] = await db.all<{ wrong: number; counting: number }>(
    `SELECT count(*) FILTER (${value} IS NULL OR NOT (${value} >= 0 AND isfinite(${value}))) AS wrong, count(*) FILTER (${value} > 0 AND ${isTraining}) AS counting FROM ${relation}`,
  );
  if (found!.wrong > 0) throw new UnusableRows(`The weight '${weight}' holds ${String(found!.wrong)} values that are missing, negative or infinite, expected a number of at least 0 in each row.`);
  if (found!.counting === 0) throw new UnusableRows(`The weight '${weight}' is 0 in every row of the training split, expected some row to count.`);
}
