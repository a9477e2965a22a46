import type { ColumnType, DatasetSpec } from '../spec/dataset.ts';
import { requestColumns } from '../spec/dataset.ts';
import type { DuckDb } from './duckdb.ts';
import { quoteName, quoteText } from './quote.ts';

/** How many rows a sample has at most. */
export const sampleRows = 20;

/** Raw rows from all over a file, the same ones each time, as a prediction request would send them: without the label's column and the weight's, missing values left as null. */
export async function readSample(db: DuckDb, file: string, schema: DatasetSpec): Promise<Record<string, unknown>[]> {
  const columns = requestColumns(schema);
  const select = columns.map((column) => `${requestSql[column.type](quoteName(column.name))} AS ${quoteName(column.name)}`);
  const [count] = await db.all<{ rows: number }>(`SELECT count(*) AS rows FROM read_parquet(${quoteText(file)})`);
  const step = Math.max(1, Math.floor((count?.rows ?? 0) / sampleRows));
  return db.all(
    `SELECT ${select.join(', ')} FROM read_parquet(${quoteText(file)}, file_row_number = true)
     WHERE file_row_number % ${String(step)} = 0 ORDER BY file_row_number LIMIT ${String(sampleRows)}`,
  );
}

const asIs = (name: string): string => name;

const requestSql: Readonly<Record<ColumnType, (name: string) => string>> = {
  number: asIs,
  integer: asIs,
  string: asIs,
  boolean: asIs,
  // ISO 8601 as serving reads it; the fraction only where there is one.
  timestamp: (name) => `rtrim(rtrim(strftime(${name}, '%Y-%m-%dT%H:%M:%S.%f'), '0'), '.')`,
};
