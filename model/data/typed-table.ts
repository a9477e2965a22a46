import type { ColumnSpec } from '../spec/dataset.ts';
import type { DuckDb } from './duckdb.ts';
import { quoteName } from './quote.ts';
import { foundColumn } from './source.ts';
import type { Columns, DataSource } from './source.ts';
import { typedRows } from './typed-rows.ts';
import { mismatchSql } from './typed.ts';
import type { FoundColumn } from './typed.ts';
import type { Finding } from './violations.ts';

/** A dataset as a table that is checked: every declared column in its declared type, beside them what does not fit, and a hash of the row. */
export interface TypedTable {
  readonly relation: string;
  /** The declared columns that a file has, with what it is there (in the first that has it). */
  readonly columns: readonly { readonly column: ColumnSpec; readonly found: FoundColumn }[];
  /** What is wrong with rows that are not in the table. */
  readonly rejected: readonly Finding[];
}

/** The column with a hash of all of a row's columns, undeclared ones too. */
export const hashColumn = quoteName('#hash');

/** The column with the texts of values that do not fit their declared types, one for each column of the table; null in rows where all is well. */
export const mismatchesColumn = quoteName('#mismatches');

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
    `${mismatchTexts(columns.map(({ column }) => column), source)} AS ${mismatchesColumn}`,
    // By name: the same row is the same in a file with its columns in another order.
    `hash(${source.found.map((column) => quoteName(column.name)).toSorted().join(', ')}) AS ${hashColumn}`,
  ] });
  return { relation, columns, rejected: findings };
}

/** One list a row, and none in most rows: a column of texts for each column would be as much to write as the data. */
function mismatchTexts(columns: readonly ColumnSpec[], source: DataSource): string {
  const mismatches = columns.map((column) => {
    const found = foundColumn(source, column);
    const condition = found === undefined ? 'false' : mismatchSql(column, found, source.isText);
    return condition === 'false' ? undefined : { condition, text: `left(CAST(${quoteName(found!.name)} AS VARCHAR), 40)` };
  });
  const conditions = mismatches.flatMap((mismatch) => mismatch?.condition ?? []);
  if (conditions.length === 0) return 'NULL::VARCHAR[]';
  const texts = mismatches.map((mismatch) => (mismatch === undefined ? 'NULL' : `CASE WHEN ${mismatch.condition} THEN ${mismatch.text} END`));
  return `CASE WHEN ${conditions.join(' OR ')} THEN [${texts.join(', ')}]::VARCHAR[] END`;
}
