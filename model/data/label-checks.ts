import type { CheckSpec } from '../spec/check.ts';
import type { DatasetSpec } from '../spec/dataset.ts';
import { maximumClasses } from './classes.ts';
import type { ValueCount } from './column-profile.ts';
import type { BinaryLabelProfile, ClassLabelProfile, LabelProfile, NumberLabelProfile } from './label-profile.ts';
import { severityOf, verdictOf } from './verdict.ts';
import type { Finding } from './violations.ts';
import { count, percent, quoted, share } from './words.ts';

/** Classes named in a message at most. */
const shownClasses = 10;

/** What is wrong with the label, as far as a model could not be trained on it or not be judged by it. */
export function checkLabel(schema: DatasetSpec, label: LabelProfile, rows: number, checks: readonly CheckSpec[]): Finding[] {
  const unknown = verdictOf(checks, 'missingLabels', undefined, (bound) => label.unknown / rows > bound);
  return [
    ...(unknown === undefined ? [] : [finding(schema, unknown.severity, 'completeness_check', `the label is unknown in ${share(label.unknown, rows)} of the rows, expected at most ${percent(unknown.bound)}.`)]),
    ...checkValues(schema, label, rows, checks),
  ];
}

function checkValues(schema: DatasetSpec, label: LabelProfile, rows: number, checks: readonly CheckSpec[]): Finding[] {
  switch (label.task) {
    case 'binary':
      return checkBinary(schema, label, rows, checks);
    case 'multiclass':
      return checkClasses(schema, label, checks);
    case 'regression':
      return checkNumber(schema, label, checks);
  }
}

function checkBinary(schema: DatasetSpec, { positives, negatives, foreign }: BinaryLabelProfile, rows: number, checks: readonly CheckSpec[]): Finding[] {
  const { column, kind, threshold } = schema.label;
  const known = positives + negatives;
  // Not a matter of bounds: such a label cannot be trained on.
  const others = foreign === 0 ? [] : [finding(schema, 'fail', 'categorical_values_check', `the label is neither 0 nor 1 in ${share(foreign, rows)} of the rows.`)];
  if (known === 0) return others;
  if (positives > 0 && negatives > 0) return [...others, ...checkRare(schema, [{ value: '0', count: negatives }, { value: '1', count: positives }], known, checks)];
  const above = kind === 'above' ? ` (1 where '${column}' is above ${String(threshold)})` : '';
  return [...others, ...constant(schema, `${positives === 0 ? '0' : '1'} in all ${count(known)} rows that have one${above}. A model cannot learn from one class.`, checks)];
}

function checkClasses(schema: DatasetSpec, { classes, distinct, known }: ClassLabelProfile, checks: readonly CheckSpec[]): Finding[] {
  if (distinct === 1) return constant(schema, `'${classes[0]!.value}' in all ${count(known)} rows that have one. A model cannot learn from one class.`, checks);
  if (distinct > maximumClasses) {
    const such = quoted(classes.slice(0, 3).map(({ value }) => value));
    return [finding(schema, 'fail', 'categorical_values_check', `the label has ${count(distinct)} classes, such as ${such}, expected at most ${String(maximumClasses)}. Is it a number, to be declared by Label.number, or an identifier?`)];
  }
  return checkRare(schema, classes, known, checks);
}

/** Classes with few rows, and of the others those with a small share. */
function checkRare(schema: DatasetSpec, classes: readonly ValueCount[], known: number, checks: readonly CheckSpec[]): Finding[] {
  const findings: Finding[] = [];
  const smallest = Math.min(...classes.map((one) => one.count));
  const few = verdictOf(checks, 'classRows', undefined, (bound) => smallest < bound);
  if (few !== undefined) {
    const which = named(classes, classes.filter((one) => one.count < few.bound), `fewer than ${count(few.bound)} rows`, (one) => count(one.count));
    findings.push(finding(schema, few.severity, 'categorical_values_check', `${which}. Such a class may be missing in a part of the split, where it can be neither learned nor judged.`));
  }
  const enough = classes.filter((one) => few === undefined || one.count >= few.bound);
  const rare = verdictOf(checks, 'classBalance', undefined, (bound) => enough.some((one) => one.count / known < bound));
  if (rare !== undefined) {
    const which = named(classes, enough.filter((one) => one.count / known < rare.bound), `less than ${percent(rare.bound)} of the labels`, (one) => percent(one.count / known));
    findings.push(finding(schema, rare.severity, 'categorical_values_check', `the classes are unbalanced: ${which}.`));
  }
  return findings;
}

function named(all: readonly ValueCount[], some: readonly ValueCount[], what: string, figure: (one: ValueCount) => string): string {
  const shown = some.slice(0, shownClasses).map((one) => `'${one.value}' (${figure(one)})`);
  const more = some.length > shownClasses ? ` and ${String(some.length - shownClasses)} more` : '';
  return `${String(some.length)} of ${String(all.length)} classes ${some.length === 1 ? 'has' : 'have'} ${what}: ${shown.join(', ')}${more}`;
}

/** Infinite numbers are found with the other values outside their column's range. */
function checkNumber(schema: DatasetSpec, { known, minimum, maximum }: NumberLabelProfile, checks: readonly CheckSpec[]): Finding[] {
  return known > 0 && minimum === maximum ? constant(schema, `${String(minimum)} in all ${count(known)} rows that have one. There is nothing to learn.`, checks) : [];
}

function constant(schema: DatasetSpec, what: string, checks: readonly CheckSpec[]): Finding[] {
  const severity = severityOf(checks, 'constantLabel');
  return severity === undefined ? [] : [finding(schema, severity, 'categorical_values_check', `the label is constant: ${what}`)];
}

function finding(schema: DatasetSpec, severity: Finding['severity'], check: Finding['check'], description: string): Finding {
  return { severity, column: schema.label.column, check, description };
}
