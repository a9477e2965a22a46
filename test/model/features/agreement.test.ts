import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../model/data/duckdb.ts';
import type { DuckDb } from '../../../model/data/duckdb.ts';
import { quoteName, quoteText } from '../../../model/data/quote.ts';
import { readRawColumns } from '../../../model/data/raw-columns.ts';
import type { RawColumns } from '../../../model/data/raw-columns.ts';
import { fitFeatures } from '../../../model/features/fit.ts';
import type { FittedFeature } from '../../../model/features/fitted.ts';
import { hasZone, localTimePattern, parseLocalTime } from '../../../model/features/local-time.ts';
import { featureValue } from '../../../model/features/serving.ts';
import { fittedSelect } from '../../../model/features/sql.ts';
import type { RawValue } from '../../../model/features/transforms.ts';
import { columnarGraphInputs, graphInputs } from '../../../model/serving/inputs.ts';
import { parseRow } from '../../../model/serving/request.ts';
import { servingSchema } from '../../../model/serving/schema.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { Feature } from '../../../model/spec/feature.ts';
import { withFolder } from '../data/files.ts';

const schema = new Dataset({
  columns: [Column.integer('y'), Column.timestamp('t'), Column.number('n'), Column.integer('i'), Column.boolean('b'), Column.string('s')],
  label: Label.binary('y'),
}).toJSON();
const serving = servingSchema(schema);
const features = [
  ...[Feature.hourOfDay('t'), Feature.dayOfWeek('t'), Feature.dayOfYear('t')],
  ...[Feature.numeric('n'), Feature.numeric('b'), Feature.numeric('i')],
  ...[Feature.category('s'), Feature.targetMean('s'), Feature.targetMean('i'), Feature.targetMean('b')],
].map((feature) => feature.toJSON());

/** Microseconds since 1970, as DuckDB holds a timestamp. */
const day = 86_400_000_000n;
const anyTime = fc.bigInt({ min: -290_000n * 365n * day, max: 290_000n * 365n * day });
const writtenTime = fc.oneof(
  fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }).map((date) => BigInt(date.getTime()) * 1000n + 999n),
  fc.constantFrom('2000-02-29T23:59:59.999Z', '1900-02-28T23:59:59Z', '1900-03-01T00:00:00Z', '2004-12-31T00:00:00Z', '1582-10-10T12:00:00Z', '0001-01-01T00:00:00Z', '0004-12-31T05:00:00Z', '1969-12-31T23:59:59.5Z', '9999-12-31T23:59:59Z').map((text) => BigInt(Date.parse(text)) * 1000n),
);
const text = fc.oneof(
  fc.constantFrom('', 'ORD', "O'Hare", '<missing>', 'null', 'NaN', 'é', 'e\u0301', '𝔘', ' ', '\n', '0', 'true', '__proto__', '\uFFFD', '"'),
  fc.string({ unit: 'binary', maxLength: 5 }).filter((value) => !/[\0\p{Surrogate}]/u.test(value)),
);
const number = fc.oneof(fc.double(), fc.float().map(Number), fc.constantFrom(0, -0, 16777217, 0.1, 3.4028234663852886e38, 3.4028235677973366e38, 1e300, -1e300, Infinity, -Infinity, Number.NaN, 5e-324, 1.401298464324817e-45, 7.006492321624085e-46));

interface Row {
  readonly y: 0 | 1;
  readonly t: bigint | null;
  readonly n: number | null;
  readonly i: number | null;
  readonly b: boolean | null;
  readonly s: string | null;
}

function rowsWith(time: fc.Arbitrary<bigint>, numbers: fc.Arbitrary<number>): fc.Arbitrary<Row[]> {
  const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 8 });
  const row = fc.record({ y: fc.constantFrom(0 as const, 1 as const), t: nullable(time), n: nullable(numbers), i: nullable(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -3, max: 3 }))), b: nullable(fc.boolean()), s: nullable(text) });
  return fc.array(row, { minLength: 2, maxLength: 60 });
}

/** Writes rows in the form of the test split, and fits on the first half of them. */
async function prepare(db: DuckDb, rows: readonly Row[], file: string): Promise<FittedFeature[]> {
  const values = rows.map(({ y, t, n, i, b, s }) => {
    const time = t === null ? 'NULL' : `make_timestamp(${String(t)}::BIGINT)`;
    const real = n === null ? 'NULL' : `'${Object.is(n, -0) ? '-0.0' : String(n)}'::DOUBLE`;
    return `(${String(y)}, ${time}, ${real}, ${String(i)}, ${String(b)}, ${s === null ? 'NULL' : quoteText(s)})`;
  });
  await db.run('CREATE OR REPLACE TABLE r (y BIGINT, t TIMESTAMP, n DOUBLE, i BIGINT, b BOOLEAN, s VARCHAR)');
  await db.run(`INSERT INTO r VALUES ${values.join(', ')}`);
  await db.run(`COPY (SELECT *, y::FLOAT AS label FROM r) TO ${quoteText(file)} (FORMAT parquet)`);
  return fitFeatures(db, `(SELECT * FROM r LIMIT ${String(Math.ceil(rows.length / 2))})`, 'y', features);
}

/** The features as training computes them. */
async function bySql(db: DuckDb, fitted: readonly FittedFeature[]): Promise<Float32Array[]> {
  const rows = await db.all<Record<string, number | null>>(fittedSelect('r', fitted));
  return fitted.map((feature) => Float32Array.from(rows, (row) => row[feature.name] ?? Number.NaN));
}

function rawValue(raw: RawColumns, feature: FittedFeature, row: number): RawValue {
  return raw.columns[feature.column]![row] ?? null;
}

