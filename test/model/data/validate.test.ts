import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validateDataset } from '../../../model/data/validate.ts';
import type { ValidationReport } from '../../../model/data/validation-report.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import type { DatasetSpec } from '../../../model/spec/dataset.ts';
import { resolveChecks } from '../../../model/spec/resolve-checks.ts';
import { query, trips, tripsSql, withFolder, writeLines, writeParquet } from './files.ts';

const limits = { checks: resolveChecks([]), maximumBytes: 10_000_000 };

async function validate(file: string, schema: DatasetSpec = trips): Promise<ValidationReport> {
  return validateDataset({ file, schema, ...limits, memoryMb: 200, threads: 1 });
}

async function validateParquet(select: string, schema: DatasetSpec = trips): Promise<ValidationReport> {
  return withFolder(async (folder) => validate(await writeParquet(path.join(folder, 'rows.parquet'), select), schema));
}

async function validateCsv(lines: readonly string[], schema: DatasetSpec = trips, end = '\n'): Promise<ValidationReport> {
  return withFolder(async (folder) => validate(await writeLines(path.join(folder, 'rows.csv'), lines, end), schema));
}

const csvHeader = 'left,delay,distance,origin,weekend';
const csvRows = Array.from({ length: 200 }, (_, i) => `2001-01-01 10:${String(i % 60).padStart(2, '0')}:00,${String(i % 40)},${String(i)},"O, ""H""",${String(i % 2 === 0)}`);

describe('good data', () => {
  it('passes as Parquet and as CSV with the same profile', async () => {
    await withFolder(async (folder) => {
      const parquet = await writeParquet(path.join(folder, 'a.parquet'), tripsSql(500));
      const csv = path.join(folder, 'a.csv');
      await query(`COPY (FROM '${parquet}') TO '${csv}' (FORMAT csv)`);
      const [a, b] = [await validate(parquet), await validate(csv)];
      expect(a.reasons).toEqual([]);
      expect(a.passed).toBe(true);
      expect(a.rows).toBe(500);
      expect(b.passed).toBe(true);
      const comparable = (report: ValidationReport): unknown => ({ statistics: report.statistics, constraints: report.constraints, label: report.label });
      expect(comparable(b)).toEqual(comparable(a));
    });
  });

  it.each([';', '\t', '|'])('reads CSV delimited by %j', async (delimiter) => {
    const report = await validateCsv([csvHeader.replaceAll(',', delimiter), ...csvRows.map((row) => row.replace('"O, ""H"""', 'ORD').replaceAll(',', delimiter))]);
    expect(report.reasons).toEqual([]);
    expect(report.rows).toBe(200);
  });

  it('reads a byte order mark, CRLF, quoted line breaks and columns in another order', async () => {
    const rows = csvRows.map((row, i) => `"${String(i)}\r\nx",${row.split(',').slice(0, 3).join(',')},true`);
    const report = await validateCsv([`\uFEFForigin,left,delay,distance,weekend`, ...rows], trips, '\r\n');
    expect(report.reasons).toEqual([]);
    expect(report.columns.find((column) => column.name === 'origin')?.values?.distinct).toBeGreaterThan(190);
  });

  it('takes whole numbers for a number, doubles without a fraction for an integer, and dates for a timestamp', async () => {
    const report = await validateParquet(`SELECT "left"::DATE AS "left", CAST(delay AS SMALLINT) AS delay, distance::DOUBLE AS distance, origin, weekend::TINYINT AS weekend FROM (${tripsSql(300)})`);
    expect(report.reasons).toEqual([]);
  });
});

