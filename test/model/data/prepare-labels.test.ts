import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMatrix } from '../../../model/data/matrix.ts';
import { prepareDataset } from '../../../model/data/prepare.ts';
import type { PreparedDataset } from '../../../model/data/prepare.ts';
import { quoteText } from '../../../model/data/quote.ts';
import { readRawColumns } from '../../../model/data/raw-columns.ts';
import { targetMeanSmoothing } from '../../../model/features/fit.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { DeclarationError } from '../../../model/spec/errors.ts';
import { Feature } from '../../../model/spec/feature.ts';
import { Split } from '../../../model/spec/split.ts';
import { query, withFolder, writeParquet } from './files.ts';

const split = Split.byRowHash({ train: 0.7, validation: 0.15, test: 0.15 }).toJSON();
const columns = [Column.integer('id'), Column.string('island'), Column.string('species'), Column.number('mass')];
const species = new Dataset({ columns, label: Label.category('species') }).toJSON();
const mass = new Dataset({ columns, label: Label.number('mass') }).toJSON();

/** Penguins as many as the real ones, each different. */
function penguins(rows = 344): string {
  return `SELECT i AS id, ['Biscoe', 'Dream', 'Torgersen'][1 + i * 7 % 3] AS island, ['Chinstrap', 'Adelie', 'Gentoo', 'Ünlü', 'Zebra'][1 + i % 5] AS species,
    3000 + i * 37.1 % 2500 AS mass FROM range(${String(rows)}) AS t(i)`;
}

async function prepared<T>(select: string, use: (folder: string, result: PreparedDataset) => Promise<T>, more: { schema?: typeof species; features?: Feature[]; threads?: number } = {}): Promise<T> {
  const { schema = species, features = [Feature.numeric('id'), Feature.category('island')], threads = 1 } = more;
  return withFolder(async (folder) => {
    const file = await writeParquet(path.join(folder, 'rows.parquet'), select);
    const outDir = path.join(folder, 'out');
    return use(outDir, await prepareDataset({ file, schema, features: features.map((feature) => feature.toJSON()), split, outDir, memoryMb: 200, threads }));
  });
}

const labelFile = async (folder: string): Promise<unknown> => JSON.parse(await readFile(path.join(folder, 'label.json'), 'utf8'));
const memory = { memoryMb: 100, threads: 1 };

