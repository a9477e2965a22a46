import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { DatasetSpec } from '../spec/dataset.ts';
import type { TrainingFormat } from '../spec/training-format.ts';
import type { DuckDb } from './duckdb.ts';
import { UnusableRows } from './format.ts';
import { quoteName, quoteText } from './quote.ts';

/** What stands before the features: the label and, where there are weights, the row's. */
export function leadingColumns({ weight }: Pick<DatasetSpec, 'weight'>, label: string): string[] {
  return [`CAST(${label} AS FLOAT) AS label`, ...(weight === undefined ? [] : [`CAST(${quoteName(weight)} AS FLOAT) AS ${quoteName('#weight')}`])];
}

/** How the rows that are trained on are written. */
export interface TrainingFiles {
  readonly format: TrainingFormat;
  /** Into how many files they go: one for each instance that gets a part of its own. */
  readonly parts: number;
}

/**
 * Writes the rows of a select into a folder as `data.<format>`; as several parts, each has as many rows as the next, or one fewer.
 * Answers the names of the files.
 * @throws UnusableRows where there are fewer rows than parts
 */
export async function writeTrainingFiles(db: DuckDb, select: string, folder: string, { format, parts }: TrainingFiles): Promise<string[]> {
  if (parts === 1) {
    const name = `data.${format.format}`;
    await copy(db, select, path.join(folder, name), format);
    return [name];
  }
  const whole = path.join(folder, '.whole.parquet');
  try {
    await copy(db, select, whole, parquet);
    await requireRows(db, whole, parts);
    const names = Array.from({ length: parts }, (_, part) => `part-${String(part + 1).padStart(String(parts).length, '0')}-of-${String(parts)}.${format.format}`);
    for (const [part, name] of names.entries()) {
      const rows = `SELECT * EXCLUDE (file_row_number) FROM read_parquet(${quoteText(whole)}, file_row_number = true) WHERE file_row_number % ${String(parts)} = ${String(part)}`;
      await copy(db, rows, path.join(folder, name), format);
    }
    return names;
  } finally {
    await rm(whole, { force: true });
  }
}

async function copy(db: DuckDb, select: string, file: string, { format }: Pick<TrainingFormat, 'format'>): Promise<void> {
  // A missing value is an empty field, and the image's reader knows no quotes.
  const options = format === 'csv' ? "FORMAT csv, HEADER false, DELIMITER ',', NULLSTR ''" : 'FORMAT parquet, COMPRESSION snappy';
  await db.run(`COPY (${select}) TO ${quoteText(file)} (${options})`);
}

const parquet = { format: 'parquet' } as const;

/** An instance without rows would be paid for and learn nothing. */
async function requireRows(db: DuckDb, file: string, parts: number): Promise<void> {
  const [count] = await db.all<{ rows: number }>(`SELECT count(*) AS rows FROM read_parquet(${quoteText(file)})`);
  const rows = count?.rows ?? 0;
  if (rows < parts) throw new UnusableRows(`There are ${String(rows)} training rows for ${String(parts)} instances, expected at least one each: more rows, or fewer instances.`);
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
