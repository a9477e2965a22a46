import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from './errors.ts';

/** The three million flights of the npm package vega-datasets, a development dependency. */
export function flightsFile(modules: string): string {
  const file = path.join(modules, 'vega-datasets/data/flights-3m.parquet');
  if (!existsSync(file)) throw new CommandError(`${file} does not exist: the demo's data come with the development dependency vega-datasets (npm install --save-dev vega-datasets).`);
  return file;
}

/** Writes a random but repeatable sample of the rows to `directory`, for a demo on a busy machine. */
export async function sampleRows(file: string, rows: number, directory: string): Promise<string> {
  // Loaded here: only the small demo needs it in this process.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  await mkdir(directory, { recursive: true });
  const target = path.join(directory, `flights-${String(rows)}.parquet`);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    // One thread: a repeatable reservoir sample needs the rows in one order.
    await connection.run(`COPY (FROM read_parquet($file) USING SAMPLE reservoir(${String(rows)} ROWS) REPEATABLE (1)) TO '${target.replaceAll("'", "''")}' (FORMAT parquet)`, { file });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return target;
}
