import type { FeatureSpec } from '../spec/feature.ts';
import { DeclarationError } from '../spec/errors.ts';
import type { DuckDb } from '../data/duckdb.ts';
import type { FittedFeature } from './fitted.ts';
import { featureSql, isEncoded } from './sql.ts';

/** How many values an encoded column may have in the training split: each is a row of the model's encoding, and of its memory. */
export const maximumCategories = 50_000;

/**
 * The weight, in rows, of the mean of all rows in `targetMean`: a value seen n times with mean m gets
 * (n * m + 20 * mean of all) / (n + 20), where "all" are the rows with any value there. Twenty rows is where a value's own mean begins to outweigh what is known of all.
 */
export const targetMeanSmoothing = 20;

interface CategoryCount {
  readonly value: string;
  readonly rows: number;
  readonly positives: number;
}

/**
 * Learns what the features need from the rows of the training split alone.
 * @param relation a relation with the raw columns in their declared types
 * @param label its column with the label, 0 or 1 and never null
 */
export async function fitFeatures(db: DuckDb, relation: string, label: string, features: readonly FeatureSpec[]): Promise<FittedFeature[]> {
  const fitted: FittedFeature[] = [];
  for (const feature of features) {
    fitted.push(isEncoded(feature) ? { ...feature, encoding: encode(feature, await countCategories(db, relation, label, feature)) } : feature);
  }
  return fitted;
}

async function countCategories(db: DuckDb, relation: string, label: string, feature: FeatureSpec): Promise<CategoryCount[]> {
  // A text with a NUL would be cut short inside the graph's runtime and could be taken for another: it stays missing everywhere.
  const counts = await db.all<CategoryCount>(
    `SELECT value, count(*) AS rows, sum(label)::BIGINT AS positives
     FROM (SELECT ${featureSql(feature)} AS value, CAST(${label} AS BIGINT) AS label FROM ${relation})
     WHERE value IS NOT NULL AND NOT contains(value, chr(0)) GROUP BY value LIMIT ${String(maximumCategories + 1)}`,
  );
  if (counts.length > maximumCategories) {
    throw new DeclarationError(
      `Feature.${feature.transform}('${feature.column}')`,
      'number of different values in the training split',
      `more than ${String(maximumCategories)}`,
      `at most ${String(maximumCategories)}: leave the feature out, or group its values before`,
    );
  }
  return counts;
}

/** The codes of a category's values, in the order of their frequency, ties by value: the same rows give the same encoding. */
export function encode(feature: FeatureSpec, counts: readonly CategoryCount[]): (readonly [value: string, code: number])[] {
  const ordered = counts.toSorted((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
  if (feature.transform === 'category') return ordered.map(({ value }, rank) => [value, rank] as const);
  const rows = ordered.reduce((sum, count) => sum + count.rows, 0);
  const mean = ordered.reduce((sum, count) => sum + count.positives, 0) / rows;
  return ordered.map(({ value, rows: seen, positives }) => {
    return [value, Math.fround((positives + targetMeanSmoothing * mean) / (seen + targetMeanSmoothing))] as const;
  });
}
