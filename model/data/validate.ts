import type { CheckSpec } from '../spec/check.ts';
import type { DatasetSpec } from '../spec/dataset.ts';
import { checksFor } from '../spec/resolve-checks.ts';
import type { Baseline } from './baseline.ts';
import { checkDataset } from './checks.ts';
import { countDistributions } from './distribution.ts';
import { checkDrift } from './drift.ts';
import { withDuckDb } from './duckdb.ts';
import type { DuckDb } from './duckdb.ts';
import { duplicateShare } from './duplicates.ts';
import type { DataFiles } from './files.ts';
import type { DataFormat } from './format.ts';
import { checkLeakage } from './leakage.ts';
import { profileDataset } from './profile.ts';
import { buildReport, orUnreadable } from './report.ts';
import type { Reported } from './report.ts';
import { openSources } from './sources.ts';
import { openTable } from './typed-table.ts';
import { severityOf } from './verdict.ts';
import type { Finding } from './violations.ts';
import type { ValidationReport } from './validation-report.ts';

/** What is to be validated, and against what. */
export interface ValidateOptions {
  readonly file: DataFiles;
  /** @default - by the file's content and name */
  readonly format?: DataFormat;
  readonly schema: DatasetSpec;
  /** What is checked, and what is done about it: all of it, since what is not here is not checked. */
  readonly checks: readonly CheckSpec[];
  /** Larger files are refused unread. @default - no bound */
  readonly maximumBytes?: number;
  /** An earlier dataset to compare with, or why it cannot be compared with. @default - none, nothing is compared */
  readonly baseline?: Baseline | { readonly unusable: string };
  readonly memoryMb: number;
  /** @default - one per core */
  readonly threads?: number;
  /** Where DuckDB may spill to. @default - the system's folder for temporary files */
  readonly temporaryFolder?: string;
}

/** Profiles a dataset and checks it against its declaration. Bad data is a report, never an exception. */
export async function validateDataset(options: ValidateOptions): Promise<ValidationReport> {
  return buildReport(await orUnreadable(options, (bytes) => withDuckDb({ ...options, keepOrder: false }, (db) => validate(db, options, bytes))));
}

async function validate(db: DuckDb, options: ValidateOptions, bytes: number): Promise<Reported> {
  const { schema, checks, baseline } = options;
  const { sources, findings: opened } = await openSources(db, { ...options, badRows: 'keepAside' });
  const table = await openTable(db, sources, schema);
  const profile = await profileDataset(db, table, schema);
  const distributions = await countDistributions(db, table, profile);
  const duplicates = await duplicateShare(db, table, profile.rows);
  const findings = [
    ...opened,
    ...table.rejected,
    ...checkDataset({ schema, sources, profile, duplicates, checks }),
    ...(baseline === undefined ? [] : 'unusable' in baseline ? notCompared(baseline.unusable, checks) : await checkDrift(db, table, profile, distributions, baseline, checks)),
    ...(profile.label === undefined ? [] : await checkLeakage(db, table, schema, profile.rows, checks)),
  ];
  const maximumDistance = checksFor(checks, 'drift')[0]?.bound;
  return { schema, bytes, profile, duplicates, distributions, findings, ...(maximumDistance === undefined ? {} : { maximumDistance }) };
}

function notCompared(description: string, checks: readonly CheckSpec[]): Finding[] {
  const severity = severityOf(checks, 'drift');
  return severity === undefined ? [] : [{ severity, check: 'baseline_drift_check', description }];
}
