import type { ColumnSpec, DatasetSpec } from '../spec/dataset.ts';
import type { DuckDb } from './duckdb.ts';
import { csvRelation, readCsvDialect } from './csv.ts';
import type { BadRows } from './csv.ts';
import { examineFile, UnreadableFile } from './format.ts';
import type { DataFormat } from './format.ts';
import { openJsonLines } from './formats/json-lines.ts';
import { maximumColumns, tooManyColumns, uniqueNames } from './formats/names.ts';
import { checkFooter } from './formats/parquet.ts';
import { openText } from './formats/text.ts';
import { quoteName, quoteText } from './quote.ts';
import { sqlTypes, typedSql } from './typed.ts';
import type { FoundColumn } from './typed.ts';
import { toSentence } from './violations.ts';
import type { Finding } from './violations.ts';

/** A file opened as a table. */
export interface DataSource {
  /** What people call the file, where the dataset has several. */
  readonly name?: string;
  /** The file as DuckDB reads it: a copy where it was not UTF-8. */
  readonly path: string;
  readonly format: DataFormat;
  /** As the file lies there, but for the compression of text. */
  readonly unpackedBytes: number;
  /** The columns as they stand in the file, in its order. */
  readonly found: readonly FoundColumn[];
  /** The file as a relation with its own columns. */
  readonly relation: string;
  /** Whether every column is text that has yet to be read as its type (CSV, JSON lines). */
  readonly isText: boolean;
  /** What was found wrong, or odd, while it was opened. */
  readonly findings: readonly Finding[];
}

/** The columns that a file is read for. */
export type Columns = Pick<DatasetSpec, 'columns'>;

/** How a file is to be opened. */
export interface SourceOptions {
  readonly file: string;
  readonly format?: DataFormat;
  readonly schema: Columns;
  /** What is done with rows that cannot be read. @default 'fail' */
  readonly badRows?: BadRows;
  /** What a compressed file may come to when it is unpacked. @default - no bound */
  readonly maximumBytes?: number;
}

/** Opens a file. @throws UnreadableFile where it is no table; DuckDB's own errors where its content is broken. */
export async function openSource(db: DuckDb, options: SourceOptions): Promise<DataSource> {
  const source = await open(db, options);
  if (source.found.length > maximumColumns) throw tooManyColumns(source.found.length.toLocaleString('en-US'));
  const broken = source.findings.filter((finding) => finding.severity === 'fail');
  if (options.badRows !== 'keepAside' && broken.length > 0) throw new UnreadableFile(broken.map(toSentence).join(' '));
  return source;
}

async function open(db: DuckDb, options: SourceOptions): Promise<DataSource> {
  const { file, schema, maximumBytes } = options;
  const { format, bytes, compression } = await examineFile(file, options.format);
  if (format === 'parquet') {
    await checkFooter(db, file, bytes);
    const relation = `read_parquet(${quoteText(file)})`;
    const described = await db.all<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${relation}`);
    const found = described.map((column) => ({ name: column.column_name, type: column.column_type }));
    return { path: file, format, unpackedBytes: bytes, found, relation, isText: false, findings: [] };
  }
  const text = await openText(file, { compression, folder: db.folder, ...(maximumBytes === undefined ? {} : { maximumBytes }) });
  const opened = { path: text.path, format, unpackedBytes: text.bytes, isText: true };
  const expected = schema.columns.map((column) => column.name);
  const asText = (names: readonly string[]): FoundColumn[] => names.map((name) => ({ name, type: 'VARCHAR' }));
  if (format === 'jsonl') {
    const { names, relation, findings } = await openJsonLines(db, text, expected);
    return { ...opened, found: asText(names), relation, findings: [...text.findings, ...findings] };
  }
  const dialect = await readCsvDialect(text.path, expected);
  return { ...opened, found: asText(uniqueNames(dialect.header)), relation: csvRelation(text, dialect, options.badRows), findings: [...text.findings, ...repeated(dialect.header, expected)] };
}

/** Which of two columns of one name is meant nobody can tell. */
function repeated(header: readonly string[], expected: readonly string[]): Finding[] {
  return expected.flatMap((column): Finding[] => {
    const times = header.filter((name) => name === column).length;
    return times < 2 ? [] : [{ severity: 'fail', column, check: 'data_type_check', description: `${String(times)} columns of the file are called so, expected one.` }];
  });
}

/** The found column of a declared one: by its exact name. */
export function foundColumn(source: DataSource, column: ColumnSpec): FoundColumn | undefined {
  return source.found.find((candidate) => candidate.name === column.name);
}

/**
 * The declared columns in their declared types; a column that is absent or of a foreign type is null throughout.
 * @param more further expressions over the file's own columns
 */
export function typedSelect(source: DataSource, schema: Columns, more: readonly string[] = []): string {
  const columns = schema.columns.map((column) => {
    const found = foundColumn(source, column);
    const typed = found === undefined ? undefined : typedSql(column, found, source.isText);
    return `${typed ?? 'NULL'}::${sqlTypes[column.type]} AS ${quoteName(column.name)}`;
  });
  return `SELECT ${[...columns, ...more].join(', ')} FROM ${source.relation}`;
}
