import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracyOfBins, aucOfBins, varianceExplained } from '../../../model/data/leakage-figures.ts';
import type { LabelCount } from '../../../model/data/leakage-figures.ts';
import { validateDataset } from '../../../model/data/validate.ts';
import type { ValidationReport } from '../../../model/data/validation-report.ts';
import { DataCheck } from '../../../model/spec/check.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import type { DatasetSpec } from '../../../model/spec/dataset.ts';
import { resolveChecks } from '../../../model/spec/resolve-checks.ts';
import { withFolder, writeParquet } from './files.ts';

const columns = [Column.number('x'), Column.integer('n'), Column.boolean('b'), Column.string('c'), Column.timestamp('at')];
const schemas = {
  binary: new Dataset({ columns: [...columns, Column.integer('y')], label: Label.binary('y') }).toJSON(),
  multiclass: new Dataset({ columns: [...columns, Column.string('y')], label: Label.category('y') }).toJSON(),
  regression: new Dataset({ columns: [...columns, Column.number('y')], label: Label.number('y') }).toJSON(),
};

async function validate(select: string, schema: DatasetSpec, ...leakage: DataCheck[]): Promise<ValidationReport> {
  return withFolder(async (folder) =>
    validateDataset({ file: await writeParquet(path.join(folder, 'rows.parquet'), select), schema, checks: resolveChecks([DataCheck.rows({ minimum: 10 }), DataCheck.nulls({ maximumShare: 1 }), ...leakage].map((check) => check.toJSON())), maximumBytes: 1e8, memoryMb: 300, threads: 1 }),
  );
}

/** Rows of noise, and a label; `u` and `v` are uniform noise. */
function rows(count: number, y: string, more: { x?: string; n?: string; b?: string; c?: string } = {}): string {
  const noise = (salt: number): string => `((hash(i * 10 + ${String(salt)}) % 1000003) / 1000003.0)`;
  const { x = noise(3), n = `floor(9 * ${noise(4)})::INTEGER`, b = `${noise(5)} < 0.5`, c = `'c' || i` } = more;
  return `SELECT (${x})::DOUBLE AS x, (${n})::INTEGER AS n, (${b})::BOOLEAN AS b, ${c} AS c, TIMESTAMP '2020-01-01' + to_hours(i::INTEGER) AS at, y
    FROM (SELECT *, ${y} AS y FROM (SELECT i, ${noise(1)} AS u, ${noise(2)} AS v FROM range(${String(count)}) AS t(i)))`;
}

const suspects = (report: ValidationReport): string[] => report.warnings.filter((warning) => warning.includes('alone nearly tells the label'));
const classes = "['Adelie', 'Chinstrap', 'Gentoo'][1 + floor(3 * u)::INTEGER]";

