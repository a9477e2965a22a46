import path from 'node:path';
import type { ColumnSpec } from '../spec/dataset.ts';
import type { DuckDb } from './duckdb.ts';
import { quoteName, quoteText } from './quote.ts';
import { malformed, rejectedRows } from './rejects.ts';
import { foundColumn, typedSelect } from './source.ts';
import type { Columns, DataSource } from './source.ts';
import { mismatchSql } from './typed.ts';
import type { FoundColumn } from './typed.ts';
import type { Finding } from './violations.ts';

/** A file as a table that is checked: every declared column in its declared type, beside each what does not fit, and a hash of the row. */
export interface TypedTable {
  readonly relation: string;
  /** The declared columns that the file has. */
  readonly columns: readonly { readonly column: ColumnSpec; readonly found: FoundColumn }[];
  /** What is wrong with rows that are not in the table. */
  readonly rejected: readonly Finding[];
}

/** The column with a hash of all of a row's columns, undeclared ones too. */
export const hashColumn = quoteName('#hash');

/** The column with the text of a value that does not fit its declared type, null where all is well. */
export function mismatchColumn(column: ColumnSpec): string {
  return quoteName(`#mismatch ${column.name}`);
}

/**
 * The table of a file. Parquet is read anew at each pass, since that is cheap; CSV is parsed once into a Parquet file beside the database.
 * All of a CSV file's columns are read: with fewer, DuckDB 1.5.5 fails on malformed rows with an internal error instead of keeping them aside.
 */
export async function openTable(db: DuckDb, source: DataSource, schema: Columns): Promise<TypedTable> {
  const columns = schema.columns.flatMap((column) => {
    const found = foundColumn(source, column);
    return found === undefined ? [] : [{ column, found }];
  });
  const select = typedSelect(source, schema, [
    ...columns.map(({ column, found }) => `${mismatchExample(column, found, source)}::VARCHAR AS ${mismatchColumn(column)}`),
    `hash(${source.found.map((column) => quoteName(column.name)).join(', ')}) AS ${hashColumn}`,
  ]);
  if (!source.isText) return { relation: `(${select})`, columns, rejected: [] };
  const rows = path.join(db.folder, 'rows.parquet');
  try {
    await db.run(`COPY (${select}) TO ${quoteText(rows)} (FORMAT parquet, COMPRESSION snappy)`);
  } catch (error) {
    throw malformed(error) ?? error;
  }
  return { relation: `read_parquet(${quoteText(rows)})`, columns, rejected: await rejectedRows(db) };
}

function mismatchExample(column: ColumnSpec, found: FoundColumn, source: DataSource): string {
  const condition = mismatchSql(column, found, source.isText);
  return condition === 'false' ? 'NULL' : `CASE WHEN ${condition} THEN left(CAST(${quoteName(found.name)} AS VARCHAR), 40) END`;
}
