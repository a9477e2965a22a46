import type { DuckDb } from './duckdb.ts';
import type { DatasetProfile } from './profile.ts';
import type { ColumnProfile, NumberProfile, ValueCount } from './column-profile.ts';
import { quoteName, quoteText } from './quote.ts';
import type { TypedTable } from './typed-table.ts';

/** A column's values counted: what needs its range or the number of its values first, so a second pass. */
export interface ColumnDistribution {
  /** For numbers: counts of `bucketCount` equally wide buckets between minimum and maximum. */
  readonly buckets?: readonly NumberBucket[];
  /** For texts and timestamps: the most frequent values, the most frequent first. */
  readonly values?: readonly ValueCount[];
  /** Exact where the column has at most `exactValues` different ones, else approximate. */
  readonly distinct?: number;
  /** All values, in order, where they are few enough for a domain. */
  readonly domain?: readonly string[];
}

/** The count of the numbers from the lower bound up to, but for the last bucket without, the upper bound. */
export interface NumberBucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}


/** As many as Model Monitor's statistics have. */
const bucketCount = 10;
/** Below so many different texts they are all counted; above, only those that are found frequent. */
const exactValues = 10_000;
/** The largest domain that is worth writing down. */
const largestDomain = 500;

/** Counts the values of each profiled column. */
export async function countDistributions(db: DuckDb, table: TypedTable, profile: DatasetProfile): Promise<ReadonlyMap<string, ColumnDistribution>> {
  const distributions = new Map<string, ColumnDistribution>(await countBuckets(db, table, profile.columns));
  for (const column of profile.columns) {
    const { name, type, numbers, values } = column;
    if (type === 'boolean' && numbers !== undefined && numbers.count > 0) distributions.set(name, { buckets: booleanBuckets(numbers) });
    if (values !== undefined) distributions.set(name, type === 'string' && values.distinct <= exactValues ? await countAll(db, table, column) : await countFrequent(db, table, column));
  }
  return distributions;
}

/** What follows from the profile is not counted again. */
function booleanBuckets({ count, sum, minimum, maximum }: NumberProfile): NumberBucket[] {
  const counts = new Map(minimum === maximum ? [[0, count]] : [[0, count - sum], [bucketCount - 1, sum]]);
  return bucketBounds(minimum, maximum).map((bounds, bucket) => ({ ...bounds, count: counts.get(bucket) ?? 0 }));
}

/** Equally wide, from the smallest to the largest value. */
function bucketBounds(minimum: number, maximum: number): Omit<NumberBucket, 'count'>[] {
  const width = (maximum - minimum) / bucketCount;
  return Array.from({ length: bucketCount }, (_, bucket) => ({ lower: minimum + width * bucket, upper: bucket === bucketCount - 1 ? maximum : minimum + width * (bucket + 1) }));
}

async function countBuckets(db: DuckDb, table: TypedTable, columns: readonly ColumnProfile[]): Promise<[string, ColumnDistribution][]> {
  const numeric = columns.flatMap(({ name, type, numbers }) => (numbers === undefined || numbers.count === 0 || type === 'boolean' ? [] : [{ name, numbers }]));
  if (numeric.length === 0) return [];
  const histograms = numeric.map(({ name, numbers }, index) => {
    const number = `CAST(${quoteName(name)} AS DOUBLE)`;
    const width = (numbers.maximum - numbers.minimum) / bucketCount;
    const bucket = width > 0 ? `least(${String(bucketCount - 1)}, floor((${number} - ${literal(numbers.minimum)}) / ${literal(width)}))` : '0';
    const inside = `${number} BETWEEN ${literal(numbers.minimum)} AND ${literal(numbers.maximum)}`;
    return `map_entries(histogram(CASE WHEN ${inside} THEN CAST(${bucket} AS UTINYINT) END)) AS ${quoteName(`#${String(index)}`)}`;
  });
  const [row] = await db.all<Record<string, readonly { key: number; value: number }[] | null>>(`SELECT ${histograms.join(', ')} FROM ${table.relation}`);
  return numeric.map(({ name, numbers }, index) => {
    const counts = new Map((row?.[`#${String(index)}`] ?? []).map(({ key, value }) => [key, value]));
    return [name, { buckets: bucketBounds(numbers.minimum, numbers.maximum).map((bounds, bucket) => ({ ...bounds, count: counts.get(bucket) ?? 0 })) }];
  });
}

async function countAll(db: DuckDb, table: TypedTable, column: ColumnProfile): Promise<ColumnDistribution> {
  const name = quoteName(column.name);
  const counts = await db.all<ValueCount>(`SELECT ${name} AS value, count(*) AS count FROM ${table.relation} WHERE ${name} IS NOT NULL GROUP BY ALL ORDER BY count DESC, value`);
  return {
    values: counts.slice(0, bucketCount),
    distinct: counts.length,
    ...(counts.length > largestDomain ? {} : { domain: counts.map(({ value }) => value).toSorted() }),
  };
}

async function countFrequent(db: DuckDb, table: TypedTable, column: ColumnProfile): Promise<ColumnDistribution> {
  const { distinct = 0 } = column.values ?? {};
  if (column.present === 0) return { values: [], distinct };
  const name = quoteName(column.name);
  const [top] = await db.all<{ frequent: readonly string[] | null }>(`SELECT list_transform(approx_top_k(${name}, ${String(bucketCount)}), lambda v : CAST(v AS VARCHAR)) AS frequent FROM ${table.relation}`);
  const frequent = top?.frequent ?? [];
  if (frequent.length === 0) return { values: [], distinct };
  const type = column.type === 'timestamp' ? 'TIMESTAMP' : 'VARCHAR';
  const among = frequent.map((value) => `${quoteText(value)}::${type}`).join(', ');
  const values = await db.all<ValueCount>(
    `SELECT CAST(${name} AS VARCHAR) AS value, count(*) AS count FROM ${table.relation} WHERE ${name} IN (${among}) GROUP BY ALL ORDER BY count DESC, value`,
  );
  return { values, distinct };
}

function literal(number: number): string {
  return `${number < 0 ? `(${String(number)})` : String(number)}::DOUBLE`;
}