describe('leakage', () => {
  it.each([
    ['binary', '(u < 0.3)::INTEGER'],
    ['binary', '(u < 0.001)::INTEGER'],
    ['multiclass', classes],
    ['multiclass', "CASE WHEN u < 0.99 THEN 'a' ELSE 'b' END"],
    ['regression', 'u'],
    ['regression', 'exp(20 * u)'],
  ] as const)('is not suspected in noise, an identifier or the time: %s of %s', async (task, y) => {
    for (const count of [101, 344, 20_000]) expect(suspects(await validate(rows(count, y), schemas[task]))).toEqual([]);
  });

  it('is suspected of copies of a binary label, of a number that it is made of, and of values that are missing with it', async () => {
    const leaking = rows(2000, '(u < 0.3)::INTEGER', { x: 'u + 0.005 * v', n: 'CASE WHEN y = 1 THEN floor(9 * v) END', b: 'y = 0', c: "CASE WHEN y = 0 THEN 'on time' WHEN v < 0.5 THEN 'late' ELSE 'very late' END" });
    const report = await validate(leaking, schemas.binary);
    expect(report.passed).toBe(true);
    expect(suspects(report)).toEqual([
      expect.stringMatching(/^'x': the column alone nearly tells the label: AUC 0\.99\d|AUC 1/),
      "'n': the column alone nearly tells the label: AUC 1, expected at most 0.98. Is it known when a prediction is made, or only together with the label?",
      expect.stringMatching(/^'b': .* AUC 1,/),
      expect.stringMatching(/^'c': .* AUC 1,/),
    ]);
  });

  it('is not suspected of a good feature', async () => {
    expect(suspects(await validate(rows(2000, '(u < 0.3)::INTEGER', { x: 'u + 0.5 * v' }), schemas.binary))).toEqual([]);
    expect(suspects(await validate(rows(2000, classes, { n: 'floor(3 * (u * 0.9 + v * 0.1))' }), schemas.multiclass))).toEqual([]);
    expect(suspects(await validate(rows(2000, 'u', { x: 'u + 0.2 * v' }), schemas.regression))).toEqual([]);
  });

  it('is suspected of codes of the classes', async () => {
    const [n, c, ...others] = suspects(await validate(rows(2000, classes, { n: 'CASE WHEN v < 0.99 THEN 7 - floor(3 * u) ELSE 0 END', c: 'upper(y)' }), schemas.multiclass));
    expect(n).toMatch(/^'n': .* accuracy 0\.99\d?,/);
    expect(c).toMatch(/^'c': .* accuracy 1,/);
    expect(others).toEqual([]);
  });

  it('is suspected of a number in another unit, heavy tails or not, and of its texts', async () => {
    const [x, c] = suspects(await validate(rows(2000, 'floor(u * 20)', { x: '32 + 1.8 * y + v', c: "'grade ' || y" }), schemas.regression));
    expect(x).toMatch(/^'x': .* R² 0\.99\d?,/);
    expect(c).toMatch(/^'c': .* R² 1,/);
    expect(suspects(await validate(rows(2000, 'exp(30 * u)', { x: '2 * y' }), schemas.regression))).toEqual([expect.stringMatching(/^'x': .* R² 1,/)]);
    expect(suspects(await validate(rows(2000, 'u', { x: '1 / (u + 0.01)' }), schemas.regression))).toHaveLength(1);
  });

  it('is looked for in a share of many rows', async () => {
    expect(suspects(await validate(rows(150_000, '(u < 0.3)::INTEGER', { x: 'u' }), schemas.binary))).toHaveLength(1);
  });

  it('may refuse the dataset, or be left out; a few rows prove nothing', async () => {
    const leaking = rows(300, '(u < 0.3)::INTEGER', { x: 'u' });
    expect((await validate(leaking, schemas.binary, DataCheck.leakage().fail())).reasons).toHaveLength(1);
    expect((await validate(leaking, schemas.binary, DataCheck.leakage().off())).violations.violations).toEqual([]);
    expect(suspects(await validate(leaking, schemas.binary, DataCheck.leakage({ columns: ['x'] }).off()))).toEqual([]);
    expect(suspects(await validate(leaking, schemas.binary, DataCheck.leakage({ maximumFigure: 1 })))).toEqual([]);
    expect(suspects(await validate(rows(99, '(u < 0.3)::INTEGER', { x: 'u' }), schemas.binary))).toEqual([]);
  });

  it('copes with infinite, huge and constant numbers on either side', async () => {
    const report = await validate(rows(300, "CASE WHEN i = 7 THEN 'inf'::DOUBLE WHEN i = 8 THEN -1e300 ELSE u END", { x: "CASE WHEN i = 9 THEN 'inf'::DOUBLE WHEN i = 10 THEN 1e300 ELSE u END", n: '5' }), schemas.regression);
    expect(suspects(report)).toHaveLength(1);
    expect(report.reasons).toHaveLength(2);
    expect(suspects(await validate(rows(300, 'u', { x: 'NULL', c: 'NULL::VARCHAR' }), schemas.regression))).toEqual([]);
  });

  it('is not suspected in real data: penguins and cars', async () => {
    const penguins = new Dataset({
      columns: [Column.string('Species'), Column.string('Island'), Column.number('Beak Length'), Column.number('Beak Depth'), Column.number('Flipper Length'), Column.number('Body Mass'), Column.string('Sex')],
      label: Label.category('Species'),
    }).toJSON();
    const cars = new Dataset({
      columns: [Column.string('Name'), Column.number('Miles_per_Gallon'), Column.integer('Cylinders'), Column.number('Displacement'), Column.number('Horsepower'), Column.number('Weight_in_lbs'), Column.number('Acceleration'), Column.string('Origin')],
      label: Label.number('Miles_per_Gallon'),
    }).toJSON();
    for (const [name, schema] of Object.entries({ penguins, cars })) {
      // Units stand in parentheses, which no column of ours may have in its name.
      const text = (await readFile(path.join(import.meta.dirname, '../../../node_modules/vega-datasets/data', `${name}.json`), 'utf8')).replaceAll(/ \(m?g?m?\)"/g, '"');
      const data = JSON.parse(text) as Record<string, string | number | null>[];
      const quote = (value: string | number | null | undefined): string => (value === null || value === undefined ? 'NULL' : typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`);
      const names = schema.columns.map((column) => `"${column.name}"`).join(', ');
      const values = data.map((row) => `(${schema.columns.map((column) => quote(row[column.name])).join(', ')})`).join(', ');
      const report = await validate(`SELECT * FROM (VALUES ${values}) AS t(${names})`, schema);
      expect(report.reasons).toEqual([]);
      expect(report.warnings).toEqual([]);
      expect(report.rows).toBe(name === 'penguins' ? 344 : 406);
    }
  });
});

describe('the figures', () => {
  const count = (bin: number, label: number | string, many: number): LabelCount => ({ bin, label, rows: many });

  it('AUC is that of scores with ties', () => {
    expect(aucOfBins([count(0, 0, 5), count(1, 1, 5)], 1)).toBe(1);
    expect(aucOfBins([count(0, 0, 5), count(0, 1, 5)], 1)).toBe(0.5);
    expect(aucOfBins([count(0, 0, 5), count(0, 1, 1)], 2)).toBeUndefined();
    expect(aucOfBins([], 0)).toBeUndefined();
    const bins = fc.array(fc.record({ ones: fc.nat(5), zeros: fc.nat(5) }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(bins, (found) => {
        const counts = found.flatMap(({ ones, zeros }, bin) => [count(bin, 1, ones), count(bin, 0, zeros)].filter((one) => one.rows > 0));
        const score = (bin: number): number => found[bin]!.ones / (found[bin]!.ones + found[bin]!.zeros);
        const ones = counts.filter((one) => one.label === 1);
        const zeros = counts.filter((one) => one.label === 0);
        const pairs = ones.flatMap((one) => zeros.map((zero) => ({ weight: one.rows * zero.rows, won: score(one.bin) > score(zero.bin) ? 1 : one.bin === zero.bin || score(one.bin) === score(zero.bin) ? 0.5 : 0 })));
        const total = pairs.reduce((sum, pair) => sum + pair.weight, 0);
        const auc = aucOfBins(counts, 1);
        if (total === 0) expect(auc).toBeUndefined();
        else expect(auc).toBeCloseTo(pairs.reduce((sum, pair) => sum + pair.weight * pair.won, 0) / total, 12);
      }),
    );
  });

  it('accuracy counts only where it is more than the most frequent class', () => {
    expect(accuracyOfBins([count(0, 'a', 50), count(1, 'b', 49), count(1, 'a', 1)])).toBe(0.99);
    expect(accuracyOfBins([count(0, 'a', 98), count(1, 'b', 1), count(0, 'b', 1)])).toBeUndefined();
    expect(accuracyOfBins([count(0, 'a', 98)])).toBeUndefined();
  });

  it('R² is what the means of the bins explain', () => {
    expect(varianceExplained([{ rows: 5, mean: 1, variance: 0 }, { rows: 5, mean: 3, variance: 0 }])).toBe(1);
    expect(varianceExplained([{ rows: 5, mean: 1, variance: 1 }, { rows: 5, mean: 3, variance: 1 }])).toBe(0.5);
    expect(varianceExplained([{ rows: 5, mean: 1, variance: 0 }])).toBeUndefined();
  });
});
