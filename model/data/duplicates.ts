import type { DuckDb } from './duckdb.ts';
import { hashColumn } from './typed-table.ts';
import type { TypedTable } from './typed-table.ts';

/** How many hashes are held at most; above, the rows of a share of the hash's range stand for all, since equal rows fall into the same share. */
const hashesHeld = 1_000_000;

/** The share of the rows that repeat an earlier one in every column of the file. Exact up to a million rows, an estimate above. */
export async function duplicateShare(db: DuckDb, table: TypedTable, rows: number): Promise<number> {
  if (rows === 0) return 0;
  const shares = Math.ceil(rows / hashesHeld);
  const sampled = shares === 1 ? '' : ` WHERE ${hashColumn} % ${String(shares)} = 0`;
  const [row] = await db.all<{ seen: number; different: number }>(`SELECT count(*) AS seen, count(DISTINCT ${hashColumn}) AS different FROM ${table.relation}${sampled}`);
  return row === undefined || row.seen === 0 ? 0 : (row.seen - row.different) / row.seen;
}
