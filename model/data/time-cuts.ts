import type { DuckDb } from './duckdb.ts';

/** Each pass narrows the range of a cut to one of so many equally wide pieces. */
const pieces = 4096n;

/**
 * The times at which validation and test begin: of all times those that come nearest to the shares, with at least one time in each part;
 * `undefined` where there are fewer than three different ones. They are found by counting, pass by pass over one column, so that memory
 * does not grow with the rows, and they are exact: the same for the same rows in any order.
 * @param rows a relation with the time, a BIGINT or null
 */
export async function timeCuts(db: DuckDb, rows: string, time: string, shares: { readonly train: number; readonly validation: number }): Promise<[bigint, bigint] | undefined> {
  const [range] = await db.all<{ rows: number; first: string | null; last: string | null; before_last: string | null }>(
    `SELECT count(${time}) AS rows, CAST(min(${time}) AS VARCHAR) AS first, CAST(max(${time}) AS VARCHAR) AS last,
     (SELECT CAST(max(${time}) AS VARCHAR) FROM ${rows} WHERE ${time} < (SELECT max(${time}) FROM ${rows})) AS before_last FROM ${rows}`,
  );
  if (range === undefined || range.first === null || range.last === null || range.before_last === null || range.before_last === range.first) return undefined;
  const [first, last] = [BigInt(range.first), BigInt(range.last)];
  const nearest = (share: number): Promise<bigint> => nearestTime(db, rows, time, { wanted: Math.round(share * range.rows), first, last });
  const validation = smaller(await nearest(shares.train), BigInt(range.before_last));
  const test = await nearest(shares.train + shares.validation);
  return [validation, test > validation ? test : (await around(db, rows, time, validation)).next ?? last];
}

/** The time, later than the first, before which there are most nearly the wanted number of rows; of two as near ones the earlier. */
async function nearestTime(db: DuckDb, rows: string, time: string, { wanted, first, last }: { readonly wanted: number; readonly first: bigint; readonly last: bigint }): Promise<bigint> {
  const at = await timeOfRow(db, rows, time, { row: wanted, first, last });
  const { below, equal, next } = await around(db, rows, time, at);
  if (next === undefined) return at;
  return at > first && wanted - below <= below + equal - wanted ? at : next;
}

/** The time of a row, counted from 0 in the order of times; the last one where there are not so many. */
async function timeOfRow(db: DuckDb, rows: string, time: string, { row, first, last }: { readonly row: number; readonly first: bigint; readonly last: bigint }): Promise<bigint> {
  let [lower, upper, below] = [first, last, 0];
  while (lower < upper) {
    const width = (upper - lower) / pieces + 1n;
    // As HUGEINT: the distance of two times may be larger than a BIGINT holds.
    const piece = `(${time}::HUGEINT - ${literal(lower)}) // ${literal(width)}`;
    const counts = await db.all<{ piece: number; rows: number }>(
      `SELECT CAST(${piece} AS INTEGER) AS piece, count(*) AS rows FROM ${rows} WHERE ${time} BETWEEN ${literal(lower)} AND ${literal(upper)} GROUP BY ALL ORDER BY piece`,
    );
    let found = counts.at(-1)!.piece;
    for (const count of counts) {
      found = count.piece;
      if (below + count.rows > row) break;
      below += count.rows;
    }
    lower += BigInt(found) * width;
    upper = smaller(lower + width - 1n, upper);
  }
  return lower;
}

/** How many rows are before a time and of it, and the next later time. */
async function around(db: DuckDb, rows: string, time: string, at: bigint): Promise<{ readonly below: number; readonly equal: number; readonly next: bigint | undefined }> {
  const [found] = await db.all<{ below: number; equal: number; next: string | null }>(
    `SELECT count(*) FILTER (${time} < ${literal(at)}) AS below, count(*) FILTER (${time} = ${literal(at)}) AS equal,
     CAST(min(${time}) FILTER (${time} > ${literal(at)}) AS VARCHAR) AS next FROM ${rows}`,
  );
  return { below: found?.below ?? 0, equal: found?.equal ?? 0, next: typeof found?.next === 'string' ? BigInt(found.next) : undefined };
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function literal(value: bigint): string {
  return `(${String(value)})::HUGEINT`;
}
