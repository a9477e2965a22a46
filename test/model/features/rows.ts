import fc from 'fast-check';
import { quoteText } from '../../../model/data/quote.ts';

/** A raw row with a column of every type of the schema; null where a value is missing. */
export interface Row {
  readonly y: 0 | 1;
  /** Microseconds since 1970, as DuckDB holds a timestamp. */
  readonly t: bigint | null;
  readonly n: number | null;
  readonly i: number | null;
  readonly b: boolean | null;
  readonly s: string | null;
}

const day = 86_400_000_000n;

/** Any time that DuckDB can hold, nearly. */
export const anyTime = fc.bigInt({ min: -290_000n * 365n * day, max: 290_000n * 365n * day });

/** Times that can be written as texts, and those at which calendars go wrong. */
export const writtenTime = fc.oneof(
  fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }).map((date) => BigInt(date.getTime()) * 1000n + 999n),
  fc
    .constantFrom(
      '2000-02-29T23:59:59.999Z', '2024-02-29T00:00:00Z', '2024-12-31T23:59:59Z', '2023-12-31T23:59:59.999Z', '2024-01-01T00:00:00Z', '1900-02-28T23:59:59Z', '1900-03-01T00:00:00Z',
      '2004-12-31T00:00:00Z', '1582-10-10T12:00:00Z', '0001-01-01T00:00:00Z', '0004-12-31T05:00:00Z', '1969-12-31T23:59:59.5Z', '9999-12-31T23:59:59Z',
    )
    .map((text) => BigInt(Date.parse(text)) * 1000n),
);

/** Texts that something on their way could take for something else. */
export const text = fc.oneof(
  fc.constantFrom('', 'ORD', "O'Hare", '<missing>', 'null', 'NaN', 'é', 'e\u0301', '𝔘', ' ', '\n', '0', 'true', '__proto__', '\uFFFD', '"', ',', '1.0'),
  fc.string({ unit: 'binary', maxLength: 5 }).filter((value) => !/[\0\p{Surrogate}]/u.test(value)),
);

/** Numbers of every size, and what is none. */
export const number = fc.oneof(
  fc.double(),
  fc.float().map(Number),
  fc.constantFrom(0, -0, 16777217, 0.1, 3.4028234663852886e38, 3.4028235677973366e38, 1e300, -1e300, Infinity, -Infinity, Number.NaN, 5e-324, 1.401298464324817e-45, 7.006492321624085e-46),
);

/** Numbers that JSON can hold and the features take. */
export const sendableNumber = fc.oneof(fc.double({ min: -3.4028234663852886e38, max: 3.4028234663852886e38, noNaN: true }), fc.constantFrom(0, -0, 0.1, 16777217, 5e-324, 3.4028234663852886e38));

const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 8 });

/** A row's columns. */
export function rowWith(time: fc.Arbitrary<bigint>, numbers: fc.Arbitrary<number>, texts: fc.Arbitrary<string> = text): fc.Arbitrary<Row> {
  const integer = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER), fc.integer({ min: -3, max: 3 }));
  return fc.record({ y: fc.constantFrom(0 as const, 1 as const), t: nullable(time), n: nullable(numbers), i: nullable(integer), b: nullable(fc.boolean()), s: nullable(texts) });
}

/** The row as values of SQL: y, t, n, i, b, s. */
export function sqlValues({ y, t, n, i, b, s }: Row): string {
  const time = t === null ? 'NULL' : `make_timestamp(${String(t)}::BIGINT)`;
  const real = n === null ? 'NULL' : `'${Object.is(n, -0) ? '-0.0' : String(n)}'::DOUBLE`;
  return `${String(y)}, ${time}, ${real}, ${String(i)}, ${String(b)}, ${s === null ? 'NULL' : quoteText(s)}`;
}

/** The row as a prediction request sends it. */
export function asRequest({ t, n, i, b, s }: Row, separator: string): Record<string, unknown> {
  return { t: t === null ? null : writeTime(t, separator), n, i, b, s };
}

/** A time as ISO 8601 with a fraction. */
export function writeTime(microseconds: bigint, separator: string): string {
  const fraction = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const iso = new Date(Number((microseconds - fraction) / 1000n)).toISOString();
  return `${iso.slice(0, 10)}${separator}${iso.slice(11, 19)}.${String(fraction).padStart(6, '0')}`;
}

/** The bits of float32 numbers; one NaN is like another. */
export function bits(values: Float32Array): number[] {
  return [...new Uint32Array(Float32Array.from(values, (value) => (Number.isNaN(value) ? Number.NaN : value)).buffer)];
}
