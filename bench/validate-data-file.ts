import { withDuckDb } from '../model/data/duckdb.ts';
import { quoteText } from '../model/data/quote.ts';
import { Column, Dataset, Label } from '../model/spec/dataset.ts';

/** Twenty columns as business tables have them: numbers, whole numbers, categories, texts with quotes and commas, times, truth values, nulls. */
export const schema = new Dataset({
  columns: [
    Column.integer('id', { nullable: false }),
    Column.number('price', { minimum: 0 }),
    Column.number('weight'),
    Column.number('ratio', { minimum: 0, maximum: 1 }),
    Column.number('balance'),
    Column.number('temperature'),
    Column.integer('quantity', { minimum: 0 }),
    Column.integer('age', { minimum: 18, maximum: 120 }),
    Column.integer('visits'),
    Column.integer('year', { minimum: 1900, maximum: 2100 }),
    Column.string('country'),
    Column.string('plan', { categories: ['free', 'team', 'business', 'enterprise'] }),
    Column.string('city'),
    Column.string('status'),
    Column.string('comment'),
    Column.string('email'),
    Column.timestamp('created', { nullable: false }),
    Column.timestamp('updated'),
    Column.boolean('active'),
    Column.boolean('churned', { nullable: false }),
  ],
  label: Label.binary('churned'),
}).toJSON();

/** The same rows at each call; one in two hundred stands twice. */
function rowsSql(rows: number): string {
  const share = (salt: number): string => `((hash(i, ${String(salt)}) >> 11)::DOUBLE / 9007199254740992)`;
  const whole = (salt: number, below: number): string => `(hash(i, ${String(salt)}) % ${String(below)})::BIGINT`;
  const nullable = (salt: number, percent: number, value: string): string => `CASE WHEN hash(i, ${String(salt)}, 'null') % 100 >= ${String(percent)} THEN ${value} END`;
  return `SELECT i AS id, ${nullable(1, 2, `round(exp(${share(1)} * 8), 2)`)} AS price, (${share(2)} + ${share(3)} + ${share(4)} - 1.5) * 10 AS weight, round(${share(5)}, 6) AS ratio,
    ${nullable(6, 5, `round((${share(6)} - 0.3) * 1e6, 2)`)} AS balance, round(${share(7)} * 45 - 10, 1) AS temperature, ${whole(8, 51)} AS quantity,
    ${nullable(9, 3, `18 + ${whole(9, 82)}`)} AS age, (${share(10)} ** 6 * 1e6)::BIGINT AS visits, 1990 + ${whole(11, 36)} AS year,
    'country ' || ${whole(12, 50)} AS country, ['free', 'team', 'business', 'enterprise'][1 + ${whole(13, 4)}] AS plan, 'City ' || ${whole(14, 1000)} || ', ' || ['North', 'South'][1 + ${whole(15, 2)}] AS city,
    ${nullable(16, 1, `['new', 'open', 'paid', 'late', 'lost', 'won', 'void', 'test'][1 + ${whole(16, 8)}]`)} AS status,
    ${nullable(17, 8, `'said "' || ${whole(17, 3_000_000)} || '", and ' || ${whole(18, 100_000)} || ' more'`)} AS comment, 'user' || ${whole(19, 800_000)} || '@example.com' AS email,
    TIMESTAMP '2020-01-01' + to_seconds(${whole(20, 100_000_000)}) AS created, ${nullable(21, 4, `TIMESTAMP '2023-03-01' + to_minutes(${whole(21, 1_500_000)})`)} AS updated,
    ${nullable(22, 2, `${whole(22, 2)} = 1`)} AS active, ${share(23)} < 0.2 AS churned
    FROM (SELECT CASE WHEN j % 200 = 7 THEN j - 1 ELSE j END AS i FROM range(${String(rows)}) AS t(j))`;
}

/** A program of its own, so that the memory of writing is not that of reading: `node validate-data-file.ts '{"rows", "csv", "parquet"}'`. */
if (import.meta.main) {
  const { rows, csv, parquet } = JSON.parse(process.argv[2] ?? '{}') as { rows: number; csv: string; parquet: string };
  await withDuckDb({ memoryMb: 1000 }, async (db) => {
    await db.run(`COPY (${rowsSql(rows)}) TO ${quoteText(parquet)} (FORMAT parquet, COMPRESSION snappy)`);
    await db.run(`COPY (FROM read_parquet(${quoteText(parquet)})) TO ${quoteText(csv)} (FORMAT csv, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S')`);
  });
}
