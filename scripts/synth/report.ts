import type { CheckResult } from './finding.ts';

/** The findings, then a table of the checks. */
export function renderReport(results: readonly CheckResult[]): string {
  const findings = results.flatMap((result) => result.findings);
  const lines = findings.map(({ check, where, message }) => `✗ ${check}: ${where}\n    ${message}`);
  const rows = results.map(({ check, looked, findings: { length }, skipped }) => [
    skipped === undefined ? (length === 0 ? 'ok' : 'FAILED') : 'skipped',
    check,
    skipped ?? (length === 0 ? looked : `${looked}: ${String(length)} findings`),
  ]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return [...lines, '', ...rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())].join('\n');
}
