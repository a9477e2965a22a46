import type { ColumnSpec, ColumnType, DatasetSpec } from './dataset.ts';
import { DeclarationError } from './errors.ts';

/** A column of the data as a feature of a SageMaker feature group. */
export interface GroupFeature {
  readonly column: string;
  /** The column's name in the letters that Feature Store takes. */
  readonly name: string;
  readonly type: 'Integral' | 'Fractional' | 'String';
}

/** What of the data goes into a feature group, as JSON: what travels from the template to the handler. */
export interface FeatureGroupSpec {
  /** The column whose value tells records apart. */
  readonly recordIdentifier: string;
  /** The column that says when a record came to be. */
  readonly eventTime: string;
  readonly features: readonly GroupFeature[];
}

/** What of a dataset goes into a feature group. */
export interface FeatureGroupColumns {
  readonly recordIdentifier: string;
  readonly eventTime: string;
  /** @default - all but the label's */
  readonly columns?: readonly string[];
}

/** Feature Store's bounds: https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-quotas.html */
const longestName = 64;
const mostFeatures = 2500;
const reservedNames = ['is_deleted', 'write_time', 'api_invocation_time'];

/** What each type of column is in Feature Store, which knows no booleans and no times. */
const featureTypes: Readonly<Record<ColumnType, GroupFeature['type']>> = { number: 'Fractional', integer: 'Integral', boolean: 'Integral', string: 'String', timestamp: 'String' };

/**
 * A column's name in the letters that Feature Store takes: letters and digits, with `-` and `_` between them. The names of a file of the
 * offline store are taken in lower case by whoever asks for them by SQL, so two names that differ in that alone are refused.
 */
export function groupFeatureName(column: string): string {
  return column.replaceAll(/[^A-Za-z0-9_-]/g, '_').replaceAll(/^[_-]+|[_-]+$/g, '');
}

/**
 * The feature group of a dataset.
 * @throws DeclarationError that names everything that Feature Store would refuse
 */
export function featureGroupSpec(dataset: DatasetSpec, { recordIdentifier, eventTime, columns }: FeatureGroupColumns): FeatureGroupSpec {
  const given = columns ?? dataset.columns.map(({ name }) => name).filter((name) => name !== dataset.label.column || name === eventTime);
  const chosen = [...new Set([recordIdentifier, eventTime, ...given])];
  const known = new Map(dataset.columns.map((column) => [column.name, column]));
  const failures: string[] = [];
  const missing = chosen.filter((name) => !known.has(name));
  if (missing.length > 0) failures.push(`there is no column ${missing.map((name) => `'${name}'`).join(', ')}, expected some of ${[...known.keys()].join(', ')}.`);
  const found = chosen.flatMap((name) => known.get(name) ?? []);
  failures.push(...identifierProblems(found, recordIdentifier, eventTime), ...nameProblems(found));
  if (found.length > mostFeatures) failures.push(`columns has ${String(found.length)} names, expected at most ${mostFeatures.toLocaleString('en-US')}.`);
  if (failures.length > 0) throw new DeclarationError('featureGroup', 'columns', chosen, 'columns that Feature Store takes', failures);
  return {
    recordIdentifier,
    eventTime,
    features: found.map(({ name, type }) => ({ column: name, name: groupFeatureName(name), type: name === eventTime && type === 'integer' ? 'Fractional' : featureTypes[type] })),
  };
}

function identifierProblems(columns: readonly ColumnSpec[], recordIdentifier: string, eventTime: string): string[] {
  const identifier = columns.find(({ name }) => name === recordIdentifier);
  const time = columns.find(({ name }) => name === eventTime);
  return [
    ...(recordIdentifier === eventTime ? [`recordIdentifier and eventTime are both '${eventTime}', expected two columns.`] : []),
    ...(identifier !== undefined && !['string', 'integer'].includes(identifier.type) ? [`recordIdentifier '${recordIdentifier}' is a ${identifier.type}, expected a string or an integer.`] : []),
    ...(time !== undefined && !['timestamp', 'number', 'integer'].includes(time.type) ? [`eventTime '${eventTime}' is a ${time.type}, expected a timestamp, or a number or an integer of Unix seconds.`] : []),
  ];
}

function nameProblems(columns: readonly ColumnSpec[]): string[] {
  const names = columns.map(({ name }) => groupFeatureName(name));
  return columns.flatMap(({ name: column }, index) => {
    const name = names[index]!;
    const first = names.findIndex((other) => other.toLowerCase() === name.toLowerCase());
    if (name === '' || name.length > longestName) return [`the column '${column}' would be called '${name}', expected 1 to ${String(longestName)} letters and digits.`];
    if (reservedNames.includes(name)) return [`the column '${column}' would be called '${name}', which Feature Store keeps for itself: leave it out of columns.`];
    return first === index ? [] : [`the columns '${columns[first]!.name}' and '${column}' would both be called '${name}' in lower case: leave one out of columns.`];
  });
}
