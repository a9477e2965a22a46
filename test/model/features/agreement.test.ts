import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../model/data/duckdb.ts';
import type { DuckDb } from '../../../model/data/duckdb.ts';
import { quoteName, quoteText } from '../../../model/data/quote.ts';
import { readRawColumns } from '../../../model/data/raw-columns.ts';
import { fitFeatures } from '../../../model/features/fit.ts';
import type { FittedFeature } from '../../../model/features/fitted.ts';
import { hasZone, localTimePattern, parseLocalTime } from '../../../model/features/local-time.ts';
import { fittedSelect } from '../../../model/features/sql.ts';
import { columnarGraphInputs, graphInputs } from '../../../model/serving/inputs.ts';
import { parseRow } from '../../../model/serving/request.ts';
import { servingSchema } from '../../../model/serving/schema.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { Feature } from '../../../model/spec/feature.ts';
import { withFolder } from '../data/files.ts';
import { anyTime, asRequest, bits, number, rowWith, sendableNumber, sqlValues, writtenTime } from './rows.ts';
import type { Row } from './rows.ts';

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

const rowsWith = (time: fc.Arbitrary<bigint>, numbers: fc.Arbitrary<number>): fc.Arbitrary<Row[]> => fc.array(rowWith(time, numbers), { minLength: 2, maxLength: 60 });

/** Writes rows in the form of the test split, and fits on the first half of them. */
async function prepare(db: DuckDb, rows: readonly Row[], file: string): Promise<FittedFeature[]> {
  await db.run('CREATE OR REPLACE TABLE r (y BIGINT, t TIMESTAMP, n DOUBLE, i BIGINT, b BOOLEAN, s VARCHAR)');
  await db.run(`INSERT INTO r VALUES ${rows.map((row) => `(${sqlValues(row)})`).join(', ')}`);
  await db.run(`COPY (SELECT *, y::FLOAT AS label FROM r) TO ${quoteText(file)} (FORMAT parquet)`);
  return fitFeatures(db, `(SELECT * FROM r LIMIT ${String(Math.ceil(rows.length / 2))})`, 'y', features);
}

/** The features as training computes them. */
async function bySql(db: DuckDb, fitted: readonly FittedFeature[]): Promise<Float32Array[]> {
  const rows = await db.all<Record<string, number | null>>(fittedSelect('r', fitted));
  return fitted.map((feature) => Float32Array.from(rows, (row) => row[feature.name] ?? Number.NaN));
}

/** What the graph makes of an input. */
function throughGraph(feature: FittedFeature, input: Float32Array | readonly string[]): Float32Array {
  if (feature.encoding === undefined) return input as Float32Array;
  const codes = new Map(feature.encoding);
  return Float32Array.from(input as readonly string[], (key) => codes.get(key) ?? Number.NaN);
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
    await fc.assert(
      fc.asyncProperty(rowsWith(writtenTime, sendableNumber), fc.constantFrom('T', ' '), (rows, separator) =>
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
