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

/** Selects the fitted features, in their order and by their names, from a relation with the raw columns in their declared types. */
export function fittedSelect(relation: string, features: readonly FittedFeature[], leading: readonly string[] = []): string {
  const columns = features.map((feature) => `${fittedSql(feature)} AS ${quoteName(feature.name)}`);
  return `SELECT ${[...leading, ...columns].join(', ')} FROM ${relation}`;
}

/**
 * The number that the trees see; null where missing. The encoding is an ENUM and a list rather than a join: a join may
 * put the rows in another order, and the same rows would no longer train the same model.
 */
function fittedSql(feature: FittedFeature): string {
  const sql = featureSql(feature);
  if (feature.encoding === undefined) return sql;
  if (feature.encoding.length === 0) return 'NULL::FLOAT';
  const values = feature.encoding.map(([value]) => quoteText(value));
  // The codes go by their text: a number in SQL would be a DECIMAL, whose way to FLOAT does not round correctly.
  const codes = feature.encoding.map(([, code]) => quoteText(String(code)));
  return `list_extract([${codes.join(', ')}]::DOUBLE[]::FLOAT[], enum_code(TRY_CAST(${sql} AS ENUM(${values.join(', ')})))::INTEGER + 1)`;
}
