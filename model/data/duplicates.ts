import type { DuckDb } from './duckdb.ts';
import { quoteName } from './quote.ts';
import type { DataSource } from './source.ts';

/** How many hashes are held at most; above, the rows of a share of the hash's range stand for all, since equal rows fall into the same share. */
const hashesHeld = 1_000_000;

/** The share of the rows that repeat an earlier one in every column of the file. Exact up to a million rows, an estimate above. */
export async function duplicateShare(db: DuckDb, source: DataSource, rows: number): Promise<number> {
  if (rows === 0) return 0;
  const hash = `hash(${source.found.map((column) => quoteName(column.name)).join(', ')})`;
  const shares = Math.ceil(rows / hashesHeld);
  const sampled = shares === 1 ? '' : ` WHERE h % ${String(shares)} = 0`;
  const [row] = await db.all<{ seen: number; different: number }>(`SELECT count(*) AS seen, count(DISTINCT h) AS different FROM (SELECT ${hash} AS h FROM ${source.relation})${sampled}`);
  return row === undefined || row.seen === 0 ? 0 : (row.seen - row.different) / row.seen;
}
