import type { ColumnSpec, ColumnType } from '../spec/dataset.ts';
import type { DuckDb } from './duckdb.ts';
import { quoteName } from './quote.ts';
import { malformed } from './rejects.ts';
import type { DataSource } from './source.ts';
import { mismatchSql, typedSql } from './typed.ts';
import type { FoundColumn } from './typed.ts';
import type { Finding } from './violations.ts';

/** What the columns of a file may be declared as. */
export interface InferredColumns {
  readonly columns: readonly ColumnSpec[];
  /** Columns of types that no declaration fits. */
  readonly findings: readonly Finding[];
}

/** From the narrowest to the widest: the first that every value fits is taken. */
const textTypes: readonly ColumnType[] = ['integer', 'number', 'boolean', 'timestamp', 'string'];

/** Infers the type of each column: of a text file from all of its values, of Parquet from its types. */
export async function inferColumns(db: DuckDb, source: DataSource): Promise<InferredColumns> {
  const candidates = source.found.map((found) => ({ found, types: candidatesOf(found, source.isText) }));
  const fits = candidates.flatMap(({ found, types }, index) =>
    types.map((type) => `count(*) FILTER (${mismatchSql(declaration(found, type), found, source.isText)}) = 0 AS ${quoteName(`${String(index)} ${type}`)}`));
  const present = source.found.map((found, index) => `count(${quoteName(found.name)}) AS ${quoteName(`${String(index)} present`)}`);
  const [row] = await db.all<Record<string, boolean | number>>(`SELECT ${[...present, ...fits].join(', ')} FROM ${source.relation}`).catch((error: unknown) => {
    throw (source.isText ? malformed(error) : undefined) ?? error;
  });
  const columns: ColumnSpec[] = [];
  const findings: Finding[] = [];
  candidates.forEach(({ found, types }, index) => {
    // Of a column without a value nothing can be told: a text fits it, as it fits everything.
    const isEmpty = row?.[`${String(index)} present`] === 0;
    const type = types.find((candidate) => row?.[`${String(index)} ${candidate}`] === true && !(isEmpty && source.isText && candidate !== 'string'));
    if (type !== undefined) columns.push(declaration(found, type));
    else findings.push({ severity: 'warn', column: found.name, check: 'data_type_check', description: `the column is of type ${found.type}, which no declared type fits; it is left out.` });
  });
  return { columns, findings };
}

function candidatesOf(found: FoundColumn, isText: boolean): readonly ColumnType[] {
  if (isText) return textTypes;
  const all: readonly ColumnType[] = found.type === 'BOOLEAN' ? ['boolean'] : /^(FLOAT|DOUBLE|DECIMAL.*)$/.test(found.type) ? ['number'] : ['integer', 'number', 'timestamp', 'string'];
  return all.filter((type) => typedSql(declaration(found, type), found, false) !== undefined);
}

function declaration(found: FoundColumn, type: ColumnType): ColumnSpec {
  return { name: found.name, type, nullable: true };
}
