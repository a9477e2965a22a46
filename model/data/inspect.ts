import type { ColumnSpec } from '../spec/dataset.ts';
import { countDistributions } from './distribution.ts';
import { withDuckDb } from './duckdb.ts';
import type { DuckDb, DuckDbOptions } from './duckdb.ts';
import { duplicateShare } from './duplicates.ts';
import type { DataFormat } from './format.ts';
import { inferColumns } from './infer.ts';
import { profileColumns } from './profile.ts';
import { buildReport, orUnreadable } from './report.ts';
import type { Reported } from './report.ts';
import { openSource } from './source.ts';
import { openTable } from './typed-table.ts';
import type { ValidationReport } from './validation-report.ts';

/** What is to be inspected. */
export interface InspectOptions extends Pick<DuckDbOptions, 'memoryMb' | 'threads' | 'temporaryFolder'> {
  readonly file: string;
  /** @default - by the file's content and name */
  readonly format?: DataFormat;
}

/** What a file is like of which nothing is declared. It is refused only where it, or a row of it, cannot be read. */
export interface InspectionReport extends ValidationReport {
  /** How its columns may be declared. */
  readonly inferred: readonly ColumnSpec[];
}

/** Profiles a file without a declaration: infers the types of its columns. A file that cannot be read is a report, never an exception. */
export async function inspectFile(options: InspectOptions): Promise<InspectionReport> {
  const inspected = await orUnreadable(options, (bytes) => withDuckDb({ ...options, keepOrder: false }, (db) => inspect(db, options, bytes)));
  return { ...buildReport(inspected), inferred: inspected.schema.columns };
}

async function inspect(db: DuckDb, options: InspectOptions, bytes: number): Promise<Reported> {
  const source = await openSource(db, { ...options, schema: { columns: [] }, badRows: 'keepAside' });
  const { columns, findings } = await inferColumns(db, source);
  const table = await openTable(db, [source], { columns });
  const profile = await profileColumns(db, table);
  const distributions = await countDistributions(db, table, profile);
  const duplicates = await duplicateShare(db, table, profile.rows);
  const inferred = columns.map((column, index): ColumnSpec => ({ ...column, nullable: profile.columns[index]!.missing > 0 }));
  return { schema: { columns: inferred }, bytes, profile, duplicates, distributions, findings: [...source.findings, ...table.rejected, ...findings] };
}
