import type { DatasetSpec } from '../spec/dataset.ts';
import type { SplitPart, SplitSummary } from '../spec/split-summary.ts';
import type { SplitSpec } from '../spec/split.ts';
import type { DuckDb } from './duckdb.ts';
import { quoteName } from './quote.ts';
import { columnType } from './split.ts';

/**
 * What is to be told of a split.
 * @param part the column with the part, of a relation with none but the rows that are in one
 */
export async function summariseSplit(db: DuckDb, rows: string, part: string, given: { readonly schema: DatasetSpec; readonly split: SplitSpec; readonly unplacedRows: number }): Promise<SplitSummary> {
  const { schema, split, unplacedRows } = given;
  if (split.kind === 'rowHash') return { kind: split.kind, unplacedRows };
  const { kind, column } = split;
  const name = quoteName(column);
  if (kind === 'group') {
    const groups = await db.all<{ part: number; groups: number }>(`SELECT part, count(*) AS groups FROM (SELECT ${part} AS part, ${name} FROM ${rows} GROUP BY ALL) GROUP BY part`);
    return { kind, column, unplacedRows, groups: byPart((index) => groups.find((one) => one.part === index)?.groups ?? 0) };
  }
  // Texts of SQL's own cast, with the T of ISO 8601.
  const text = (time: string): string => (columnType(schema, column) === 'timestamp' ? `replace(CAST(${time} AS VARCHAR), ' ', 'T')` : `CAST(${time} AS VARCHAR)`);
  const times = await db.all<{ part: number; from: string; to: string }>(`SELECT ${part} AS part, ${text(`min(${name})`)} AS "from", ${text(`max(${name})`)} AS "to" FROM ${rows} GROUP BY part`);
  const found = (index: number): { from: string; to: string } => {
    const { from = '', to = '' } = times.find((one) => one.part === index) ?? {};
    return { from, to };
  };
  return { kind, column, unplacedRows, times: byPart(found) };
}

function byPart<T>(of: (index: number) => T): Record<SplitPart, T> {
  return { train: of(0), validation: of(1), test: of(2) };
}
