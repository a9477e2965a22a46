import type { ColumnSpec, DatasetSpec } from '../spec/dataset.ts';
import type { DuckDb } from './duckdb.ts';
import { csvRelation, readCsvDialect, uniqueNames } from './csv.ts';
import type { BadRows } from './csv.ts';
import { examineFile } from './format.ts';
import type { DataFormat } from './format.ts';
import { quoteName, quoteText } from './quote.ts';
import { sqlTypes, typedSql } from './typed.ts';
import type { FoundColumn } from './typed.ts';

/** A file opened as a table. */
export interface DataSource {
  readonly format: DataFormat;
  readonly bytes: number;
  /** The columns as they stand in the file, in its order. */
  readonly found: readonly FoundColumn[];
  /** The file as a relation with its own columns. */
  readonly relation: string;
  /** Whether every column is text that has yet to be read as its type (CSV). */
  readonly isText: boolean;
}

/** How a file is to be opened. */
export interface SourceOptions {
  readonly file: string;
  readonly format?: DataFormat;
  readonly schema: DatasetSpec;
  /** What is done with CSV rows that cannot be read. @default 'fail' */
  readonly badRows?: BadRows;
}

/** Opens a file. @throws UnreadableFile where it is no table; DuckDB's own errors where its content is broken. */
export async function openSource(db: DuckDb, options: SourceOptions): Promise<DataSource> {
  const { file, schema } = options;
  const { format, bytes } = await examineFile(file, options.format);
  if (format === 'csv') {
    const dialect = await readCsvDialect(file, schema.columns.map((column) => column.name));
    const found = uniqueNames(dialect.header).map((name) => ({ name, type: 'VARCHAR' }));
    return { format, bytes, found, relation: csvRelation(file, dialect, options.badRows), isText: true };
  }
  const relation = `read_parquet(${quoteText(file)})`;
  const described = await db.all<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${relation}`);
  const found = described.map((column) => ({ name: column.column_name, type: column.column_type }));
  return { format, bytes, found, relation, isText: false };
}

/** The found column of a declared one: by its exact name. */
export function foundColumn(source: DataSource, column: ColumnSpec): FoundColumn | undefined {
  return source.found.find((candidate) => candidate.name === column.name);
}

/**
 * The declared columns in their declared types; a column that is absent or of a foreign type is null throughout.
 * @param more further expressions over the file's own columns
 */
export function typedSelect(source: DataSource, schema: DatasetSpec, more: readonly string[] = []): string {
  const columns = schema.columns.map((column) => {
    const found = foundColumn(source, column);
    const typed = found === undefined ? undefined : typedSql(column, found, source.isText);
    return `${typed ?? 'NULL'}::${sqlTypes[column.type]} AS ${quoteName(column.name)}`;
  });
  return `SELECT ${[...columns, ...more].join(', ')} FROM ${source.relation}`;
}
