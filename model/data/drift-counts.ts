import { largestFloat32 } from '../features/transforms.ts';
import type { Cumulative } from './baseline.ts';
import type { ValueCount } from './column-profile.ts';
import type { DuckDb } from './duckdb.ts';
import { quoteName, quoteText } from './quote.ts';
import type { TypedTable } from './typed-table.ts';

/** The share of each column's finite numbers that are not above its bounds, for all columns in one pass. @param columns their bounds in order, each once */
export async function countNotAbove(db: DuckDb, table: TypedTable, columns: readonly { readonly name: string; readonly bounds: readonly number[] }[]): Promise<ReadonlyMap<string, Cumulative>> {
  if (columns.length === 0) return new Map();
  const histograms = columns.map(({ name, bounds }, index) => {
    const number = `CAST(${quoteName(name)} AS DOUBLE)`;
    const finite = `CASE WHEN abs(${number}) <= ${String(largestFloat32)}::DOUBLE THEN ${number} END`;
    return `map_entries(histogram(${finite}, [${bounds.map((bound) => quoteText(String(bound))).join(', ')}]::DOUBLE[])) AS ${quoteName(`#${String(index)}`)}`;
  });
  const [row] = await db.all<Record<string, readonly { key: number; value: number }[] | null>>(`SELECT ${histograms.join(', ')} FROM ${table.relation}`);
  return new Map(
    columns.map(({ name, bounds }, index) => {
      const bins = row?.[`#${String(index)}`] ?? [];
      const counts = new Map(bins.map(({ key, value }) => [key, value]));
      const total = bins.reduce((sum, { value }) => sum + value, 0);
      let below = 0;
      return [name, { points: bounds, shares: bounds.map((bound) => (below += counts.get(bound) ?? 0) / total) }];
    }),
  );
}

/** How often each of some texts occurs in a column; a text that does not occur is not in the answer. */
export async function countValues(db: DuckDb, table: TypedTable, column: string, values: readonly string[]): Promise<ValueCount[]> {
  if (values.length === 0) return [];
  const name = quoteName(column);
  return db.all<ValueCount>(`SELECT ${name} AS value, count(*) AS count FROM ${table.relation} WHERE ${name} IN (${values.map(quoteText).join(', ')}) GROUP BY ALL`);
}
