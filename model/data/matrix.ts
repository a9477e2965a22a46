import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { LabelledMatrix } from '../matrix.ts';
import { firstCsvRecord, headerlessCsvRelation } from './csv.ts';
import { withDuckDb } from './duckdb.ts';
import type { DuckDb, DuckDbOptions } from './duckdb.ts';
import { examineFile } from './format.ts';
import { quoteName, quoteText } from './quote.ts';

/** Files that do not hold the numbers that a trainer needs. */
export class MatrixError extends Error {
  override readonly name = 'MatrixError';
}

/** How training data is read. */
export interface MatrixOptions extends DuckDbOptions {
  /** Whether the second column is the weight of the row. @default false */
  readonly weights?: boolean;
}

/**
 * Reads training data as the built-in XGBoost algorithm does: Parquet, or CSV without a header; the label is the first column, every other a feature
 * (but for the second one where it holds weights).
 * Nulls become NaN. Several files, or a folder of them, are read one behind the other, in the order of their names.
 */
export async function readMatrix(from: string | readonly string[], options: MatrixOptions): Promise<LabelledMatrix> {
  const files = typeof from === 'string' ? await dataFiles(from) : from;
  if (files.length === 0) throw new MatrixError(`${JSON.stringify(from)} holds no data file, expected Parquet, or CSV without a header.`);
  return withDuckDb(options, async (db) => {
    const tables = [];
    for (const file of files) tables.push(await openTable(db, file));
    const names = tables[0]!.names;
    for (const table of tables) {
      if (table.names.join('\n') !== names.join('\n')) {
        throw new MatrixError(`${table.file} has the columns ${table.names.join(', ')}, expected ${names.join(', ')} as in ${tables[0]!.file}.`);
      }
    }
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const columns = names.map(() => new Float32Array(rows));
    let filled = 0;
    for (const table of tables) filled = await fill(db, table, columns, filled);
    const leading = options.weights === true ? 2 : 1;
    if (names.length === leading) throw new MatrixError(`${tables[0]!.file} has ${String(names.length)} columns, expected the label, the weight and at least one feature.`);
    return { rows, names: names.slice(leading), columns: columns.slice(leading), label: columns[0]!, ...(options.weights === true ? { weight: columns[1]! } : {}) };
  });
}

interface Table {
  readonly file: string;
  readonly relation: string;
  /** The label's name first. */
  readonly names: readonly string[];
  readonly rows: number;
}

async function dataFiles(place: string): Promise<string[]> {
  if (!(await stat(place)).isDirectory()) return [place];
  const entries = await readdir(place, { withFileTypes: true, recursive: true });
  // A leading dot or underscore marks what is not data (`_SUCCESS`), as Spark and SageMaker have it.
  const data = entries.filter((entry) => entry.isFile() && !/^[._]/.test(entry.name));
  return data.map((entry) => path.join(entry.parentPath, entry.name)).toSorted();
}

async function openTable(db: DuckDb, file: string): Promise<Table> {
  const { format, compression } = await examineFile(file);
  if (format === 'jsonl' || compression !== 'none') throw new MatrixError(`${file} is ${compression === 'none' ? 'JSON lines' : `${compression}-compressed`}, expected Parquet, or CSV without a header, as the built-in XGBoost takes it.`);
  const relation = format === 'parquet' ? `read_parquet(${quoteText(file)})` : headerlessCsvRelation(file, (await firstCsvRecord(file, ',')).length);
  const described = await db.all<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${relation}`);
  const foreign = described.filter((column) => !/^(FLOAT|DOUBLE|DECIMAL.*|BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT))$/.test(column.column_type));
  if (foreign.length > 0) {
    throw new MatrixError(`${file}: ${foreign.map((column) => `'${column.column_name}' is ${column.column_type}`).join(', ')}, expected numbers only.`);
  }
  if (described.length < 2) throw new MatrixError(`${file} has ${String(described.length)} column, expected the label and at least one feature.`);
  const [count] = await db.all<{ rows: number }>(`SELECT count(*) AS rows FROM ${relation}`);
  return { file, relation, names: described.map((column) => column.column_name), rows: count?.rows ?? 0 };
}

async function fill(db: DuckDb, table: Table, columns: readonly Float32Array[], from: number): Promise<number> {
  const select = table.names.map((name) => `coalesce(CAST(${quoteName(name)} AS FLOAT), 'NaN'::FLOAT)`);
  let offset = from;
  for await (const chunk of db.stream(`SELECT ${select.join(', ')} FROM ${table.relation}`)) {
    const count = chunk.rowCount;
    columns.forEach((column, index) => {
      const vector = chunk.getColumnVector(index);
      for (let row = 0; row < count; row += 1) column[offset + row] = vector.getItem(row) as number;
    });
    offset += count;
  }
  return offset;
}
