import type { FeatureSpec } from '../spec/feature.ts';
import { quoteName, quoteText } from '../data/quote.ts';
import type { FittedFeature } from './fitted.ts';
import { transforms } from './transforms.ts';

/** Whether a feature is looked up in an encoding that is learned from data. */
export function isEncoded(feature: FeatureSpec): boolean {
  return transforms[feature.transform].kind === 'encoded';
}

/** What a feature takes from a row before anything learned: a FLOAT, or the text of the category. */
export function featureSql(feature: FeatureSpec): string {
  return transforms[feature.transform].sql(quoteName(feature.column));
}

/** A relation of an encoding's values and codes, for a join. */
export function encodingSql(feature: FittedFeature): string {
  const pairs = (feature.encoding ?? []).map(([value, code]) => `(${quoteText(value)}, '${String(code)}')`);
  const rows = pairs.length === 0 ? '(NULL::VARCHAR, NULL::VARCHAR)' : pairs.join(', ');
  // The code goes by its text: a number in SQL would be a DECIMAL, whose way to FLOAT does not round correctly.
  return `(SELECT value::VARCHAR AS value, code::DOUBLE::FLOAT AS code FROM (VALUES ${rows}) AS pairs(value, code) WHERE value IS NOT NULL)`;
}

/** Selects the fitted features, in their order and by their names, from a relation with the raw columns in their declared types. */
export function fittedSelect(relation: string, features: readonly FittedFeature[], leading: readonly string[] = []): string {
  const columns = features.map((feature, index) =>
    feature.encoding === undefined ? `${featureSql(feature)} AS ${quoteName(feature.name)}` : `e${String(index)}.code AS ${quoteName(feature.name)}`,
  );
  const joins = features.map((feature, index) =>
    feature.encoding === undefined ? '' : ` LEFT JOIN ${encodingSql(feature)} AS e${String(index)} ON e${String(index)}.value = ${transforms[feature.transform].sql(`raw.${quoteName(feature.column)}`)}`,
  );
  return `SELECT ${[...leading, ...columns].join(', ')} FROM ${relation} AS raw${joins.join('')}`;
}
