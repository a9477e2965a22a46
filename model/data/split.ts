import type { DatasetSpec } from '../spec/dataset.ts';
import type { SplitSpec } from '../spec/split.ts';
import { quoteName } from './quote.ts';

/** The parts of a split, in the order of their share of the hash's range. */
export const splitParts = ['train', 'validation', 'test'] as const;

/** A part of a split. */
export type SplitPart = (typeof splitParts)[number];

/** Parts are cut to a millionth. */
const steps = 1_000_000;

/**
 * The part of a row, as its index in `splitParts`, from columns of their declared types. The hash is MD5 over the values' texts in schema
 * order: unlike DuckDB's own `hash` it is the same in every version and on every platform, and CSV and Parquet with the same rows split alike.
 */
export function splitSql(schema: DatasetSpec, split: SplitSpec): string {
  const texts = schema.columns.map((column) => `coalesce(CAST(${quoteName(column.name)} AS VARCHAR), chr(0))`);
  const train = Math.round(split.train * steps);
  const validation = Math.round((split.train + split.validation) * steps);
  return `(CASE WHEN h < ${String(train)} THEN 0 WHEN h < ${String(validation)} THEN 1 ELSE 2 END)::TINYINT`.replaceAll(
    /\bh\b/g,
    `(md5_number_lower(concat_ws(chr(31), ${texts.join(', ')})) % ${String(steps)})`,
  );
}
