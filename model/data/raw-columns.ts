import type { RawColumn } from '../features/serving.ts';
import type { ColumnType, DatasetSpec } from '../spec/dataset.ts';
import { requestColumns } from '../spec/dataset.ts';
import { withDuckDb } from './duckdb.ts';
import type { DuckDbOptions } from './duckdb.ts';
import { quoteName, quoteText } from './quote.ts';

/** Raw rows in columns, in the form in which serving holds values: see `RawValue`. */
export interface RawColumns {
  readonly rows: number;
  /** By column name, without the label's column and the weight's. */
  readonly columns: Readonly<Record<string, RawColumn>>;
  readonly label: Float32Array;
}

/** Reads the test split that `prepareDataset` wrote, for an evaluation through the serving path. */
export async function readRawColumns(file: string, schema: DatasetSpec, options: DuckDbOptions): Promise<RawColumns> {
  const declared = requestColumns(schema);
  const select = declared.map((column) => servingSql[column.type](quoteName(column.name)));
  const relation = `read_parquet(${quoteText(file)})`;
  return withDuckDb(options, async (db) => {
    const [count] = await db.all<{ rows: number }>(`SELECT count(*) AS rows FROM ${relation}`);
    const rows = count?.rows ?? 0;
    const label = new Float32Array(rows);
    const columns = declared.map((column) => (column.type === 'string' ? new Array<string | null>(rows) : new Float64Array(rows)));
    const targets = [label, ...columns] as { [row: number]: unknown }[];
    let offset = 0;
    for await (const chunk of db.stream(`SELECT ${['label', ...select].join(', ')} FROM ${relation}`)) {
      const chunkRows = chunk.rowCount;
      targets.forEach((target, index) => {
        const vector = chunk.getColumnVector(index);
        for (let row = 0; row < chunkRows; row += 1) target[offset + row] = vector.getItem(row);
      });
      offset += chunkRows;
    }
    return { rows, label, columns: byName(declared.map((column, index) => [column.name, columns[index]!])) };
  });
}

/** A column name may be `__proto__`: an object without a prototype holds it like any other. */
function byName(entries: readonly (readonly [string, RawColumn])[]): Record<string, RawColumn> {
  const record = Object.create(null) as Record<string, RawColumn>;
  for (const [name, column] of entries) record[name] = column;
  return record;
}

const number = (expression: string): string => `coalesce(${expression}, 'NaN'::DOUBLE)`;

const servingSql: Readonly<Record<ColumnType, (name: string) => string>> = {
  number: (name) => number(`CAST(${name} AS DOUBLE)`),
  integer: (name) => number(`CAST(${name} AS DOUBLE)`),
  boolean: (name) => number(`CAST(${name} AS DOUBLE)`),
  string: (name) => name,
  // Whole seconds, rounded down: DuckDB's integer division rounds towards zero, so the remainder is taken off before.
  timestamp: (name) => number(`CAST((epoch_us(${name}) - ((epoch_us(${name}) % 1000000) + 1000000) % 1000000) // 1000000 AS DOUBLE)`),
};
