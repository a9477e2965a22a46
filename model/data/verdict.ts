import type { CheckName, CheckSpec } from '../spec/check.ts';
import { checksFor } from '../spec/resolve-checks.ts';
import type { Finding } from './violations.ts';

/** What a violated check says: how bad it is, and the bound that was passed. */
export interface Verdict {
  readonly severity: Finding['severity'];
  readonly bound: number;
}

/** The strictest check of a kind that is violated, `undefined` where none is. @param isBeyond whether what was found is beyond a bound */
export function verdictOf(checks: readonly CheckSpec[], kind: CheckName, column: string | undefined, isBeyond: (bound: number) => boolean): Verdict | undefined {
  const [violated] = checksFor(checks, kind, column).filter((check) => isBeyond(check.bound ?? 0));
  return violated === undefined ? undefined : { severity: violated.level === 'fail' ? 'fail' : 'warn', bound: violated.bound ?? 0 };
}

/** How bad it is what a check without a bound found, `undefined` where the check is off. */
export function severityOf(checks: readonly CheckSpec[], kind: CheckName, column?: string): Finding['severity'] | undefined {
  return verdictOf(checks, kind, column, () => true)?.severity;
}