describe('files that cannot be read', () => {
  it('names an empty file', async () => {
    expect((await validateCsv([])).reasons).toEqual(['The file is empty (0 bytes), expected CSV, JSON lines or Parquet with at least a header.']);
  });

  it('names a truncated Parquet file at every length', async () => {
    await withFolder(async (folder) => {
      const file = await writeParquet(path.join(folder, 'rows.parquet'), tripsSql(500));
      for (const length of [4000, 2000, 100, 11, 4, 3]) {
        await truncate(file, length);
        const { passed, reasons, violations } = await validate(file);
        expect(passed).toBe(false);
        expect(reasons).toHaveLength(1);
        expect(reasons[0]).toMatch(length < 4 ? /no Parquet file/ : /truncated/);
        expect(violations.violations).toHaveLength(1);
      }
    });
  });

  it('names a Parquet file whose middle or footer is overwritten', async () => {
    await withFolder(async (folder) => {
      const file = await writeParquet(path.join(folder, 'rows.parquet'), tripsSql(5000));
      const good = await readFile(file);
      for (const [from, to] of [[100, 5000], [good.length - 200, good.length - 100], [good.length - 8, good.length - 4]] as const) {
        await writeFile(file, Buffer.from(good).fill(0xff, from, to));
        expect((await validate(file)).reasons[0]).toMatch(/cannot be read/);
      }
    });
  });

  it('refuses a file above the bound, with both figures, unread', async () => {
    await withFolder(async (folder) => {
      const file = await writeParquet(path.join(folder, 'rows.parquet'), tripsSql(500));
      const report = await validateDataset({ file, schema: trips, ...limits, maximumBytes: 1000, memoryMb: 200 });
      expect(report.reasons[0]).toMatch(/^The file has [\d,]+ bytes, expected at most 1,000/);
    });
  });

  it('reports a binary file that is called CSV', async () => {
    const report = await withFolder(async (folder) => {
      const file = path.join(folder, 'rows.csv');
      await writeFile(file, Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 9]));
      return validate(file);
    });
    expect(report.reasons).toEqual(['The file begins like a zip archive or an Excel workbook: unpack it, or save the sheet as CSV. Expected CSV, JSON lines or Parquet.']);
  });

  it('names line ends that change within a CSV file', async () => {
    expect((await validateCsv([csvHeader, `${csvRows[0]!}\r`, csvRows[1]!, `${csvRows[2]!}\r`])).reasons[0]).toMatch(/lines end in different ways/);
  });

  it('throws where the file does not exist: that is no verdict on data', async () => {
    await expect(validate('/nowhere/rows.csv')).rejects.toThrow(/ENOENT/);
  });
});

