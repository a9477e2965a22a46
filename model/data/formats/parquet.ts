import { open } from 'node:fs/promises';
import type { DuckDb } from '../duckdb.ts';
import { quoteText } from '../quote.ts';
import { maximumColumns, tooManyColumns } from './names.ts';
import { UnreadableFile } from './unreadable.ts';

/** A footer larger than this takes minutes and gigabytes to read. */
const largestFooter = 32 * 2 ** 20;
/** A column takes more than this of a footer. */
const bytesPerColumn = 50;
/** The length of the footer, and the magic word. */
const trailerBytes = 8;

/** Looks at a Parquet file's footer before DuckDB plans a query over its columns, which takes long where there are very many. @throws UnreadableFile */
export async function checkFooter(db: DuckDb, file: string, fileBytes: number): Promise<void> {
  const bytes = await footerBytes(file, fileBytes);
  if (bytes > largestFooter && bytes < fileBytes) {
    throw new UnreadableFile(`The Parquet file has a footer of ${bytes.toLocaleString('en-US')} bytes, expected at most ${largestFooter.toLocaleString('en-US')}: it has far too many columns, or row groups of few rows.`);
  }
  if (bytes <= maximumColumns * bytesPerColumn) return;
  const [leaves] = await db.all<{ columns: number }>(`SELECT count(*) AS columns FROM parquet_schema(${quoteText(file)}) WHERE coalesce(num_children, 0) = 0`);
  if ((leaves?.columns ?? 0) > maximumColumns) throw tooManyColumns(leaves!.columns.toLocaleString('en-US'));
}

async function footerBytes(file: string, fileBytes: number): Promise<number> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(trailerBytes), 0, trailerBytes, fileBytes - trailerBytes);
    return buffer.readUInt32LE(0);
  } finally {
    await handle.close();
  }
}
