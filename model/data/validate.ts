import type { ValidationReport } from './validation-report.ts';
import type { DatasetSpec } from '../spec/dataset.ts';
import type { Baseline } from './baseline.ts';
import { checkDataset } from './checks.ts';
import type { DatasetLimits } from './checks.ts';
import { countDistributions } from './distribution.ts';
import { checkDrift } from './drift.ts';
import { withDuckDb } from './duckdb.ts';
import type { DuckDb } from './duckdb.ts';
import { duplicateShare } from './duplicates.ts';
import type { DataFormat } from './format.ts';
import { profileDataset } from './profile.ts';
import { buildReport, orUnreadable } from './report.ts';
import type { Reported } from './report.ts';
import { checkLeakage } from './leakage.ts';
import { openSource } from './source.ts';
import { openTable } from './typed-table.ts';

/** What a finding of a check does: nothing, for the check is left out; a warning; or the dataset is refused. */
export type CheckLevel = 'off' | 'warn' | 'fail';

/** What is to be validated, and against what. */
export interface ValidateOptions {
  readonly file: string;
  /** @default - by the file's content and name */
  readonly format?: DataFormat;
  readonly schema: DatasetSpec;
  readonly limits: DatasetLimits;
  /** An earlier dataset to compare with. @default - none, nothing is compared */
  readonly baseline?: Baseline;
  /** What a distribution other than the baseline's does. @default 'warn' */
  readonly drift?: CheckLevel;
  /** What a column does that alone nearly tells the label. @default 'warn' */
  readonly leakage?: CheckLevel;
  readonly memoryMb: number;
  /** @default - one per core */
  readonly threads?: number;
  /** Where DuckDB may spill to. @default - the system's folder for temporary files */
  readonly temporaryFolder?: string;
}

/** Profiles a file and checks it against its declaration. Bad data is a report, never an exception. */
export async function validateDataset(options: ValidateOptions): Promise<ValidationReport> {
  const { maximumBytes } = options.limits;
  return buildReport(await orUnreadable({ ...options, maximumBytes }, () => withDuckDb({ ...options, keepOrder: false }, (db) => validate(db, options))));
}

async function validate(db: DuckDb, options: ValidateOptions): Promise<Reported> {
  const { schema, limits, baseline, drift = 'warn', leakage = 'warn' } = options;
  const source = await openSource(db, { ...options, maximumBytes: limits.maximumBytes, badRows: 'keepAside' });
  const table = await openTable(db, source, schema);
  const profile = await profileDataset(db, table, schema);
  const distributions = await countDistributions(db, table, profile);
  const duplicates = await duplicateShare(db, table, profile.rows);
  const findings = [
    ...source.findings,
    ...table.rejected,
    ...checkDataset(schema, source.found, profile, duplicates, limits),
    ...(baseline === undefined || drift === 'off' ? [] : await checkDrift(db, table, profile, distributions, baseline, drift)),
    ...(profile.label === undefined || leakage === 'off' ? [] : await checkLeakage(db, table, schema, profile.rows, leakage)),
  ];
  return { schema, bytes: source.bytes, profile, duplicates, distributions, findings };
}
