import type { Verdict } from './score.ts';

/** How many of how many passed; what was skipped counts in neither. */
export interface Tally {
  readonly passed: number;
  readonly total: number;
}

/** Cases, and tests, which pass when all their cases do. */
export interface Tallies {
  readonly cases: Tally;
  readonly tests: Tally;
}

/** The score of a file of recordings. */
export interface Summary extends Tallies {
  /** Cases that need what the interpreter does not do yet, or that the recording does not tell enough of. */
  readonly skipped: number;
  readonly byQueryLanguage: { readonly JSONPath: Tallies; readonly JSONata: Tallies };
}

/** Adds up verdicts. */
export function summarise(verdicts: readonly Verdict[]): Summary {
  const inLanguage = (language: Verdict['language']): Tallies => talliesOf(verdicts.filter((verdict) => verdict.language === language));
  return {
    ...talliesOf(verdicts),
    skipped: verdicts.filter(({ outcome }) => outcome === 'skipped').length,
    byQueryLanguage: { JSONPath: inLanguage('JSONPath'), JSONata: inLanguage('JSONata') },
  };
}

function talliesOf(verdicts: readonly Verdict[]): Tallies {
  const scored = verdicts.filter(({ outcome }) => outcome !== 'skipped');
  const tests = [...Map.groupBy(scored, ({ test }) => test).values()];
  return {
    cases: { passed: scored.filter(({ outcome }) => outcome === 'passed').length, total: scored.length },
    tests: { passed: tests.filter((cases) => cases.every(({ outcome }) => outcome === 'passed')).length, total: tests.length },
  };
}
