import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMatrix } from '../../../model/data/matrix.ts';
import { prepareDataset } from '../../../model/data/prepare.ts';
import { quoteText } from '../../../model/data/quote.ts';
import { readRawColumns } from '../../../model/data/raw-columns.ts';
import { parseRow } from '../../../model/serving/request.ts';
import { servingSchema } from '../../../model/serving/schema.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { Feature } from '../../../model/spec/feature.ts';
import { Split } from '../../../model/spec/split.ts';
import { askPython, describeWithOracle } from '../../support/oracle.ts';
import { query, withFolder, writeParquet } from './files.ts';

const schema = new Dataset({
  columns: [Column.number('distance'), Column.string('origin'), Column.number('counts'), Column.integer('late'), Column.number('wind')],
  label: Label.binary('late'),
  weight: 'counts',
}).toJSON();
const features = [Feature.numeric('distance'), Feature.category('origin'), Feature.numeric('wind')].map((feature) => feature.toJSON());
const split = Split.byRowHash().toJSON();
/** A third of the winds, the last column, is missing, and so is the distance of each row that is a multiple of 5. */
const rows = (weight: string): string => `SELECT nullif(i % 5, 0) * 1.1 AS distance, ['ORD', 'ATL', 'LAX'][1 + i % 3] AS origin, ${weight} AS counts, i % 2 AS late,
  CASE WHEN i % 3 > 0 THEN i / 7 END AS wind FROM range(600) AS t(i)`;

async function prepared<T>(select: string, use: (folder: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const file = await writeParquet(path.join(folder, 'rows.parquet'), select);
    await prepareDataset({ file, schema, features, split, outDir: path.join(folder, 'out'), memoryMb: 200, threads: 1 });
    return use(path.join(folder, 'out'));
  });
}

describe('a dataset with weights', () => {
  it('is prepared as CSV without a header: label, weight, features', async () => {
    await prepared(rows('0.1 * (i % 4)'), async (folder) => {
      const text = await readFile(path.join(folder, 'train', 'data.csv'), 'utf8');
      const lines = text.trimEnd().split('\n').map((line) => line.split(','));
      expect(new Set(lines.map((fields) => fields.length))).toEqual(new Set([5]));
      expect(new Set(lines.map((fields) => fields[1]))).toEqual(new Set(['0.0', '0.1', '0.2', '0.3']));
      expect(text).not.toMatch(/"|nan|NULL/i);
      const matrix = await readMatrix(path.join(folder, 'train'), { memoryMb: 100, weights: true });
      expect(matrix.columns).toHaveLength(3);
      expect(matrix.weight!.slice(0, 9)).toEqual(Float32Array.from(lines.slice(0, 9), (fields) => Number(fields[1])));
      expect(matrix.columns[2]!.filter(Number.isNaN).length).toBe(lines.filter((fields) => fields[4] === '').length);
    });
  });

  it('asks for no weight in a prediction', async () => {
    await prepared(rows('1'), async (folder) => {
      const [first] = JSON.parse(await readFile(path.join(folder, 'sample.json'), 'utf8')) as object[];
      expect(Object.keys(first!)).toEqual(['distance', 'origin', 'wind']);
      expect(() => parseRow(first, servingSchema(schema))).not.toThrow();
      expect(() => parseRow({ ...first, counts: 1 }, servingSchema(schema))).toThrow('left out: it tells how much a row of the training data counts');
      expect(Object.keys((await readRawColumns(path.join(folder, 'test', 'data.parquet'), schema, { memoryMb: 100 })).columns)).toEqual(['distance', 'origin', 'wind']);
      expect(Object.keys((await query<object>(`FROM read_parquet(${quoteText(path.join(folder, 'test', 'data.parquet'))})`))[0]!)).toContain('counts');
    });
  });

  it.each([
    ['a missing one', 'CASE WHEN i <> 3 THEN 1.5 END', "The weight 'counts' holds 1 values that are missing, negative or infinite"],
    ['a negative one', 'CASE WHEN i IN (3, 4) THEN -1 ELSE 1 END', 'holds 2 values'],
    ['an infinite one', "CASE WHEN i = 3 THEN 'inf'::DOUBLE ELSE 1 END", 'holds 1 values'],
    ['none but 0', '0', 'is 0 in every row of the training split'],
  ])('is refused with %s', async (_, weight, message) => {
    await expect(prepared(rows(weight), () => Promise.resolve())).rejects.toThrow(message);
  });
});

describeWithOracle('xgboost', "SageMaker's image reads the same from the CSV", () => {
  it('labels, weights, values and what is missing, also in the last column', async () => {
    await prepared(rows('0.1 * (i % 4)'), async (folder) => {
      const file = path.join(folder, 'train', 'data.csv');
      const found = askPython(path.join(import.meta.dirname, 'fixtures', 'read_csv_weights.py'), { file }) as { delimiter: string; rows: number; columns: number; label: number[]; weight: number[]; present: number[][] };
      const matrix = await readMatrix(file, { memoryMb: 100, weights: true });
      expect(found).toMatchObject({ delimiter: ',', rows: matrix.rows, columns: matrix.columns.length, label: [...matrix.label], weight: [...matrix.weight!] });
      const present = Array.from({ length: matrix.rows }, (_, row) => matrix.columns.map((column) => column[row]!).filter((value) => !Number.isNaN(value)));
      found.present.forEach((values, row) => {
        expect(values).toHaveLength(present[row]!.length);
        // Its reader of numbers is off by a last bit now and then.
        values.forEach((value, index) => expect(Math.abs(value - present[row]![index]!)).toBeLessThanOrEqual(2 ** -22 * Math.abs(value)));
      });
    });
  });
});
