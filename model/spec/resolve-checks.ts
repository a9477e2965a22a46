import type { CheckName, CheckSpec } from './check.ts';
import { defaultChecks } from './check.ts';
import type { DatasetSpec } from './dataset.ts';

/** Every check with its level and bound: what is declared, and the defaults of each kind for which nothing is declared for all columns. */
export function resolveChecks(declared: readonly CheckSpec[]): CheckSpec[] {
  const general = new Set(declared.filter((check) => check.columns === undefined).map((check) => check.check));
  return [...defaultChecks.filter((check) => !general.has(check.check)), ...declared];
}

/** The checks of a kind that hold for a column (or, without one, for the dataset), the strictest level first; none where they are off. */
export function checksFor(checks: readonly CheckSpec[], kind: CheckName, column?: string): CheckSpec[] {
  const ofKind = checks.filter((check) => check.check === kind);
  const own = ofKind.filter((check) => column !== undefined && check.columns?.includes(column) === true);
  const holding = own.length > 0 ? own : ofKind.filter((check) => check.columns === undefined);
  return holding.filter((check) => check.level !== 'off').toSorted((a, b) => Number(a.level === 'warn') - Number(b.level === 'warn'));
}

/** Everything that is wrong with the checks of a dataset, a sentence each. */
export function checkChecks(dataset: DatasetSpec, checks: readonly CheckSpec[]): string[] {
  const names = dataset.columns.map((column) => column.name);
  const unknown = checks.flatMap(({ check, columns = [] }) =>
    // A column that is not declared is just what extraColumns is about.
    check === 'extraColumns' ? [] : columns.filter((column) => !names.includes(column)).map((column) => `DataCheck.${check} names the column '${column}', expected one of ${names.join(', ')}.`));
  const places = checks.flatMap(({ check, level, columns }) => (columns ?? ['']).map((column) => ({ level, place: `DataCheck.${check}${column === '' ? '' : ` of '${column}'`}` })));
  const clashes = [...Map.groupBy(places, ({ place }) => place)].flatMap(([place, found]) => {
    const levels = found.map(({ level }) => level);
    if (new Set(levels).size < levels.length) return [`${place} is declared twice at the level ${levels.find((level, index) => levels.indexOf(level) !== index)!}, expected once.`];
    return levels.includes('off') && levels.length > 1 ? [`${place} is off and ${levels.find((level) => level !== 'off')!} at once, expected one of them.`] : [];
  });
  return [...unknown, ...clashes];
}
