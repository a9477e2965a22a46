import { brokenContent } from './broken.ts';
import { buildConstraints } from './constraints.ts';
import type { ColumnDistribution } from './distribution.ts';
import { examineFile, UnreadableFile } from './format.ts';
import type { DataFormat } from './format.ts';
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
}

/** The report of what was found. */
export function buildReport({ schema, bytes, profile, duplicates, distributions, findings }: Reported): ValidationReport {
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

/** Reads a file; where its content makes that impossible, the reason comes as a report of no rows. @throws what is no verdict on the data */
export async function orUnreadable(
  { file, format, maximumBytes = Infinity }: { readonly file: string; readonly format?: DataFormat; readonly maximumBytes?: number },
  read: () => Promise<Reported>,
): Promise<Reported> {
  let bytes = 0;
  try {
    ({ bytes } = await examineFile(file, format));
    if (bytes > maximumBytes) {
      throw new UnreadableFile(`The file has ${bytes.toLocaleString('en-US')} bytes, expected at most ${maximumBytes.toLocaleString('en-US')}: raise the pipeline's data bound, which sizes memory and disk.`);
    }
    return await read();
  } catch (error) {
    const description = error instanceof UnreadableFile ? error.message : brokenContent(error, file);
    if (description === undefined) throw error;
    return { schema: { columns: [] }, bytes, profile: { rows: 0, columns: [] }, duplicates: 0, distributions: new Map(), findings: [{ severity: 'fail', check: 'data_type_check', description }] };
  }
}