describe('violations', () => {
  it('reports all of them at once', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => `2001-01-01T10:00:00Z,1.5,-${String(i)},,`);
    const { reasons, warnings, violations } = await validateCsv(['left,dlay,distance,origin,weekend', ...lines, 'short,row', '2001-01-01,x,7000,"a"b,']);
    expect(reasons.some((reason) => /^2 rows are malformed: line 52/.test(reason))).toBe(true);
    expect(reasons).toContain("'delay': the column is missing, expected number. Not declared, but in the file: 'dlay'.");
    expect(reasons.some((reason) => /^'left': 50 of 50 \(100 %\) .* local time without a zone, such as "2001-01-01T10:00:00Z"/.test(reason))).toBe(true);
    expect(reasons.some((reason) => /^'distance': 49 of 50 .* outside the declared range, such as "-\d+"; expected at least 0, at most 5000/.test(reason))).toBe(true);
    expect(reasons.some((reason) => /^'origin': 50 of 50 \(100 %\) of the values are missing, expected at most 10 %/.test(reason))).toBe(true);
    expect(reasons).toContain('The file has 50 rows, expected at least 100.');
    expect(warnings).toEqual(["'dlay': the column is not declared and is not used."]);
    expect(new Set(violations.violations.map((violation) => violation.constraint_check_type))).toEqual(
      new Set(['missing_column_check', 'extra_column_check', 'data_type_check', 'completeness_check']),
    );
  });

  it('understands a delimiter that it does not know as one column', async () => {
    const { reasons } = await validateCsv([csvHeader.replaceAll(',', '^'), ...csvRows.map((row) => row.replaceAll(',', '^'))]);
    expect(reasons[0]).toMatch(/'left': the column is missing.*one column alone, 'left\^delay.*delimiter/);
  });

  it('counts mixed types with an example', async () => {
    const { reasons } = await validateCsv([csvHeader, ...csvRows, '2001-02-30 10:00,NA,1.5,x,maybe']);
    expect(reasons).toEqual([
      `'left': 1 of 201 (0.498 %) of the values are not of type timestamp in local time without a zone, such as "2001-02-30 10:00".`,
      `'delay': 1 of 201 (0.498 %) of the values are not of type number, such as "NA".`,
      `'distance': 1 of 201 (0.498 %) of the values are not of type integer, such as "1.5".`,
      `'weekend': 1 of 201 (0.498 %) of the values are not of type boolean, such as "maybe".`,
    ]);
  });

  it('refuses a Parquet column of a foreign type, and one with a time zone', async () => {
    const { reasons } = await validateParquet(`SELECT "left"::TIMESTAMPTZ AS "left", delay, origin AS distance, 7 AS origin, weekend FROM (${tripsSql(300)})`);
    expect(reasons[0]).toMatch(/'left': 300 of 300 .*TIMESTAMP WITH TIME ZONE/);
    expect(reasons[1]).toMatch(/'distance': 300 of 300 .*not of type integer/);
    expect(reasons[2]).toMatch(/'origin': 300 of 300 .*INTEGER/);
  });

  it('takes NaN as missing and infinity as out of range', async () => {
    const { reasons } = await validateParquet(`SELECT * REPLACE (CASE WHEN distance % 3 = 0 THEN 'nan'::DOUBLE WHEN distance = 13 THEN 'inf'::DOUBLE ELSE delay END AS delay) FROM (${tripsSql(300)})`);
    expect(reasons).toHaveLength(2);
    expect(reasons[0]).toMatch(/'delay': \d+ of 300 .* are missing/);
    expect(reasons[1]).toMatch(/'delay': 1 of \d+ .* outside the declared range, such as "inf/);
  });

  it('holds a column that is not nullable to no null at all, and categories to their list', async () => {
    const schema = new Dataset({
      columns: [Column.number('delay'), Column.string('origin', { nullable: false, categories: ['ORD', 'ATL', 'LAX', 'Zürich'] })],
      label: Label.above('delay', 15, 'late'),
    }).toJSON();
    const { reasons } = await validateParquet(`SELECT delay, CASE WHEN distance <> 13 THEN origin END AS origin FROM (${tripsSql(300)})`, schema);
    expect(reasons).toEqual([
      "'origin': 1 of 300 (0.333 %) of the values are missing, expected none, since the column is declared not nullable.",
      `'origin': 50 of 299 (16.7 %) of the values are none of the declared categories, such as "O'Hare"; expected 'ORD', 'ATL', 'LAX', 'Zürich'.`,
    ]);
  });
});

describe('labels and rows', () => {
  it('refuses a constant label', async () => {
    const { reasons } = await validateParquet(`SELECT * REPLACE (3.0 AS delay) FROM (${tripsSql(300)})`);
    expect(reasons).toEqual(["'delay': the label is constant: 0 in all 300 rows that have one (1 where 'delay' is above 15). A model cannot learn from one class."]);
  });

  it('refuses a label that is mostly missing, with its column', async () => {
    const { reasons } = await validateParquet(`SELECT * REPLACE (CASE WHEN distance % 4 = 0 THEN delay END AS delay) FROM (${tripsSql(400)})`);
    expect(reasons).toHaveLength(2);
    expect(reasons[1]).toMatch(/the label is unknown in 300 of 400 \(75 %\)/);
  });

  it('refuses a binary label of other values and warns of a rare class', async () => {
    const schema = new Dataset({ columns: [Column.integer('y'), Column.number('x')], label: Label.binary('y') }).toJSON();
    const foreign = await validateParquet('SELECT (i % 3)::INTEGER AS y, i::DOUBLE AS x FROM range(300) AS t(i)', schema);
    expect(foreign.reasons).toEqual(["'y': the label is neither 0 nor 1 in 100 of 300 (33.3 %) of the rows."]);
    const rare = await validateParquet('SELECT (i = 7)::INTEGER AS y, i::DOUBLE AS x FROM range(300) AS t(i)', schema);
    expect(rare.passed).toBe(true);
    expect(rare.warnings).toEqual(["'y': 1 of 2 classes has fewer than 5 rows: '1' (1). Such a class may be missing in a part of the split, where it can be neither learned nor judged."]);
    const small = await validateParquet('SELECT (i % 150 = 7)::INTEGER AS y, i::DOUBLE AS x FROM range(900) AS t(i)', schema);
    expect(small.warnings).toEqual(["'y': the classes are unbalanced: 1 of 2 classes has less than 1 % of the labels: '1' (0.667 %)."]);
  });

  it('refuses rows that are mostly repeated and warns of fewer', async () => {
    const many = await validateParquet(`SELECT t.* FROM (${tripsSql(100)}) AS t, range(4)`);
    expect(many.reasons).toEqual(['75 % of the rows repeat another one in every column, expected at most 50 %.']);
    const some = await validateParquet(`(${tripsSql(300)}) UNION ALL (${tripsSql(100)})`);
    expect(some.duplicates).toBe(0.25);
    expect(some.passed).toBe(true);
    expect(some.warnings).toHaveLength(1);
  });
});

