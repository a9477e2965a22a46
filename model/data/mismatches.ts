import type { DuckDb } from './duckdb.ts';
import { quoteName } from './quote.ts';
import { mismatchesColumn } from './typed-table.ts';
import type { TypedTable } from './typed-table.ts';

/** Values of a column that do not fit its declared type. */
export interface Mismatches {
  readonly count: number;
  /** The first of them in the order of texts, cut short; null where there is none. */
  readonly example: string | null;
}

/** Counts for each column of a table, in their order, the values that do not fit. */
export async function countMismatches(db: DuckDb, table: TypedTable): Promise<readonly Mismatches[]> {
  if (table.columns.length === 0) return [];
  const counts = table.columns.map((_, index) => {
    const text = `${mismatchesColumn}[${String(index + 1)}]`;
    return `struct_pack(count := count(${text}), example := min(${text})) AS ${quoteName(`#${String(index)}`)}`;
  });
  const [row] = await db.all<Record<string, Mismatches>>(`SELECT ${counts.join(', ')} FROM ${table.relation} WHERE ${mismatchesColumn} IS NOT NULL`);
  return table.columns.map((_, index) => row?.[`#${String(index)}`] ?? { count: 0, example: null });
}
