import type { CheckSpec } from '../spec/check.ts';
import type { DatasetSpec } from '../spec/dataset.ts';
import { checkMissing, checkOutside, checkTypes } from './column-checks.ts';
import { checkLabel } from './label-checks.ts';
import type { DatasetProfile } from './profile.ts';
import { checkColumns } from './schema-checks.ts';
import type { DataSource } from './source.ts';
import { verdictOf } from './verdict.ts';
import type { Finding } from './violations.ts';
import { count, percent } from './words.ts';

/** What a dataset is checked by. */
export interface CheckedDataset {
  readonly schema: DatasetSpec;
  readonly sources: readonly DataSource[];
  readonly profile: DatasetProfile;
  /** The share of rows that repeat another. */
  readonly duplicates: number;
  readonly checks: readonly CheckSpec[];
}

/** Every check of a profile against its declaration; all findings, not the first. */
export function checkDataset({ schema, sources, profile, duplicates, checks }: CheckedDataset): Finding[] {
  return [
    ...checkColumns(schema, sources, checks),
    ...profile.columns.flatMap((column) => {
      const declared = schema.columns.find((candidate) => candidate.name === column.name)!;
      return [...checkTypes(declared, column, profile.rows, checks), ...checkMissing(declared, column, profile.rows, checks), ...checkOutside(declared, column, checks)];
    }),
    ...(profile.label === undefined || profile.rows === 0 ? [] : checkLabel(schema, profile.label, profile.rows, checks)),
    ...checkRows(profile.rows, duplicates, sources.length, checks),
  ];
}

function checkRows(rows: number, duplicates: number, files: number, checks: readonly CheckSpec[]): Finding[] {
  const findings: Finding[] = [];
  const few = verdictOf(checks, 'rows', undefined, (bound) => rows < bound);
  if (few !== undefined) {
    const what = files === 1 ? 'The file has' : `The ${count(files)} files have`;
    findings.push({ severity: few.severity, check: 'completeness_check', description: `${what} ${count(rows)} rows, expected at least ${count(few.bound)}.` });
  }
  const repeated = verdictOf(checks, 'duplicates', undefined, (bound) => duplicates > bound);
  if (repeated !== undefined) {
    findings.push({ severity: repeated.severity, check: 'data_type_check', description: `${percent(duplicates)} of the rows repeat another one in every column, expected at most ${percent(repeated.bound)}.` });
  }
  return findings;
}