describe('statistics.json and constraints.json', () => {
  it('have the shape of Model Monitor: ten buckets that hold every number, a sketch of the same weight', async () => {
    const { statistics, constraints } = await validateParquet(tripsSql(1000));
    expect(statistics).toMatchObject({ version: 0, dataset: { item_count: 1000 } });
    const distance = statistics.features.find((feature) => feature.name === 'distance')!;
    expect(distance.inferred_type).toBe('Integral');
    const { common, min, max, mean, sum, distribution } = distance.numerical_statistics!;
    expect(common).toEqual({ num_present: 1000, num_missing: 0 });
    expect(sum).toBeCloseTo(mean! * 1000, 6);
    const { buckets, sketch } = distribution.kll;
    expect(buckets).toHaveLength(10);
    expect([buckets[0]!.lower_bound, buckets[9]!.upper_bound]).toEqual([min, max]);
    expect(buckets.reduce((total, bucket) => total + bucket.count, 0)).toBe(1000);
    expect(sketch.data.reduce((total, level, index) => total + level.length * 2 ** index, 0)).toBe(1000);
    const origin = statistics.features.find((feature) => feature.name === 'origin')!;
    expect(origin.string_statistics).toMatchObject({ distinct_count: 5 });
    expect(origin.string_statistics!.distribution.categorical.buckets[0]).toEqual({ value: 'ORD', count: 334 });
    expect(constraints.features.find((feature) => feature.name === 'delay')).toEqual({ name: 'delay', inferred_type: 'Fractional', completeness: 1, num_constraints: { is_non_negative: false } });
    expect(constraints.features.find((feature) => feature.name === 'origin')!.string_constraints!.domains).toEqual(['ATL', 'LAX', "O'Hare", 'ORD', 'Zürich']);
    expect(constraints.monitoring_config.distribution_constraints.comparison_method).toBe('Robust');
  });

  it('survive a column without any number and one with a single number', async () => {
    const { statistics } = await validateParquet(`SELECT * REPLACE (NULL::DOUBLE AS delay, 5 AS distance) FROM (${tripsSql(200)})`);
    const [, delay, distance] = statistics.features;
    expect(delay!.numerical_statistics).toMatchObject({ common: { num_present: 0, num_missing: 200 }, sum: 0 });
    expect(distance!.numerical_statistics!.distribution.kll.buckets.map((bucket) => bucket.count)).toEqual([200, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(JSON.parse(JSON.stringify(statistics))).toEqual(statistics);
  });
});

describe('any file at all', () => {
  it('is a report, whatever is done to its bytes', async () => {
    await withFolder(async (folder) => {
      const good = Buffer.from(`${[csvHeader, ...csvRows].join('\n')}\n`);
      const file = path.join(folder, 'rows.csv');
      const edit = fc.record({ at: fc.nat(good.length), cut: fc.nat(30), put: fc.oneof(fc.constantFrom(',', '"', '\n', '\r', ';', '\0'), fc.uint8Array({ maxLength: 10 })) });
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
          const bytes = edits.reduce((data, { at, cut, put }) => Buffer.concat([data.subarray(0, at), Buffer.from(put), data.subarray(at + cut)]), good);
          await writeFile(file, bytes);
          const { passed, reasons } = await validate(file);
          expect(passed).toBe(reasons.length === 0);
        }),
        { numRuns: 60 },
      );
    });
  });
});
