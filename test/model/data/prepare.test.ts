import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MatrixError, readMatrix } from '../../../model/data/matrix.ts';
import { prepareDataset } from '../../../model/data/prepare.ts';
import type { PreparedDataset } from '../../../model/data/prepare.ts';
import { quoteText } from '../../../model/data/quote.ts';
import { readRawColumns } from '../../../model/data/raw-columns.ts';
import { targetMeanSmoothing } from '../../../model/features/fit.ts';
import { graphInput } from '../../../model/features/serving.ts';
import type { RawColumn } from '../../../model/features/serving.ts';
import { columnarGraphInputs } from '../../../model/serving/inputs.ts';
import { parseRow } from '../../../model/serving/request.ts';
import { servingSchema } from '../../../model/serving/schema.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { Feature } from '../../../model/spec/feature.ts';
import { Split } from '../../../model/spec/split.ts';
import { query, tripFeatures, trips, tripsSql, withFolder, writeLines, writeParquet } from './files.ts';

const split = Split.byRowHash().toJSON();

async function prepare(folder: string, file: string, more: { threads?: number } = {}): Promise<PreparedDataset> {
  return prepareDataset({ file, schema: trips, features: tripFeatures, split, outDir: path.join(folder, 'out'), memoryMb: 200, threads: 1, ...more });
}

async function prepared<T>(select: string, use: (folder: string, result: PreparedDataset) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => use(path.join(folder, 'out'), await prepare(folder, await writeParquet(path.join(folder, 'rows.parquet'), select))));
}

function rowsOf<Row>(folder: string, part: string): Promise<Row[]> {
  return query<Row>(`FROM read_parquet(${quoteText(path.join(folder, part, 'data.parquet'))})`);
}

