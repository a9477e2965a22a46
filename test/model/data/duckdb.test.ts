import { existsSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../model/data/duckdb.ts';
import { duplicateShare } from '../../../model/data/duplicates.ts';
import { sketchFromQuantiles } from '../../../model/data/sketch.ts';
import { withFolder } from './files.ts';

describe('withDuckDb', () => {
  it('gives whole numbers as numbers and removes its folder, also after an error', async () => {
    await withFolder(async (temporaryFolder) => {
      let folder = '';
      const rows = await withDuckDb({ memoryMb: 100, temporaryFolder }, (db) => {
        folder = db.folder;
        return db.all('SELECT 2::BIGINT AS a, [1::BIGINT] AS b, {c: 3::HUGEINT} AS d, NULL AS e');
      });
      expect(rows).toEqual([{ a: 2, b: [1], d: { c: 3 }, e: null }]);
      expect(existsSync(folder)).toBe(false);
      await expect(withDuckDb({ memoryMb: 100, temporaryFolder }, (db) => db.run('SELECT * FROM nowhere'))).rejects.toThrow(/nowhere does not exist/);
      expect(readdirSync(temporaryFolder)).toEqual([]);
    });
  });

  it('fetches no extension from the network', async () => {
    await withDuckDb({ memoryMb: 100 }, async (db) => {
      await expect(db.all("FROM 'https://127.0.0.1:1/data.parquet'")).rejects.toThrow(/httpfs/);
    });
  });

  it('keeps to its memory by spilling', async () => {
    await withDuckDb({ memoryMb: 64, threads: 1 }, async (db) => {
      expect(await db.all('SELECT count(*) AS n FROM (SELECT DISTINCT hash(i) FROM range(1000000) AS t(i))')).toEqual([{ n: 1_000_000 }]);
      expect(await db.all("SELECT current_setting('memory_limit') AS l")).toEqual([{ l: '64.0 MiB' }]);
    });
  });
});

describe('duplicateShare', () => {
  it('is exact for few rows and estimated from a share of the hashes for many', async () => {
    await withDuckDb({ memoryMb: 200 }, async (db) => {
      const table = (rows: number) => ({ relation: `(SELECT hash(i * 4 // 5) AS "#hash" FROM range(${String(rows)}) AS t(i))`, columns: [], rejected: [] });
      expect(await duplicateShare(db, table(1000), 1000)).toBe(0.2);
      expect(await duplicateShare(db, table(2_500_000), 2_500_000)).toBeCloseTo(0.2, 2);
      expect(await duplicateShare(db, table(0), 0)).toBe(0);
    });
  });
});

describe('sketchFromQuantiles', () => {
  it('weighs as much as there are values, whatever their number', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 100 }), (count, points) => {
        const quantiles = Array.from({ length: points }, (_, index) => index);
        const { data } = sketchFromQuantiles(count, quantiles);
        expect(data.reduce((sum, level, index) => sum + level.length * 2 ** index, 0)).toBe(count);
        expect(data.flat().every((value) => quantiles.includes(value))).toBe(true);
      }),
    );
  });
});
