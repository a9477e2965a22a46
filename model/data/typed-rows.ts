import path from 'node:path';
import type { BadRows } from './csv.ts';
import type { DuckDb } from './duckdb.ts';
import { UnreadableFile } from './format.ts';
import { quoteText } from './quote.ts';
import { malformed, rejectedRows } from './rejects.ts';
import { typedSelect } from './source.ts';
import type { Columns, DataSource } from './source.ts';
import { unreadable } from './sources.ts';
import { toSentence } from './violations.ts';
import type { Finding } from './violations.ts';

/** How the rows of files are read. */
export interface TypedRowsOptions {
  readonly schema: Columns;
  /** What is done with rows that cannot be read; the sources were opened in the same way. */
  readonly badRows: BadRows;
  /** Further expressions over a file's own columns. @default - none */
  readonly more?: (source: DataSource) => readonly string[];
}

/** The rows of several files in one relation. */
export interface TypedRows {
  readonly relation: string;
  /** What is wrong with rows that are not in it. */
  readonly findings: readonly Finding[];
}

/**
 * The rows of all files with the declared columns in their declared types. Text is parsed once, into Parquet files beside the database.
 * @throws UnreadableFile where nothing can be read
 */
export async function typedRows(db: DuckDb, sources: readonly DataSource[], options: TypedRowsOptions): Promise<TypedRows> {
  if (sources.some((source) => source.isText)) return parsedRows(db, sources, options);
  const selects = alike(sources).map((source) => selectOf(source, options));
  return { relation: `(${selects.join(' UNION ALL ')})`, findings: [] };
}

const selectOf = (source: DataSource, { schema, more }: TypedRowsOptions): string => typedSelect(source, schema, more?.(source));

async function parsedRows(db: DuckDb, sources: readonly DataSource[], options: TypedRowsOptions): Promise<TypedRows> {
  const keepAside = options.badRows === 'keepAside';
  const parsed: string[] = [];
  const findings: Finding[] = [];
  for (const [index, source] of sources.entries()) {
    const rows = path.join(db.folder, `rows-${String(index)}.parquet`);
    const named = source.name === undefined ? {} : { file: source.name };
    try {
      await db.run(`COPY (${selectOf(source, options)}) TO ${quoteText(rows)} (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE ${String(rowsOfGroup)})`);
      parsed.push(rows);
      if (source.isText && keepAside) findings.push(...(await rejectedRows(db, source.path)).map((finding) => ({ ...finding, ...named })));
    } catch (error) {
      const found = keepAside ? unreadable(malformed(error) ?? error, { path: source.path, name: source.name ?? path.basename(source.path) }) : undefined;
      if (found === undefined) throw error;
      findings.push({ ...found, ...named });
    }
  }
  if (parsed.length === 0) throw new UnreadableFile(findings.map(toSentence).join(' '));
  return { relation: `read_parquet([${parsed.map(quoteText).join(', ')}])`, findings };
}

/** Each thread holds the rows of a group before it writes them: small groups are read as fast, and take a sixth of the memory that DuckDB's own size takes. */
const rowsOfGroup = 20_480;

/** Parquet files with the same columns, read as one: thousands of parts make no query of thousands. */
function alike(sources: readonly DataSource[]): DataSource[] {
  return [...Map.groupBy(sources, ({ found }) => JSON.stringify(found)).values()].map((group) => {
    return group.length === 1 ? group[0]! : { ...group[0]!, relation: `read_parquet([${group.map((source) => quoteText(source.path)).join(', ')}])` };
  });
}
