import type { FeatureGroupSpec, GroupFeature } from '../spec/feature-group.ts';
import type { ColumnType, DatasetSpec } from '../spec/dataset.ts';
import type { DataFiles } from './files.ts';
import { withDuckDb } from './duckdb.ts';
import type { DuckDb, DuckDbOptions } from './duckdb.ts';
import { quoteName } from './quote.ts';
import { openSources } from './sources.ts';
import { typedRows } from './typed-rows.ts';

/** A record: the text of each feature that has a value, by the feature's name. */
export type FeatureRecord = Readonly<Record<string, string>>;

/** What the newest records are read from. */
export interface NewestOptions extends DuckDbOptions {
  readonly file: DataFiles;
  readonly schema: DatasetSpec;
  readonly group: FeatureGroupSpec;
}

/** The newest record of each identifier, for the time of `use`. */
export interface NewestRecords {
  /** How many there are. */
  readonly count: number;
  /** Rows without an identifier or a time, which are no records. */
  readonly skippedRows: number;
  /** In batches, in the order of the identifiers. */
  batches(size: number): AsyncIterable<FeatureRecord[]>;
}

/** Reads of each identifier the row with the newest time; of rows of the same time the one that is greater as text, so that each run finds the same. */
export async function withNewestRecords<T>({ file, schema, group, ...options }: NewestOptions, use: (records: NewestRecords) => Promise<T>): Promise<T> {
  return withDuckDb(options, async (db) => {
    const { sources } = await openSources(db, { file, schema });
    const { relation } = await typedRows(db, sources, { schema, badRows: 'fail' });
    const typeOf = (column: string): ColumnType => schema.columns.find(({ name }) => name === column)!.type;
    const columns = group.features.map(({ column, type }) => ({ column, sql: textSql(quoteName(column), typeOf(column), type) }));
    const selected = columns.map(({ column, sql }) => `${sql} AS ${quoteName(column)}`).join(', ');
    const [identifier, time] = [quoteName(group.recordIdentifier), quoteName(group.eventTime)];
    await db.run(`CREATE TABLE found AS SELECT ${selected}, ${orderSql(time, typeOf(group.eventTime))} AS "#order" FROM ${relation}`);
    const whole = columns.map(({ column }) => quoteName(column)).join(', ');
    // An empty text tells no records apart: Feature Store refuses it.
    const present = `${identifier} <> '' AND ${time} IS NOT NULL AND "#order" IS NOT NULL`;
    await db.run(
      `CREATE TABLE newest AS SELECT ${whole} FROM found WHERE ${present} QUALIFY row_number() OVER (PARTITION BY ${identifier} ORDER BY "#order" DESC, concat_ws(chr(31), ${columns.map(({ column }) => `coalesce(${quoteName(column)}, '')`).join(', ')}) DESC) = 1`,
    );
    const [counts] = await db.all<{ records: number; skipped: number }>(`SELECT (SELECT count(*) FROM newest) AS records, (SELECT count(*) FROM found WHERE (${present}) IS NOT TRUE) AS skipped`);
    return use({ count: counts?.records ?? 0, skippedRows: counts?.skipped ?? 0, batches: (size) => batches(db, group.features, `SELECT ${whole} FROM newest ORDER BY ${identifier}`, size) });
  });
}

async function* batches(db: DuckDb, features: readonly GroupFeature[], select: string, size: number): AsyncIterable<FeatureRecord[]> {
  let batch: FeatureRecord[] = [];
  for await (const chunk of db.stream(select)) {
    const vectors = features.map((_, index) => chunk.getColumnVector(index));
    for (let row = 0; row < chunk.rowCount; row += 1) {
      const values = features.flatMap(({ name }, index): [string, string][] => {
        const value = vectors[index]!.getItem(row) as string | null;
        return value === null ? [] : [[name, value]];
      });
      batch.push(Object.fromEntries(values));
      if (batch.length === size) {
        yield batch;
        batch = [];
      }
    }
  }
  if (batch.length > 0) yield batch;
}

/** A value as Feature Store takes it in a text; null where it has none: what is not finite is no fraction there. */
function textSql(name: string, type: ColumnType, feature: GroupFeature['type']): string {
  // Local time without a zone is taken as UTC, as everywhere in the pipeline.
  if (type === 'timestamp') return `strftime(${name}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
  if (type === 'number') return `CASE WHEN isfinite(${name}) THEN ${name}::VARCHAR END`;
  if (type === 'boolean') return `${name}::INTEGER::VARCHAR`;
  return type === 'integer' && feature === 'Fractional' ? `${name}::DOUBLE::VARCHAR` : `${name}::VARCHAR`;
}

/** What the records of an identifier are ordered by. A time before 1970 is none that Feature Store takes in seconds. */
function orderSql(name: string, type: ColumnType): string {
  return type === 'timestamp' ? name : `CASE WHEN isfinite(${name}::DOUBLE) AND ${name} >= 0 THEN ${name}::DOUBLE END`;
}