describe('prepareDataset for several classes', () => {
  it('learns the classes in the order of their code units and writes their index in all three parts', async () => {
    await prepared(penguins(), async (folder, { classes, rows, droppedRows }) => {
      expect(classes).toEqual(['Adelie', 'Chinstrap', 'Gentoo', 'Zebra', 'Ünlü']);
      expect(droppedRows).toBe(0);
      expect(rows.train + rows.validation + rows.test).toBe(344);
      expect(await labelFile(folder)).toEqual({ kind: 'category', classes });
      for (const part of ['train', 'validation']) {
        const { columns: [id], label } = await readMatrix(path.join(folder, part), memory);
        const named = Array.from(id!, (value) => ['Chinstrap', 'Adelie', 'Gentoo', 'Ünlü', 'Zebra'][value % 5]);
        expect(Array.from(label, (index) => classes![index])).toEqual(named);
      }
      const test = await query<{ species: string; label: number }>(`FROM read_parquet(${quoteText(path.join(folder, 'test', 'data.parquet'))})`);
      expect(test.map((row) => classes![row.label])).toEqual(test.map((row) => row.species));
      const raw = await readRawColumns(path.join(folder, 'test', 'data.parquet'), species, memory);
      expect(Array.from(raw.label)).toEqual(test.map((row) => row.label));
      expect(Object.keys(raw.columns)).toEqual(['id', 'island', 'mass']);
      expect((JSON.parse(await readFile(path.join(folder, 'sample.json'), 'utf8')) as object[]).every((row) => !('species' in row))).toBe(true);
    });
  });

  it('takes whole numbers and booleans as classes by their text', async () => {
    const of = async (label: string, column: Column): Promise<string[] | undefined> => {
      const schema = new Dataset({ columns: [Column.integer('id'), column], label: Label.category('y') }).toJSON();
      return prepared(`SELECT i AS id, ${label} AS y FROM range(300) AS t(i)`, (_, { classes }) => Promise.resolve(classes), { schema, features: [Feature.numeric('id')] });
    };
    expect(await of('i % 11', Column.integer('y'))).toEqual(['0', '1', '10', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(await of('i % 2 = 0', Column.boolean('y'))).toEqual(['false', 'true']);
  });

  it('drops rows whose class is unknown to the training split, and counts them', async () => {
    const rare = `SELECT * REPLACE (CASE WHEN id = 3 THEN NULL WHEN id % 8 = 1 THEN 'rare ' || id ELSE species END AS species) FROM (${penguins()})`;
    await prepared(rare, async (folder, { classes, rows, droppedRows, unseenClassRows }) => {
      const unseen = 43 - classes!.filter((name) => name.startsWith('rare ')).length;
      expect(unseen).toBeGreaterThan(0);
      expect(unseen).toBeLessThan(43);
      expect([unseenClassRows, droppedRows]).toEqual([unseen, unseen + 1]);
      expect(rows.train + rows.validation + rows.test).toBe(344 - droppedRows);
      const { label } = await readMatrix(path.join(folder, 'validation'), memory);
      expect(label.length).toBe(rows.validation);
      expect(label.every((index) => index >= 0 && index < classes!.length)).toBe(true);
    });
  });

  it.each([
    ['one class', "'a'", /the class 'a' alone in the training split, expected at least 2/],
    ['no class at all', 'NULL::VARCHAR', /has no class in the training split/],
    ['too many classes', "'c' || id", /more than 100 classes in the training split.*Label.number/],
    ['a class that is not text for every reader', "'a' || chr(0) || (id % 2)", /a NUL in its text/],
  ])('refuses %s', async (_, label, message) => {
    await expect(prepared(`SELECT * REPLACE (${label} AS species) FROM (${penguins()})`, () => Promise.resolve())).rejects.toThrow(message);
  });

  it('refuses an empty part, one of unseen classes alone, and the mean of classes', async () => {
    await expect(prepared(penguins(3), () => Promise.resolve(), { schema: mass })).rejects.toThrow(/No row with a known label falls into .*: the file has 3 such rows\. More/);
    const alone = `SELECT * REPLACE (CASE WHEN id < 2 THEN 'a' ELSE 'rare ' || id END AS species) FROM (${penguins(60)})`;
    await expect(prepared(alone, () => Promise.resolve())).rejects.toThrow(/falls into test: the file has 60 such rows, \d+ of them there with a class that the training split does not have/);
    const mean = prepared(penguins(), () => Promise.resolve(), { features: [Feature.targetMean('island')] });
    await expect(mean).rejects.toThrow(DeclarationError);
    await expect(mean).rejects.toThrow(/classes have no mean: take Feature.category/);
  });
});

describe('prepareDataset for a number', () => {
  it('writes the number itself, and its mean by category', async () => {
    await prepared(
      penguins(),
      async (folder, { fitted, classes }) => {
        expect(classes).toBeUndefined();
        expect(await labelFile(folder)).toEqual({ kind: 'number' });
        const { columns: [id, means], label } = await readMatrix(path.join(folder, 'train'), memory);
        expect(Array.from(label)).toEqual(Array.from(id!, (value) => Math.fround(3000 + ((value * 371) % 25_000) / 10)));
        const all = label.reduce((sum, value) => sum + value, 0) / label.length;
        const dream = Array.from(label).filter((_, row) => (id![row]! * 7) % 3 === 1);
        const expected = (dream.reduce((sum, value) => sum + value, 0) + targetMeanSmoothing * all) / (dream.length + targetMeanSmoothing);
        expect(new Map(fitted[1]!.encoding).get('Dream')).toBeCloseTo(expected, 2);
        expect(new Set(means).size).toBe(3);
      },
      { schema: mass, features: [Feature.numeric('id'), Feature.targetMean('island')] },
    );
  });

  it('gives the same means whatever the number of threads and the size of the numbers', async () => {
    const select = `SELECT i AS id, 'k' || i % 40 AS island, '' AS species, sin(i) * 10 ** (i % 30 - 15) AS mass FROM range(200000) AS t(i)`;
    const means = async (threads: number): Promise<unknown> => prepared(select, (_, { fitted }) => Promise.resolve(fitted), { schema: mass, features: [Feature.targetMean('island')], threads });
    expect(await means(4)).toEqual(await means(1));
  });

  it('leaves out unknown numbers and refuses infinite ones', async () => {
    const more = { schema: mass };
    await prepared(`SELECT * REPLACE (CASE id % 4 WHEN 0 THEN NULL WHEN 1 THEN 'nan'::DOUBLE ELSE mass END AS mass) FROM (${penguins()})`, (_, { droppedRows, unseenClassRows }) => {
      expect([droppedRows, unseenClassRows]).toEqual([172, 0]);
      return Promise.resolve();
    }, more);
    const infinite = `SELECT * REPLACE (CASE id % 10 WHEN 0 THEN '-inf'::DOUBLE WHEN 1 THEN 1e39 ELSE mass END AS mass) FROM (${penguins()})`;
    await expect(prepared(infinite, () => Promise.resolve(), more)).rejects.toThrow("The label 'mass' holds 70 values that are infinite or larger than float32 holds.");
  });
});
