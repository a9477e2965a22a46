import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareDataset } from '../../../model/data/prepare.ts';
import { validateDataset } from '../../../model/data/validate.ts';
import type { ValidationReport } from '../../../model/data/validation-report.ts';
import { DataCheck } from '../../../model/spec/check.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { Feature } from '../../../model/spec/feature.ts';
import { resolveChecks } from '../../../model/spec/resolve-checks.ts';
import { Split } from '../../../model/spec/split.ts';
import { withFolder, writeLines } from './files.ts';

const schema = new Dataset({ columns: [Column.integer('id'), Column.integer('n', { minimum: 0 }), Column.string('c', { categories: ['a', 'b'] }), Column.integer('y')], label: Label.binary('y') }).toJSON();
const features = [Feature.numeric('n'), Feature.category('c')].map((feature) => feature.toJSON());

interface Row {
  readonly id: number;
  readonly n: number | string;
  readonly c: string;
  readonly y: number | string;
}

const rows = (change: (i: number) => Partial<Row> = () => ({}), count = 200): Row[] => Array.from({ length: count }, (_, i) => ({ id: i, n: i, c: i % 2 === 0 ? 'a' : 'b', y: Number(i * 7 % 10 < 4), ...change(i) }));
const lines = (all: readonly Row[], header = 'id,n,c,y'): string[] => [header, ...all.map(({ id, n, c, y }) => `${String(id)},${String(n)},${c},${String(y)}`)];

async function report(content: readonly string[], ...checks: DataCheck[]): Promise<ValidationReport> {
  return withFolder(async (folder) => {
    const file = await writeLines(path.join(folder, 'a.csv'), content);
    const found = await validateDataset({ file, schema, checks: resolveChecks(checks.map((check) => check.toJSON())), memoryMb: 200, threads: 1 });
    // What is no more than warned of can be prepared.
    if (found.passed && found.warnings.length > 0) await prepareDataset({ file, schema, features, split: Split.byRowHash().toJSON(), outDir: path.join(folder, 'out'), memoryMb: 200, threads: 1 });
    return found;
  });
}

/** A check, data that it finds something in and no other check does, and what it says. */
const cases: readonly (readonly [what: string, check: DataCheck, content: readonly string[], finding: RegExp])[] = [
  ['rows', DataCheck.rows(), lines(rows(undefined, 90)), /90 rows, expected at least 100/],
  ['rows with a bound', DataCheck.rows({ minimum: 201 }), lines(rows()), /200 rows, expected at least 201/],
  ['missing columns', DataCheck.missingColumns(), lines(rows()).map((line) => line.replace(/,\w+(?=,\w+$)/, '')), /'c': the column is missing/],
  ['extra columns', DataCheck.extraColumns(), lines(rows()).map((line, i) => `${line},${i === 0 ? 'z' : '1'}`), /'z': the column is not declared/],
  ['extra columns by name', DataCheck.extraColumns({ columns: ['z'] }), lines(rows()).map((line, i) => `${line},${i === 0 ? 'z' : '1'}`), /'z': the column is not declared/],
  ['types', DataCheck.types(), lines(rows((i) => (i === 3 ? { n: 'x' } : {}))), /'n': 1 of 200 .* not of type integer/],
  ['types of a column', DataCheck.types({ columns: ['n'] }), lines(rows((i) => (i === 3 ? { n: 'x' } : {}))), /'n': 1 of 200 .* not of type integer/],
  ['nulls', DataCheck.nulls(), lines(rows((i) => (i % 5 === 0 ? { n: '' } : {}))), /'n': 40 of 200 \(20 %\) .* missing, expected at most 10 %/],
  ['nulls with a bound', DataCheck.nulls({ maximumShare: 0.04 }), lines(rows((i) => (i % 20 === 0 ? { n: '' } : {}))), /'n': 10 of 200 .* at most 4 %/],
  ['nulls of a column', DataCheck.nulls({ maximumShare: 0.04, columns: ['n'] }), lines(rows((i) => (i % 20 === 0 ? { n: '', c: '' } : {}))), /'n': 10 of 200 .* at most 4 %/],
  ['ranges', DataCheck.ranges(), lines(rows((i) => (i === 3 ? { n: -1 } : {}))), /'n': 1 of 200 .* outside the declared range/],
  ['categories', DataCheck.categories(), lines(rows((i) => (i === 3 ? { c: 'x' } : {}))), /'c': 1 of 200 .* none of the declared categories/],
  ['duplicates', DataCheck.duplicates({ maximumShare: 0.3 }), lines([...rows(), ...rows()]), /50 % of the rows repeat another one in every column, expected at most 30 %/],
  ['missing labels', DataCheck.missingLabels({ maximumShare: 0.05 }), lines(rows((i) => (i % 16 === 0 ? { y: '' } : {}))), /'y': the label is unknown in 13 of 200 .* at most 5 %/],
  ['class balance', DataCheck.classBalance({ minimumShare: 0.45 }), lines(rows()), /'y': the classes are unbalanced: 1 of 2 classes has less than 45 % of the labels: '1' \(40 %\)/],
  ['class rows', DataCheck.classRows({ minimum: 81 }), lines(rows()), /'y': 1 of 2 classes has fewer than 81 rows: '1' \(80\)/],
  ['leakage', DataCheck.leakage({ columns: ['n'] }), lines(rows((i) => ({ id: i * 7919 % 200, y: Number(i < 80) }))), /'n': the column alone nearly tells the label/],
  ['leakage with a bound', DataCheck.leakage({ maximumFigure: 0.9, columns: ['n'] }), lines(rows((i) => ({ y: Number(i < 80 && i % 8 > 0), id: i * 7919 % 200 }))), /'n': .* AUC 0\.9\d+, expected at most 0\.9\./],
];