function typeOf(feature: FittedFeature): (typeof serving.columns)[number]['type'] {
  return serving.columns.find((column) => column.name === feature.column)!.type;
}

/** What the graph makes of an input. */
function throughGraph(feature: FittedFeature, input: Float32Array | readonly string[]): Float32Array {
  if (feature.encoding === undefined) return input as Float32Array;
  const codes = new Map(feature.encoding);
  return Float32Array.from(input as readonly string[], (key) => codes.get(key) ?? Number.NaN);
}

function bits(values: Float32Array): number[] {
  return [...new Uint32Array(Float32Array.from(values, (value) => (Number.isNaN(value) ? Number.NaN : value)).buffer)];
}

async function check(rows: Row[], then?: (fitted: readonly FittedFeature[], expected: readonly Float32Array[]) => void): Promise<void> {
  await withFolder((folder) =>
    withDuckDb({ memoryMb: 200, threads: 1 }, async (db) => {
      const file = path.join(folder, 'data.parquet');
      const fitted = await prepare(db, rows, file);
      const expected = await bySql(db, fitted);
      const raw = await readRawColumns(file, schema, { memoryMb: 100, threads: 1 });
      const inputs = columnarGraphInputs((name) => raw.columns[name]!, fitted, serving);
      fitted.forEach((feature, index) => {
        const direct = Float32Array.from(rows, (_, row) => featureValue(feature, rawValue(raw, feature, row), typeOf(feature)));
        expect({ [feature.name]: bits(direct) }).toEqual({ [feature.name]: bits(expected[index]!) });
        expect({ [feature.name]: bits(throughGraph(feature, inputs[feature.name]!)) }).toEqual({ [feature.name]: bits(expected[index]!) });
      });
      then?.(fitted, expected);
    }),
  );
}

describe('training and serving', () => {
  it('agree to the bit on any raw row that a file can hold', async () => {
    await fc.assert(fc.asyncProperty(rowsWith(anyTime, number), (rows) => check(rows)), { numRuns: 20 });
  }, 60_000);

  it('agree to the bit on any raw row that a request can send as JSON', async () => {
    const sendable = fc.double({ min: -3.4028234663852886e38, max: 3.4028234663852886e38, noNaN: true });
    await fc.assert(
      fc.asyncProperty(rowsWith(writtenTime, sendable), fc.constantFrom('T', ' '), (rows, separator) =>
        check(rows, (fitted, expected) => {
          const parsed = rows.map((row) => parseRow(JSON.parse(JSON.stringify(asRequest(row, separator))), serving));
          const inputs = graphInputs(parsed, fitted, serving);
          fitted.forEach((feature, index) => {
            expect({ [feature.name]: bits(throughGraph(feature, inputs[feature.name]!)) }).toEqual({ [feature.name]: bits(expected[index]!) });
          });
        }),
      ),
      { numRuns: 20 },
    );
  }, 60_000);
});

function asRequest({ t, n, i, b, s }: Row, separator: string): Record<string, unknown> {
  return { t: t === null ? null : writeTime(t, separator), n, i, b, s };
}

function writeTime(microseconds: bigint, separator: string): string {
  const fraction = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const iso = new Date(Number((microseconds - fraction) / 1000n)).toISOString();
  return `${iso.slice(0, 10)}${separator}${iso.slice(11, 19)}.${String(fraction).padStart(6, '0')}`;
}

describe('timestamp texts', () => {
  const two = (max: number): fc.Arbitrary<string> => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));
  const likely = fc
    .tuple(fc.integer({ min: 0, max: 9999 }).map((year) => String(year).padStart(4, '0')), two(13), two(32), fc.constantFrom('T', ' ', ''), two(25), two(61), two(61), fc.constantFrom('', '.5', '.999999999', '.'), fc.constantFrom('', '', 'Z', '+02:00'))
    .map(([year, month, date, separator, hour, minute, second, fraction, zone]) => `${year}-${month}-${date}${separator === '' ? '' : `${separator}${hour}:${minute}:${second}${fraction}`}${zone}`);
  const odd = fc.constantFrom('', '2001-03-07T14:05', '2001-3-7', '01-03-07', '2001-03-07T14', '2001-03-07t14:05:00', '2001-03-07  14:05:00', ' 2001-03-07', '2001-02-29', '2000-02-29', '1900-02-29', '2001-03-07T24:00:00', '2001-03-07T23:59:60', '2001-03-07\n', '٢٠٠١-03-07');

  it('are the same language, and the same second, in SQL and in TypeScript', async () => {
    await withDuckDb({ memoryMb: 100, threads: 1 }, async (db) => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.oneof(likely, odd), { minLength: 50, maxLength: 100 }), async (texts) => {
          const list = texts.map((value, index) => `(${String(index)}, ${quoteText(value)})`).join(', ');
          const rows = await db.all<{ seconds: number | null }>(
            `SELECT CASE WHEN regexp_full_match(x, ${quoteText(localTimePattern)}) THEN epoch_us(date_trunc('second', TRY_CAST(x AS TIMESTAMP))) // 1000000 END AS seconds FROM (VALUES ${list}) AS v(${quoteName('i')}, x) ORDER BY i`,
          );
          expect(rows.map((row) => row.seconds ?? undefined)).toEqual(texts.map(parseLocalTime));
        }),
        { numRuns: 20 },
      );
    });
  });

  it('are refused with a zone, which is recognised for the message', () => {
    for (const zoned of ['2001-03-07T14:05:00Z', '2001-03-07 14:05+02', '2001-03-07T14:05:00.5-0500', '2001-03-07T14:05:00+05:30']) {
      expect(parseLocalTime(zoned)).toBeUndefined();
      expect(hasZone(zoned)).toBe(true);
    }
    expect(hasZone('2001-03-07')).toBe(false);
  });
});
