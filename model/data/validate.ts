import path from 'node:path';
import type { DatasetSpec } from '../spec/dataset.ts';
import type { Baseline } from './baseline.ts';
import { checkDataset } from './checks.ts';
import type { DatasetLimits } from './checks.ts';
import { buildConstraints } from './constraints.ts';
import type { Constraints } from './constraints.ts';
import { countDistributions } from './distribution.ts';
import { checkDrift } from './drift.ts';
import { withDuckDb } from './duckdb.ts';
import type { DuckDb } from './duckdb.ts';
import { duplicateShare } from './duplicates.ts';
import { examineFile, UnreadableFile } from './format.ts';
import type { DataFormat } from './format.ts';
import type { LabelProfile } from './label-profile.ts';
import { profileDataset } from './profile.ts';
import type { ColumnProfile, DatasetProfile } from './profile.ts';
import { openSource } from './source.ts';
import { buildStatistics } from './statistics.ts';
import type { Statistics } from './statistics.ts';
import { openTable } from './typed-table.ts';
import { toSentence, toViolations } from './violations.ts';
import type { ConstraintViolations, Finding } from './violations.ts';

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
  readonly memoryMb: number;
  /** @default - one per core */
  readonly threads?: number;
  /** Where DuckDB may spill to. @default - the system's folder for temporary files */
  readonly temporaryFolder?: string;
}

/** What a dataset is like, and whether it may be trained on. */
export interface ValidationReport {
  readonly rows: number;
  readonly bytes: number;
  readonly columns: readonly ColumnProfile[];
  readonly label?: LabelProfile;
  /** The share of rows that repeat another. */
  readonly duplicates: number;
  readonly statistics: Statistics;
  readonly constraints: Constraints;
  readonly violations: ConstraintViolations;
  readonly passed: boolean;
  /** Every reason why the dataset is refused, each a sentence; empty where it passed. */
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
}

/** Profiles a file and checks it against its declaration. Bad data is a report, never an exception. */
export async function validateDataset(options: ValidateOptions): Promise<ValidationReport> {
  const { file, schema, limits } = options;
  let bytes = 0;
  try {
    ({ bytes } = await examineFile(file, options.format));
    if (bytes > limits.maximumBytes) {
      throw new UnreadableFile(`The file has ${bytes.toLocaleString('en-US')} bytes, expected at most ${limits.maximumBytes.toLocaleString('en-US')}: raise the pipeline's data bound, which sizes memory and disk.`);
    }
    return await withDuckDb({ ...options, keepOrder: false }, (db) => validate(db, options));
  } catch (error) {
    const reason = error instanceof UnreadableFile ? error.message : brokenContent(error, file);
    if (reason === undefined) throw error;
    return report(schema, bytes, { rows: 0, columns: [] }, 0, new Map(), [{ severity: 'fail', check: 'data_type_check', description: reason }]);
  }
}

async function validate(db: DuckDb, options: ValidateOptions): Promise<ValidationReport> {
  const { schema, limits } = options;
  const source = await openSource(db, { ...options, maximumBytes: limits.maximumBytes, badRows: 'keepAside' });
  const table = await openTable(db, source, schema);
  const profile = await profileDataset(db, table, schema);
  const distributions = await countDistributions(db, table, profile);
  const duplicates = await duplicateShare(db, table, profile.rows);
  const { baseline, drift = 'warn' } = options;
  const findings = [
    ...table.rejected,
    ...checkDataset(schema, source.found, profile, duplicates, limits),
    ...(baseline === undefined || drift === 'off' ? [] : await checkDrift(db, table, profile, distributions, baseline, drift)),
  ];
  return report(schema, source.bytes, profile, duplicates, distributions, findings);
}

function report(
  schema: DatasetSpec,
  bytes: number,
  profile: DatasetProfile,
  duplicates: number,
  distributions: Awaited<ReturnType<typeof countDistributions>>,
  findings: readonly Finding[],
): ValidationReport {
  const reasons = findings.filter((finding) => finding.severity === 'fail').map(toSentence);
  return {
    ...profile,
    bytes,
    duplicates,
    statistics: buildStatistics(profile, distributions),
    constraints: buildConstraints(schema, profile, distributions),
    violations: toViolations(findings),
    passed: reasons.length === 0,
    reasons,
    warnings: findings.filter((finding) => finding.severity === 'warn').map(toSentence),
  };
}

/** DuckDB's errors that speak of the file's content. Others (memory, a wrong query of ours) are no verdict on the data. */
const contentErrors = /^(Invalid Input|IO|Conversion|Invalid|Serialization|Not implemented|TProtocol\w*|Out of Range) Error: /;

function brokenContent(error: unknown, file: string): string | undefined {
  if (!(error instanceof Error) || !contentErrors.test(error.message)) return undefined;
  const [firstLine = ''] = error.message.replace(contentErrors, '').replaceAll(file, path.basename(file)).split('\n');
  return `The file cannot be read: ${firstLine.replace(/\.?$/, '.')} It is broken or incomplete; upload it again.`;
}