describe('each check refuses, warns or is off, as it is told', () => {
  it.each(cases)('%s', async (_, check, content, finding) => {
    const one = [expect.stringMatching(finding)];
    const found = async (level: DataCheck): Promise<unknown> => {
      const { passed, reasons, warnings } = await report(content, level);
      return { passed, reasons, warnings };
    };
    expect(await found(check.fail())).toEqual({ passed: false, reasons: one, warnings: [] });
    expect(await found(check.warn())).toEqual({ passed: true, reasons: [], warnings: one });
    expect(await found(check.off())).toEqual({ passed: true, reasons: [], warnings: [] });
  });

  it('a constant label', async () => {
    const content = lines(rows(() => ({ y: 0 })));
    expect((await report(content, DataCheck.constantLabel())).reasons).toEqual([expect.stringMatching(/'y': the label is constant/)]);
    expect(await report(content, DataCheck.constantLabel().warn())).toMatchObject({ passed: true, warnings: [expect.stringMatching(/constant/)] });
    expect(await report(content, DataCheck.constantLabel().off())).toMatchObject({ passed: true, warnings: [] });
  });

  it('fails at one bound and warns at another, and says it once', async () => {
    const checks = [DataCheck.nulls({ maximumShare: 0.3 }).fail(), DataCheck.nulls({ maximumShare: 0.02 }).warn()];
    expect(await report(lines(rows((i) => (i % 10 === 0 ? { n: '' } : {}))), ...checks)).toMatchObject({ passed: true, warnings: [expect.stringMatching(/'n': 20 of 200 .* at most 2 %/)] });
    expect(await report(lines(rows((i) => (i % 2 === 0 ? { n: '' } : {}))), ...checks)).toMatchObject({ reasons: [expect.stringMatching(/'n': 100 of 200 .* at most 30 %/)], warnings: [] });
  });

  it('cannot do without the label, whatever is off', async () => {
    const content = lines(rows()).map((line) => line.slice(0, line.lastIndexOf(',')));
    expect((await report(content, DataCheck.missingColumns().off())).reasons).toEqual([expect.stringMatching(/'y': the column is missing, expected integer/)]);
  });
});

describe('several files', () => {
  async function several(files: Readonly<Record<string, readonly string[]>>, ...checks: DataCheck[]): Promise<ValidationReport> {
    return withFolder(async (folder) => {
      const file = await Promise.all(Object.entries(files).map(async ([name, content], index) => ({ name, path: await writeLines(path.join(folder, `${String(index)}-${path.basename(name)}`), content) })));
      return validateDataset({ file, schema, checks: resolveChecks(checks.map((check) => check.toJSON())), memoryMb: 200, threads: 1 });
    });
  }

  it('are one table by the names of their columns, whatever their order, delimiter and encoding', async () => {
    const [one, two] = [rows().slice(0, 120), rows().slice(120)];
    const turned = ['y;n;c;id', ...two.map(({ id, n, c, y }) => `${String(y)};${String(n)};${c};${String(id)}`)];
    const whole = await report(lines(rows()));
    const parts = await several({ 'a/1.csv': lines(one), 'a/2.csv': turned });
    expect(parts.reasons).toEqual([]);
    expect({ statistics: parts.statistics, constraints: parts.constraints, label: parts.label, rows: parts.rows }).toEqual({ statistics: whole.statistics, constraints: whole.constraints, label: whole.label, rows: 200 });
  });

  it('are told apart in the reasons', async () => {
    const { reasons, rows: read } = await several({
      'a/1.csv': lines(rows()),
      'a/2.csv': lines(rows().slice(0, 5), 'id,n,c,z'),
      'b/3.csv': [...lines(rows(undefined, 3)), '1,2,a'],
      'b/4.csv': [],
      'b/5.jsonl': ['{"id":900,"n":1,"c":"a","y":1}'],
    });
    expect(read).toBe(200 + 5 + 3 + 1);
    expect(reasons).toEqual([
      'b/4.csv: The file is empty (0 bytes), expected CSV, JSON lines or Parquet with at least a header.',
      "The files are of different formats: 3 of CSV (such as 'a/1.csv'), 1 of JSON lines (such as 'b/5.jsonl'); expected one format.",
      expect.stringMatching(/^b\/3\.csv: 1 row is malformed: line 5: /),
      "'y': the column is missing in 1 of 4 files, such as 'a/2.csv', expected integer. Not declared, but in the file: 'z'.",
    ]);
  });

  it('none of which can be read are refused for each', async () => {
    expect((await several({ 'a.csv': [], 'b.csv': [] })).reasons).toEqual([expect.stringMatching(/^a\.csv: The file is empty .* b\.csv: The file is empty/)]);
  });

  it('repeat rows of each other, which is found', async () => {
    expect((await several({ 'a.csv': lines(rows()), 'b.csv': ['y,c,n,id', ...rows().map(({ id, n, c, y }) => `${String(y)},${c},${String(n)},${String(id)}`)] }, DataCheck.duplicates({ maximumShare: 0.4 }))).reasons).toEqual([
      '50 % of the rows repeat another one in every column, expected at most 40 %.',
    ]);
  });
});
