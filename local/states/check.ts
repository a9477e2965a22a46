import type { QueryLanguage } from './definition.ts';
import type { DefinitionProblem } from './errors.ts';
import type { Json, JsonObject } from './types.ts';

/** Where the check of a definition stands, and where it puts what it finds. */
export interface Check {
  /** A JSON pointer. */
  readonly path: string;
  readonly language: QueryLanguage;
  readonly problems: DefinitionProblem[];
  /** Checks an inner flow. */
  readonly flow: (flow: JsonObject, check: Check) => void;
}

/** Notes a problem at a place, or at a field of it. */
export function report({ path, problems }: Check, field: string, message: string, notImplemented = false): void {
  problems.push({ path: field === '' ? path : `${path}/${field}`, message, ...(notImplemented ? { notImplemented } : {}) });
}

/** Checks that a transition leads to a state of the same flow. */
export function checkTarget(target: Json | undefined, field: string, check: Check, siblings: readonly string[]): void {
  if (target === undefined || (typeof target === 'string' && siblings.includes(target))) return;
  report(check, field, `${field} must name one of the states ${siblings.join(', ')}, found ${JSON.stringify(target)}`);
}
