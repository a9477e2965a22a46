import type { ColumnSpec } from '../spec/dataset.ts';
import type { DuckDb } from './duckdb.ts';
import { quoteName } from './quote.ts';
import { foundColumn } from './source.ts';
import type { Columns, DataSource } from './source.ts';
import { typedRows } from './typed-rows.ts';
import { mismatchSql } from './typed.ts';
import type { FoundColumn } from './typed.ts';
import type { Finding } from './violations.ts';

/** A dataset as a table that is checked: every declared column in its declared type, beside each what does not fit, and a hash of the row. */
export interface TypedTable {
  readonly relation: string;
  /** The declared columns that a file has, with what it is there (in the first that has it). */
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
 * The table of a dataset's files. Parquet is read anew at each pass, since that is cheap; text is parsed once into Parquet files beside the database.
 * All of a CSV file's columns are read: with fewer, DuckDB 1.5.5 fails on malformed rows with an internal error instead of keeping them aside.
 */
export async function openTable(db: DuckDb, sources: readonly DataSource[], schema: Columns): Promise<TypedTable> {
  const columns = schema.columns.flatMap((column) => {
    const found = sources.map((source) => foundColumn(source, column)).find((candidate) => candidate !== undefined);
    return found === undefined ? [] : [{ column, found }];
  });
  const { relation, findings } = await typedRows(db, sources, { schema, badRows: 'keepAside', more: (source) => [
    ...columns.map(({ column }) => `${mismatchExample(column, foundColumn(source, column), source)}::VARCHAR AS ${mismatchColumn(column)}`),
    // By name: the same row is the same in a file with its columns in another order.
    `hash(${source.found.map((column) => quoteName(column.name)).toSorted().join(', ')}) AS ${hashColumn}`,
  ] });
  return { relation, columns, rejected: findings };
}

function mismatchExample(column: ColumnSpec, found: FoundColumn | undefined, source: DataSource): string {
  const condition = found === undefined ? 'false' : mismatchSql(column, found, source.isText);
  return condition === 'false' ? 'NULL' : `CASE WHEN ${condition} THEN left(CAST(${quoteName(found!.name)} AS VARCHAR), 40) END`;
}
