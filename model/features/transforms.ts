import type { FeatureTransform } from '../spec/feature.ts';
import { dayOfWeek, dayOfYear, hourOfDay } from './local-time.ts';

/**
 * A raw value as serving holds it: a number (a boolean as 0 or 1, a timestamp as seconds of local time), a text,
 * or a missing value (NaN for what is held as a number, null for a text).
 */
export type RawValue = number | string | null;

/** A feature that is a number computed from the raw value alone. */
interface NumberTransform {
  readonly kind: 'number';
  /** The SQL expression over a column of its declared SQL type; FLOAT, null where missing. */
  readonly sql: (column: string) => string;
  /** The same at serving; NaN where missing. The result is stored as float32. */
  readonly value: (raw: number) => number;
}

/** A feature that is looked up by the raw value's text in what PrepareData learned. */
interface EncodedTransform {
  readonly kind: 'encoded';
  /** The SQL expression of the text, null where missing. */
  readonly sql: (column: string) => string;
}

/** The largest number that float32 holds. A number beyond it is missing: XGBoost refuses infinity. */
export const largestFloat32 = 3.4028234663852886e38;

/** A number as float32; missing where float32 does not reach. */
export function plainNumber(raw: number): number {
  return Math.abs(raw) <= largestFloat32 ? Math.fround(raw) + 0 : Number.NaN;
}

const encoded: EncodedTransform = { kind: 'encoded', sql: (column) => `CAST(${column} AS VARCHAR)` };

/** The one definition of each transform, for training (SQL) and for serving. test/model/features holds the two together. */
export const transforms: Readonly<Record<FeatureTransform, NumberTransform | EncodedTransform>> = {
  numeric: {
    // The zero that is added makes one zero of two: JSON has no negative one.
    kind: 'number',
    sql: (column) => {
      const number = `CAST(${column} AS DOUBLE)`;
      return `CASE WHEN abs(${number}) <= ${String(largestFloat32)}::DOUBLE THEN CAST(${number} AS FLOAT) + 0::FLOAT END`;
    },
    value: plainNumber,
  },
  hourOfDay: { kind: 'number', sql: (column) => ofTimestamp('hour', column), value: hourOfDay },
  dayOfWeek: { kind: 'number', sql: (column) => ofTimestamp('dayofweek', column), value: dayOfWeek },
  dayOfYear: { kind: 'number', sql: (column) => ofTimestamp('dayofyear', column), value: dayOfYear },
  category: encoded,
  targetMean: encoded,
};

/** The text by which an encoded value is looked up, as SQL's cast writes it; null where the value is missing. */
export function encodingKey(raw: RawValue, columnType: string): string | null {
  if (raw === null || typeof raw === 'string') return raw;
  if (Number.isNaN(raw)) return null;
  if (columnType === 'boolean') return raw === 0 ? 'false' : 'true';
  return String(raw);
}

function ofTimestamp(part: string, column: string): string {
  return `CASE WHEN isfinite(${column}) THEN CAST(${part}(${column}) AS FLOAT) END`;
}
