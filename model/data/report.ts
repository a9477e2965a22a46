import { brokenContent } from './broken.ts';
import { buildConstraints } from './constraints.ts';
import type { ColumnDistribution } from './distribution.ts';
import { listFiles, sizeOfFiles } from './files.ts';
import type { DataFiles } from './files.ts';
import { UnreadableFile } from './format.ts';
import type { DatasetProfile } from './profile.ts';
import type { Columns } from './source.ts';
import { buildStatistics } from './statistics.ts';
import type { ValidationReport } from './validation-report.ts';
import { toSentence, toViolations } from './violations.ts';
import type { Finding } from './violations.ts';

/** What a report is made of. */
export interface Reported {
  readonly schema: Columns;
  readonly bytes: number;
  readonly profile: DatasetProfile;
  readonly duplicates: number;
  readonly distributions: ReadonlyMap<string, ColumnDistribution>;
  readonly findings: readonly Finding[];
  /** How far a column's distribution may move away from this one. @default - as far as where nothing is declared */
  readonly maximumDistance?: number;
}

/** The report of what was found. */
export function buildReport({ schema, bytes, profile, duplicates, distributions, findings, maximumDistance }: Reported): ValidationReport {
  const reasons = findings.filter((finding) => finding.severity === 'fail').map(toSentence);
  return {
    ...profile,
    bytes,
    duplicates,
    statistics: buildStatistics(profile, distributions),
    constraints: buildConstraints(schema, profile, distributions, maximumDistance),
    violations: toViolations(findings),
    passed: reasons.length === 0,
    reasons,
    warnings: findings.filter((finding) => finding.severity === 'warn').map(toSentence),
  };
}

/** Reads a dataset; where its content makes that impossible, the reason comes as a report of no rows. @throws what is no verdict on the data */
export async function orUnreadable({ file, maximumBytes = Infinity }: { readonly file: DataFiles; readonly maximumBytes?: number }, read: (bytes: number) => Promise<Reported>): Promise<Reported> {
  const bytes = await sizeOfFiles(file);
  try {
    if (bytes > maximumBytes) {
      const what = listFiles(file).length === 1 ? 'The file has' : `The ${String(listFiles(file).length)} files have`;
      throw new UnreadableFile(`${what} ${bytes.toLocaleString('en-US')} bytes, expected at most ${maximumBytes.toLocaleString('en-US')}: raise the pipeline's data bound, which sizes memory and disk.`);
    }
    return await read(bytes);
  } catch (error) {
    const description = error instanceof UnreadableFile ? error.message : brokenContent(error, file);
    if (description === undefined) throw error;
    return { schema: { columns: [] }, bytes, profile: { rows: 0, columns: [] }, duplicates: 0, distributions: new Map(), findings: [{ severity: 'fail', check: 'data_type_check', description }] };
  }
}
