import type { DatasetSpec } from '../spec/dataset.ts';
import { maximumClasses } from './classes.ts';
import type { BinaryLabelProfile, ClassLabelProfile, LabelProfile, NumberLabelProfile } from './label-profile.ts';
import type { Finding } from './violations.ts';
import { count, percent, quoted, share } from './words.ts';

/** A label missing in more rows than this is no label. */
const maximumUnknownShare = 0.5;
/** A class of a binary label with a smaller share than this is worth a warning. */
const rareClassShare = 0.01;
/** A class of several with fewer rows than this is: split in three, it can hardly be both learned and judged. */
const handfulOfRows = 5;
/** Classes named in a message at most. */
const shownClasses = 10;

/** What is wrong with the label, as far as a model could not be trained on it or not be judged by it. */
export function checkLabel(schema: DatasetSpec, label: LabelProfile, rows: number): Finding[] {
  const unknown = finding(schema, 'fail', 'completeness_check', `the label is unknown in ${share(label.unknown, rows)} of the rows, expected at most ${percent(maximumUnknownShare)}.`);
  return [...(label.unknown / rows > maximumUnknownShare ? [unknown] : []), ...checkValues(schema, label, rows)];
}

function checkValues(schema: DatasetSpec, label: LabelProfile, rows: number): Finding[] {
  switch (label.task) {
    case 'binary':
      return checkBinary(schema, label, rows);
    case 'multiclass':
      return checkClasses(schema, label);
    case 'regression':
      return checkNumber(schema, label);
  }
}

function checkBinary(schema: DatasetSpec, { positives, negatives, foreign }: BinaryLabelProfile, rows: number): Finding[] {
  const { column, kind, threshold } = schema.label;
  const known = positives + negatives;
  const findings: Finding[] = [];
  if (foreign > 0) findings.push(finding(schema, 'fail', 'categorical_values_check', `the label is neither 0 nor 1 in ${share(foreign, rows)} of the rows.`));
  if (known > 0 && (positives === 0 || negatives === 0)) {
    const above = kind === 'above' ? ` (1 where '${column}' is above ${String(threshold)})` : '';
    findings.push(constant(schema, `${positives === 0 ? '0' : '1'} in all ${count(known)} rows that have one${above}. A model cannot learn from one class.`));
  } else if (known > 0 && Math.min(positives, negatives) / known < rareClassShare) {
    const rare = Math.min(positives, negatives);
    findings.push(finding(schema, 'warn', 'categorical_values_check', `the classes are unbalanced: ${share(rare, known)} of the labels are ${positives < negatives ? '1' : '0'}.`));
  }
  return findings;
}

function checkClasses(schema: DatasetSpec, { classes, distinct, known }: ClassLabelProfile): Finding[] {
  if (distinct === 1) return [constant(schema, `'${classes[0]!.value}' in all ${count(known)} rows that have one. A model cannot learn from one class.`)];
  if (distinct > maximumClasses) {
    const such = quoted(classes.slice(0, 3).map(({ value }) => value));
    return [finding(schema, 'fail', 'categorical_values_check', `the label has ${count(distinct)} classes, such as ${such}, expected at most ${String(maximumClasses)}. Is it a number, to be declared by Label.number, or an identifier?`)];
  }
  const rare = classes.filter((one) => one.count < handfulOfRows);
  if (rare.length === 0) return [];
  const named = rare.slice(0, shownClasses).map((one) => `'${one.value}' (${String(one.count)})`);
  const more = rare.length > shownClasses ? ` and ${String(rare.length - shownClasses)} more` : '';
  const which = `${String(rare.length)} of ${String(distinct)} classes ${rare.length === 1 ? 'has' : 'have'} fewer than ${String(handfulOfRows)} rows: ${named.join(', ')}${more}`;
  return [finding(schema, 'warn', 'categorical_values_check', `${which}. Such a class may be missing in a part of the split, where it can be neither learned nor judged.`)];
}

/** Infinite numbers are found with the other values outside their column's range. */
function checkNumber(schema: DatasetSpec, { known, minimum, maximum }: NumberLabelProfile): Finding[] {
  return known > 0 && minimum === maximum ? [constant(schema, `${String(minimum)} in all ${count(known)} rows that have one. There is nothing to learn.`)] : [];
}

function constant(schema: DatasetSpec, what: string): Finding {
  return finding(schema, 'fail', 'categorical_values_check', `the label is constant: ${what}`);
}

function finding(schema: DatasetSpec, severity: Finding['severity'], check: Finding['check'], description: string): Finding {
  return { severity, column: schema.label.column, check, description };
}
