import type { FeatureSpec } from '../spec/feature.ts';
import { DeclarationError } from '../spec/errors.ts';
import type { DuckDb } from '../data/duckdb.ts';
import { quoteText } from '../data/quote.ts';
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
  /** The sum of their labels. */
  readonly total: number;
}

/**
 * Learns what the features need from the rows of the training split alone.
 * @param relation a relation with the raw columns in their declared types
 * @param label its column with the label: a number, never null
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
  const step = feature.transform === 'targetMean' ? await stepOf(db, relation, label) : 1;
  const counts = await db.all<CategoryCount>(
    `SELECT value, count(*) AS rows, sum(label)::DOUBLE * ${doubleSql(step)} AS total
     FROM (SELECT ${featureSql(feature)} AS value, CAST(CAST(${label} AS DOUBLE) / ${doubleSql(step)} AS BIGINT) AS label FROM ${relation})
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

/** Labels are summed as whole multiples of a step: a sum of fractions would depend on the order of the rows, and so on the number of threads. */
async function stepOf(db: DuckDb, relation: string, label: string): Promise<number> {
  const [row] = await db.all<{ largest: number | null }>(`SELECT max(abs(CAST(${label} AS DOUBLE))) AS largest FROM ${relation}`);
  const largest = row?.largest ?? 0;
  return largest === 0 ? 1 : 2 ** Math.max(smallestExponent, Math.ceil(Math.log2(largest)) - labelBits);
}

/** So many bits of the largest label are kept: more than its own 53, and below the 63 of the numbers that are summed. */
const labelBits = 60;
const smallestExponent = -1022;

/** By its text: a number in SQL would be a DECIMAL. */
function doubleSql(value: number): string {
  return `${quoteText(String(value))}::DOUBLE`;
}

/** The codes of a category's values, in the order of their frequency, ties by value: the same rows give the same encoding. */
export function encode(feature: FeatureSpec, counts: readonly CategoryCount[]): (readonly [value: string, code: number])[] {
  const ordered = counts.toSorted((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
  if (feature.transform === 'category') return ordered.map(({ value }, rank) => [value, rank] as const);
  const rows = ordered.reduce((sum, count) => sum + count.rows, 0);
  const mean = ordered.reduce((sum, count) => sum + count.total, 0) / rows;
  return ordered.map(({ value, rows: seen, total }) => {
    return [value, Math.fround((total + targetMeanSmoothing * mean) / (seen + targetMeanSmoothing))] as const;
  });
}
