import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { withDuckDb } from '../../../model/data/duckdb.ts';
import { quoteText } from '../../../model/data/quote.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { Feature } from '../../../model/spec/feature.ts';

/** A folder for the time of `use`. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'slipway-test-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes a query's rows as Parquet. */
export async function writeParquet(file: string, select: string): Promise<string> {
  await withDuckDb({ memoryMb: 200, threads: 1 }, (db) => db.run(`COPY (${select}) TO ${quoteText(file)} (FORMAT parquet)`));
  return file;
}

/** Runs a query over files. */
export async function query<Row>(select: string): Promise<Row[]> {
  return withDuckDb({ memoryMb: 200, threads: 1 }, (db) => db.all<Row>(select));
}

/** Writes lines as a file. */
export async function writeLines(file: string, lines: readonly string[], end = '\n'): Promise<string> {
  await writeFile(file, lines.map((line) => `${line}${end}`).join(''));
  return file;
}

/** A small dataset with a column of each type. */
export const trips = new Dataset({
  columns: [
    Column.timestamp('left'),
    Column.number('delay'),
    Column.integer('distance', { minimum: 0, maximum: 5000 }),
    Column.string('origin'),
    Column.boolean('weekend'),
  ],
  label: Label.above('delay', 15, 'late'),
}).toJSON();

/** A feature of each transform. */
export const tripFeatures = [
  Feature.hourOfDay('left'),
  Feature.dayOfWeek('left'),
  Feature.dayOfYear('left'),
  Feature.numeric('distance'),
  Feature.numeric('weekend'),
  Feature.category('origin'),
  Feature.targetMean('origin'),
].map((feature) => feature.toJSON());

/** Rows of `trips`: all different, a third late, five origins of different frequency. */
export function tripsSql(rows: number): string {
  return `SELECT TIMESTAMP '2001-01-01 05:00:00' + to_minutes(i * 37) AS "left", (i * 7 % 31 - 5)::DOUBLE AS delay, (i * 13 % 4000)::INTEGER AS distance,
    ['ORD', 'ATL', 'ORD', 'LAX', 'O''Hare', 'Zürich'][1 + i % 6] AS origin, i % 7 >= 5 AS weekend FROM range(${String(rows)}) AS t(i)`;
}