describe('prepareDataset', () => {
  it('writes train and validation as floats with the label first, test as raw columns', async () => {
    await prepared(tripsSql(2000), async (folder, { rows, fitted }) => {
      expect(rows.train + rows.validation + rows.test).toBe(2000);
      const names = ['label', ...tripFeatures.map((feature) => feature.name)];
      for (const part of ['train', 'validation']) {
        const described = await query<{ column_name: string; column_type: string }>(`DESCRIBE FROM read_parquet(${quoteText(path.join(folder, part, 'data.parquet'))})`);
        expect(described.map((column) => column.column_name)).toEqual(names);
        expect(new Set(described.map((column) => column.column_type))).toEqual(new Set(['FLOAT']));
      }
      expect(Object.keys((await rowsOf<object>(folder, 'test'))[0]!)).toEqual(['left', 'delay', 'distance', 'origin', 'weekend', 'label']);
      expect(JSON.parse(await readFile(path.join(folder, 'features.json'), 'utf8'))).toEqual(fitted);
      const compression = await query<{ compression: string }>(`SELECT DISTINCT compression FROM parquet_metadata(${quoteText(path.join(folder, 'train', 'data.parquet'))})`);
      expect(compression).toEqual([{ compression: 'SNAPPY' }]);
    });
  });

  it('cuts by MD5 of the row, in a way that any program can repeat', async () => {
    await prepared(tripsSql(2000), async (folder, { rows }) => {
      const test = await rowsOf<{ left: Date; delay: number; distance: number; origin: string; weekend: boolean }>(folder, 'test');
      const part = (row: (typeof test)[number]): string => {
        const texts = [row.left.toISOString().slice(0, 19).replace('T', ' '), row.delay.toFixed(1), row.distance, row.origin, row.weekend];
        const h = createHash('md5').update(texts.join('\u001F')).digest().readBigUInt64LE(8) % 1_000_000n;
        return h < 800_000n ? 'train' : h < 900_000n ? 'validation' : 'test';
      };
      expect(new Set(test.map(part))).toEqual(new Set(['test']));
      expect(rows.train / 2000).toBeCloseTo(0.8, 1);
      expect(rows.validation / 2000).toBeCloseTo(0.1, 1);
    });
  });

  it('gives the same bytes for the same rows as CSV, whatever the number of threads', async () => {
    await withFolder(async (folder) => {
      const parquet = await writeParquet(path.join(folder, 'rows.parquet'), tripsSql(3000));
      const csv = path.join(folder, 'rows.csv');
      await query(`COPY (FROM read_parquet(${quoteText(parquet)})) TO ${quoteText(csv)} (FORMAT csv)`);
      const outcome = async (file: string, threads: number): Promise<unknown> => {
        await prepare(folder, file, { threads });
        const matrix = await readMatrix(path.join(folder, 'out', 'train'), { memoryMb: 100, threads });
        return { columns: matrix.columns, label: matrix.label, fitted: await readFile(path.join(folder, 'out', 'features.json'), 'utf8') };
      };
      const once = await outcome(parquet, 1);
      expect(await outcome(parquet, 2)).toEqual(once);
      expect(await outcome(csv, 2)).toEqual(once);
    });
  });

  it('keeps equal rows in one part, and a row in its part when the file grows', async () => {
    const tests = [];
    for (const select of [tripsSql(1000), `FROM (${tripsSql(1000)}) AS t, range(2) AS r(copy)`, tripsSql(1500)]) {
      tests.push(await prepared(`SELECT "left", delay, distance, origin, weekend FROM (${select})`, async (folder) => (await rowsOf<{ left: Date }>(folder, 'test')).map((row) => row.left.getTime())));
    }
    const [once, twice, grown] = tests as [number[], number[], number[]];
    expect(twice.toSorted()).toEqual([...once, ...once].toSorted());
    expect(grown.filter((left) => left < new Date('2001-01-01T05:00:00Z').getTime() + 1000 * 37 * 60_000)).toEqual(once);
  });

  it('learns from the training rows alone', async () => {
    await prepared(tripsSql(2000), async (folder, { fitted }) => {
      const train = await query<{ origin: string; rows: number; late: number }>(
        `SELECT origin, count(*) AS rows, count(*) FILTER (delay > 15) AS late FROM ((${tripsSql(2000)}) EXCEPT ALL SELECT "left", delay, distance, origin, weekend FROM read_parquet(${quoteText(path.join(folder, 'test', 'data.parquet'))})) GROUP BY origin`,
      );
      const category = new Map(fitted.find((feature) => feature.transform === 'category')!.encoding);
      expect([...category.keys()][0]).toBe('ORD');
      expect([...category.values()]).toEqual([0, 1, 2, 3, 4]);
      // The rows of train and validation together would give other means than those of train: the encoding must not be theirs.
      const means = new Map(fitted.find((feature) => feature.transform === 'targetMean')!.encoding);
      const all = train.reduce((sum, row) => sum + row.late, 0) / train.reduce((sum, row) => sum + row.rows, 0);
      expect(train.some((row) => Math.abs(means.get(row.origin)! - (row.late + targetMeanSmoothing * all) / (row.rows + targetMeanSmoothing)) > 1e-6)).toBe(true);
      const matrix = await readMatrix(path.join(folder, 'train'), { memoryMb: 100 });
      const codes = matrix.columns[matrix.names.indexOf('origin')]!;
      const rows = codes.reduce((sum, code) => sum + Number(code === 0), 0);
      const late = codes.reduce((sum, code, row) => sum + (code === 0 ? matrix.label[row]! : 0), 0);
      const mean = matrix.label.reduce((sum, label) => sum + label, 0) / matrix.rows;
      expect(means.get('ORD')).toBe(Math.fround((late + targetMeanSmoothing * mean) / (rows + targetMeanSmoothing)));
    });
  });

  it('writes a sample that a prediction request may send as it is', async () => {
    await prepared(`SELECT * REPLACE ("left" + INTERVAL 1500 MILLISECOND AS "left", CASE WHEN weekend THEN origin END AS origin) FROM (${tripsSql(1000)})`, async (folder, { fitted }) => {
      const sample = JSON.parse(await readFile(path.join(folder, 'sample.json'), 'utf8')) as Record<string, unknown>[];
      expect(sample).toHaveLength(20);
      expect(sample[0]!['left']).toMatch(/^2001-\d\d-\d\dT\d\d:\d\d:01\.5$/);
      const serving = servingSchema(trips);
      const raw = await readRawColumns(path.join(folder, 'test', 'data.parquet'), trips, { memoryMb: 100 });
      const step = Math.floor(raw.rows / 20);
      sample.forEach((request, index) => {
        expect(Object.keys(request)).toEqual(['left', 'distance', 'origin', 'weekend']);
        const row = parseRow(request, serving);
        for (const feature of fitted) {
          const place = serving.columns.findIndex((column) => column.name === feature.column);
          const { type } = serving.columns[place]!;
          expect(graphInput(feature, [row[place]!] as RawColumn, type)).toEqual(graphInput(feature, [raw.columns[feature.column]![index * step]!] as RawColumn, type));
        }
      });
      expect(Object.keys(columnarGraphInputs((name) => raw.columns[name]!, fitted, serving))).toEqual(fitted.map((feature) => feature.name));
    });
  });

  it('leaves out rows without a label and counts them', async () => {
    const select = `SELECT * REPLACE (CASE WHEN distance % 10 <> 0 THEN delay END AS delay) FROM (${tripsSql(1000)})`;
    await prepared(select, async (folder, { rows, droppedRows }) => {
      expect(droppedRows).toBe(100);
      expect(rows.train + rows.validation + rows.test).toBe(900);
      expect((await rowsOf<{ label: number }>(folder, 'test')).every((row) => row.label === 0 || row.label === 1)).toBe(true);
    });
  });

  it('says so where a part stays empty, the label is foreign, or a category has too many values', async () => {
    await expect(prepared(tripsSql(2), () => Promise.resolve())).rejects.toThrow(/No row with a known label falls into .*: the file has 2 such rows/);
    const schema = new Dataset({ columns: [Column.integer('label'), Column.integer('id')], label: Label.binary('label') }).toJSON();
    await withFolder(async (folder) => {
      const options = { schema, features: [Feature.category('id').toJSON()], split, outDir: folder, memoryMb: 200 };
      const foreign = await writeParquet(path.join(folder, 'foreign.parquet'), 'SELECT i % 3 AS label, i AS id FROM range(300) AS t(i)');
      await expect(prepareDataset({ ...options, file: foreign })).rejects.toThrow("The label 'label' holds 100 values other than 0 and 1.");
      const many = await writeParquet(path.join(folder, 'many.parquet'), 'SELECT i % 2 AS label, i AS id FROM range(70000) AS t(i)');
      await expect(prepareDataset({ ...options, file: many })).rejects.toThrow(/Feature.category\('id'\).*more than 50000/);
      const few = await writeParquet(path.join(folder, 'few.parquet'), 'SELECT i % 2 AS label, i % 5 AS id FROM range(500) AS t(i)');
      await prepareDataset({ ...options, file: few });
      expect(Object.keys((await rowsOf<object>(folder, 'test'))[0]!)).toEqual(['id', 'label']);
    });
  });
});

