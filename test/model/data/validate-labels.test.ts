import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateDataset } from '../../../model/data/validate.ts';
import type { ValidationReport } from '../../../model/data/validation-report.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import type { DatasetSpec } from '../../../model/spec/dataset.ts';
import { resolveChecks } from '../../../model/spec/resolve-checks.ts';
import { withFolder, writeLines, writeParquet } from './files.ts';

const limits = { checks: resolveChecks([]), maximumBytes: 10_000_000 };
const columns = [Column.integer('id'), Column.string('species'), Column.number('mass')];
const species = new Dataset({ columns, label: Label.category('species') }).toJSON();
const mass = new Dataset({ columns, label: Label.number('mass') }).toJSON();

async function validate(schema: DatasetSpec, label: string, rows = 300): Promise<ValidationReport> {
  const values = schema === species ? `${label} AS species, sin(i) AS mass` : `'s' || i % 3 AS species, ${label} AS mass`;
  return withFolder(async (folder) => {
    const file = await writeParquet(path.join(folder, 'rows.parquet'), `SELECT i AS id, ${values} FROM range(${String(rows)}) AS t(i)`);
    return validateDataset({ file, schema, ...limits, memoryMb: 200, threads: 1 });
  });
}

describe('a label of several classes', () => {
  it('is profiled by its classes', async () => {
    const { passed, warnings, label } = await validate(species, "['Adelie', 'Gentoo', 'Adelie', NULL][1 + i % 20 % 4]");
    expect(passed).toBe(false);
    expect(warnings).toEqual([]);
    expect(label).toEqual({ task: 'multiclass', classes: [{ value: 'Adelie', count: 150 }, { value: 'Gentoo', count: 75 }], distinct: 2, known: 225, unknown: 75 });
  });

  it('is refused with one class, with too many, and without any', async () => {
    expect((await validate(species, "'Adelie'")).reasons).toEqual(["'species': the label is constant: 'Adelie' in all 300 rows that have one. A model cannot learn from one class."]);
    const [many] = (await validate(species, "'k' || (100 + i % 101)")).reasons;
    expect(many).toBe("'species': the label has 101 classes, such as 'k100', 'k101', 'k102', expected at most 100. Is it a number, to be declared by Label.number, or an identifier?");
    const none = await validate(species, 'NULL::VARCHAR');
    expect(none.reasons).toContain("'species': the label is unknown in 300 of 300 (100 %) of the rows, expected at most 50 %.");
    expect(none.label).toEqual({ task: 'multiclass', classes: [], distinct: 0, known: 0, unknown: 300 });
  });

  it('is warned of where a class has fewer than a handful of rows', async () => {
    const { passed, warnings } = await validate(species, "CASE WHEN i < 4 THEN 'Emperor' WHEN i = 4 THEN 'King' WHEN i < 10 THEN 'Adelie' ELSE 'Gentoo' END");
    expect(passed).toBe(true);
    expect(warnings).toEqual(["'species': 2 of 4 classes have fewer than 5 rows: 'Emperor' (4), 'King' (1). Such a class may be missing in a part of the split, where it can be neither learned nor judged."]);
    expect((await validate(species, "CASE WHEN i < 88 THEN 'k' || i ELSE 'Gentoo' END")).warnings[0]).toMatch(/^'species': 88 of 89 classes have .*'k16' \(1\).* and 78 more\./);
  });

  it('may hold a hundred classes', async () => {
    expect((await validate(species, "'k' || i % 100", 1000)).reasons).toEqual([]);
  });
});

describe('a label that is a number', () => {
  it('is profiled by its numbers', async () => {
    const { passed, label } = await validate(mass, 'CASE WHEN i % 30 = 0 THEN NULL ELSE 1000 + i % 2 END');
    expect(passed).toBe(true);
    expect(label).toMatchObject({ task: 'regression', known: 290, unknown: 10, infinite: 0, minimum: 1000, maximum: 1001 });
    expect(label).toHaveProperty('mean', expect.closeTo(1000 + 150 / 290, 9));
  });

  it('is refused where it is constant, infinite or mostly unknown', async () => {
    expect((await validate(mass, '7.5')).reasons).toEqual(["'mass': the label is constant: 7.5 in all 300 rows that have one. There is nothing to learn."]);
    const infinite = await validate(mass, "CASE WHEN i < 3 THEN '-inf'::DOUBLE ELSE i END");
    expect(infinite.reasons).toHaveLength(1);
    expect(infinite.reasons[0]).toMatch(/'mass': 3 of 300 .* outside the declared range, such as "-inf.*"; expected finite/);
    expect(infinite.label).toMatchObject({ known: 297, infinite: 3, minimum: 3 });
    const unknown = await validate(mass, 'CASE WHEN i < 100 THEN i::DOUBLE END');
    expect(unknown.reasons[1]).toBe("'mass': the label is unknown in 200 of 300 (66.7 %) of the rows, expected at most 50 %.");
    expect((await validate(mass, 'NULL::DOUBLE')).reasons).toHaveLength(2);
  });

  it('is unknown where its text is none', async () => {
    await withFolder(async (folder) => {
      const file = await writeLines(path.join(folder, 'rows.csv'), ['id,species,mass', ...Array.from({ length: 200 }, (_, i) => `${String(i)},a,${i < 5 ? 'NA' : String(i)}`)]);
      const { reasons, label } = await validateDataset({ file, schema: mass, ...limits, memoryMb: 200, threads: 1 });
      expect(reasons).toEqual([`'mass': 5 of 200 (2.5 %) of the values are not of type number, such as "NA".`]);
      expect(label).toMatchObject({ known: 195, unknown: 5 });
    });
  });
});
