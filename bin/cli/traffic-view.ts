import type { AbReport, Measure } from '../../model/evaluation/ab/report.ts';
import { describePlan, type RolloutPlan } from '../../model/spec/rollout-plan.ts';
import { percentText } from './rollout-run.ts';
import { count, type Terminal } from './terminal.ts';

/** What a target serves, and how its versions do beside each other. */
export interface TrafficReport {
  readonly target: string;
  /** ISO 8601: from when on the figures are. */
  readonly since: string;
  readonly versions: readonly {
    readonly version: string;
    readonly share: number;
    readonly requests: number;
    readonly errors: number;
    readonly meanLatencyMs: number | null;
    readonly p99LatencyMs: number | null;
  }[];
  readonly rollout?: { readonly id: string; readonly plan: RolloutPlan; readonly step: number; readonly startedAt: string };
  readonly ended?: { readonly version: string; readonly outcome: string; readonly at: string; readonly reason?: string };
  readonly withdrawn: readonly { readonly version: string; readonly at: string; readonly reason: string }[];
  readonly comparison?: AbReport;
}

/** Shows it to a person. */
export function showTraffic(terminal: Terminal, report: TrafficReport): void {
  const milliseconds = (value: number | null): string => (value === null ? '-' : `${value.toFixed(1)} ms`);
  terminal.line(`${terminal.style('bold', report.target)}  since ${report.since}`);
  for (const { version, share, requests, errors, meanLatencyMs, p99LatencyMs } of report.versions) {
    terminal.line(`  version ${version.padEnd(5)} ${percentText(share).padStart(7)}  ${count(requests)} requests, ${count(errors)} errors, latency ${milliseconds(meanLatencyMs)} (p99 ${milliseconds(p99LatencyMs)})`);
  }
  if (report.rollout !== undefined) terminal.line(`  being deployed: ${describePlan(report.rollout.plan)}, since ${report.rollout.startedAt} (${report.rollout.id})`);
  else if (report.ended !== undefined) terminal.line(terminal.style('dim', `  last deployment: version ${report.ended.version} ${report.ended.outcome} at ${report.ended.at}${report.ended.reason === undefined ? '' : `: ${report.ended.reason}`}`));
  for (const { version, at, reason } of report.withdrawn) terminal.line(terminal.style('dim', `  withdrawn: version ${version} at ${at}: ${reason}`));
  if (report.comparison !== undefined) showComparison(terminal, report.comparison);
}

function showComparison(terminal: Terminal, { confidence, measures, warnings }: AbReport): void {
  terminal.line();
  if (measures.length === 0) {
    terminal.line('No requests of both versions yet: nothing to compare.');
    return;
  }
  const interval = `${String(Math.round(confidence * 100))} % interval`;
  const rows = [['', 'stable', 'canary', 'difference', interval, 'p', 'needed each'], ...measures.map((measure) => cells(measure))];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const [index, row] of rows.entries()) {
    const line = row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ');
    terminal.line(index === 0 ? terminal.style('dim', line) : measures[index - 1]!.significant ? terminal.style('bold', `${line}  significant (${measures[index - 1]!.test})`) : `${line}  not significant (${measures[index - 1]!.test})`);
  }
  for (const { name, note } of measures) if (note !== undefined) terminal.line(terminal.style('dim', `  ${name}: ${note}`));
  terminal.line();
  for (const warning of warnings) terminal.line(terminal.style('dim', `  ${warning}`));
}

function cells({ name, unit, stable, canary, difference, low, high, p, needed }: Measure): string[] {
  const value = (figure: number): string => (unit === 'share' ? `${(figure * 100).toFixed(2)} %` : unit === 'ms' ? `${figure.toFixed(2)} ms` : figure.toPrecision(4));
  const signed = (figure: number): string => `${figure > 0 ? '+' : ''}${value(figure)}`;
  return [name, value(stable), value(canary), signed(difference), `${signed(low)} to ${signed(high)}`, p === null ? '-' : p < 0.001 ? '<0.001' : p.toFixed(3), needed === null ? '-' : count(needed)];
}
