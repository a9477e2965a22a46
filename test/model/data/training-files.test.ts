import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../model/data/duckdb.ts';
import { readMatrix } from '../../../model/data/matrix.ts';
import { writeTrainingFiles } from '../../../model/data/training-files.ts';
import { formatOf } from '../../../model/spec/training-format.ts';

const memoryMb = 256;
const rows = 'SELECT (i % 2)::FLOAT AS label, CASE i WHEN 1 THEN NULL ELSE i + 0.5 END::FLOAT AS x FROM range(10) t(i)';
let folder: string;

beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'training-files-'))));
afterEach(() => rm(folder, { recursive: true }));

const write = (contentType: string, parts: number) =>
  withDuckDb({ memoryMb, temporaryFolder: folder }, (db) => writeTrainingFiles(db, rows, folder, { format: formatOf(contentType)!, parts }));
const written = async () => (await readdir(folder)).sort();

describe('the rows of a training job', () => {
  it('are one file for one instance', async () => {
    expect(await write('application/x-parquet', 1)).toEqual(['data.parquet']);
    expect(await written()).toEqual(['data.parquet']);
  });

  it('are shared out among several, each row once', async () => {
    const names = await write('application/x-parquet', 3);
    expect(names).toEqual(['part-1-of-3.parquet', 'part-2-of-3.parquet', 'part-3-of-3.parquet']);
    expect(await written()).toEqual(names);
    const parts = await Promise.all(names.map((name) => readMatrix([path.join(folder, name)], { memoryMb })));
    expect(parts.map((part) => part.rows)).toEqual([4, 3, 3]);
    const values = parts.flatMap(({ columns }) => [...columns[0]!]);
    expect(values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b)).toEqual([0.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5]);
    expect(values.filter(Number.isNaN)).toHaveLength(1);
  });

  it('are CSV where the container reads that: no header, the label first, nothing for a missing value', async () => {
    expect(await write('text/csv', 1)).toEqual(['data.csv']);
    expect((await readFile(path.join(folder, 'data.csv'), 'utf8')).split('\n').slice(0, 3)).toEqual(['0.0,0.5', '1.0,', '0.0,2.5']);
    expect(await write('text/csv', 2)).toEqual(['part-1-of-2.csv', 'part-2-of-2.csv']);
    expect((await readFile(path.join(folder, 'part-2-of-2.csv'), 'utf8')).split('\n').slice(0, 2)).toEqual(['1.0,', '1.0,3.5']);
  });

  it('are refused where an instance would get none', async () => {
    await expect(write('text/csv', 11)).rejects.toThrow(/10 training rows for 11 instances/);
    expect(await written()).toEqual([]);
  });
});