describe('readMatrix', () => {
  it('reads headerless CSV, several files in the order of their names, and nulls as NaN', async () => {
    await withFolder(async (folder) => {
      await writeLines(path.join(folder, 'b.csv'), ['0,3,', '1,,-4e-1']);
      await writeLines(path.join(folder, 'a.csv'), ['1,0.1,2']);
      await writeLines(path.join(folder, '_SUCCESS'), []);
      const matrix = await readMatrix(folder, { memoryMb: 100, threads: 1 });
      expect(matrix).toEqual({ rows: 3, names: ['column1', 'column2'], label: Float32Array.of(1, 0, 1), columns: [Float32Array.of(0.1, 3, Number.NaN), Float32Array.of(2, Number.NaN, -0.4)] });
    });
  });

  it('names what is no matrix', async () => {
    await withFolder(async (folder) => {
      const text = await writeParquet(path.join(folder, 'text.parquet'), "SELECT 1.0 AS label, 'x' AS s");
      await expect(readMatrix(text, { memoryMb: 100 })).rejects.toThrow("'s' is VARCHAR, expected numbers only.");
      const a = await writeParquet(path.join(folder, 'a.parquet'), 'SELECT 1.0 AS label, 2 AS x');
      const b = await writeParquet(path.join(folder, 'b.parquet'), 'SELECT 1.0 AS label, 2 AS y');
      await expect(readMatrix([a, b], { memoryMb: 100 })).rejects.toThrow(MatrixError);
      await expect(readMatrix([], { memoryMb: 100 })).rejects.toThrow(/holds no data file/);
    });
  });
});
