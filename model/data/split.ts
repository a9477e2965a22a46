import type { DatasetSpec } from '../spec/dataset.ts';
import type { SplitSpec } from '../spec/split.ts';
import type { DuckDb } from './duckdb.ts';
import { UnusableRows } from './format.ts';
import { quoteName } from './quote.ts';
import { timeCuts } from './time-cuts.ts';

/** The keys at which validation and test begin, as SQL. */
export type SplitCuts = readonly [validation: string, test: string];

/** Hashes are cut to a millionth. */
const steps = 1_000_000;

/**
 * What places a row, as a BIGINT from columns of their declared types: parts are ranges of it. Null where the row has no place: no time, no group.
 *
 * Hashes are MD5 over texts: unlike DuckDB's own `hash` they are the same in every version and on every platform, and CSV and Parquet with the
 * same rows split alike. A row's is over its values in schema order.
 */
export function splitKeySql(schema: DatasetSpec, split: SplitSpec): string {
  const hashed = (text: string): string => `CAST(md5_number_lower(${text}) % ${String(steps)} AS BIGINT)`;
  switch (split.kind) {
    case 'rowHash':
      return hashed(`concat_ws(chr(31), ${schema.columns.map((column) => `coalesce(CAST(${quoteName(column.name)} AS VARCHAR), chr(0))`).join(', ')})`);
    case 'group':
      return hashed(`CAST(${quoteName(split.column)} AS VARCHAR)`);
    case 'time':
      return columnType(schema, split.column) === 'timestamp' ? `epoch_us(${quoteName(split.column)})` : quoteName(split.column);
  }
}

/**
 * Where the parts are cut: fixed for hashes, found in the rows for times.
 * @param rows a relation of the rows that count, with the key
 * @throws UnusableRows where there are too few different times
 */
export async function splitCuts(db: DuckDb, rows: string, key: string, split: SplitSpec): Promise<SplitCuts> {
  if (split.kind !== 'time') return [Math.round(split.train * steps), Math.round((split.train + split.validation) * steps)].map(String) as [string, string];
  const cuts = await timeCuts(db, rows, key, split);
  if (cuts === undefined) {
    throw new UnusableRows(`Split.byTime('${split.column}') finds fewer than 3 different times among the rows with a label, expected at least one for each of training, validation and test. More rows, or another split, are needed.`);
  }
  return cuts.map(String) as [string, string];
}

/** The part of a row, as its index in `splitParts`; null where it has no place. */
export function splitPartSql(key: string, [validation, test]: SplitCuts): string {
  return `(CASE WHEN ${key} < ${validation} THEN 0 WHEN ${key} < ${test} THEN 1 WHEN ${key} IS NOT NULL THEN 2 END)::TINYINT`;
}

/** The type of a declared column. */
export function columnType(schema: DatasetSpec, name: string): string | undefined {
  return schema.columns.find((column) => column.name === name)?.type;
}
