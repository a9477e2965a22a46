import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../model/data/duckdb.ts';
import { prepareDataset } from '../../../model/data/prepare.ts';
import type { PreparedDataset } from '../../../model/data/prepare.ts';
import { quoteText } from '../../../model/data/quote.ts';
import { timeCuts } from '../../../model/data/time-cuts.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { Feature } from '../../../model/spec/feature.ts';
import { Split } from '../../../model/spec/split.ts';
import { query, withFolder, writeLines, writeParquet } from './files.ts';

const schema = new Dataset({
  columns: [Column.integer('id'), Column.timestamp('at'), Column.integer('year'), Column.string('customer'), Column.boolean('late')],
  label: Label.binary('late'),
}).toJSON();
const features = [Feature.numeric('id').toJSON()];

interface Row {
  readonly id: number;
  /** Seconds of 2001. */
  readonly at: number | null;
  readonly year: number | null;
  readonly customer: string | null;
  readonly late: boolean | null;
}

interface Parts extends PreparedDataset {
  /** The ids of each part. */
  readonly ids: readonly [train: number[], validation: number[], test: number[]];
}

/** The parts of rows, by their ids. */
async function partsOf(rows: readonly Row[], split: Split): Promise<Parts> {
  return withFolder(async (folder) => {
    const time = (at: number): string => new Date(Date.UTC(2001, 0, 1) + at * 1000).toISOString().slice(0, 19);
    const lines = rows.map(({ id, at, year, customer, late }) => [id, at === null ? '' : time(at), year ?? '', customer ?? '', late ?? ''].join(','));
    const file = await writeLines(path.join(folder, 'rows.csv'), ['id,at,year,customer,late', ...lines]);
    const outDir = path.join(folder, 'out');
    const prepared = await prepareDataset({ file, schema, features, split: split.toJSON(), outDir, memoryMb: 200, threads: 1 });
    const ids = await Promise.all(['train', 'validation', 'test'].map(async (part) => {
      const found = await query<{ id: number }>(`SELECT id::BIGINT AS id FROM read_parquet(${quoteText(path.join(outDir, part, 'data.parquet'))})`);
      return found.map(({ id }) => id).toSorted((a, b) => a - b);
    }));
    return { ...prepared, ids: ids as [number[], number[], number[]] };
  });
}

const someRows = fc
  .array(
    fc.record({
      at: fc.option(fc.integer({ min: 0, max: 40 }).map((value) => value * 86_000), { freq: 12 }),
      year: fc.option(fc.integer({ min: -3, max: 2030 }), { freq: 12 }),
      customer: fc.option(fc.integer({ min: 0, max: 60 }).map((value) => `customer ${String(value)}`), { freq: 12 }),
      late: fc.option(fc.boolean(), { freq: 12 }),
    }),
    { minLength: 150, maxLength: 250 },
  )
  .map((rows) => rows.map((row, id) => ({ id, ...row })));
const someShares = fc.constantFrom({}, { train: 0.6, validation: 0.2, test: 0.2 }, { train: 0.34, validation: 0.33, test: 0.33 });
const runs = { numRuns: 8 };

describe.each(['at', 'year'] as const)('a split by time, of %s', (column) => {
  it('trains on the oldest rows and tests on the newest, near the shares, whatever the order of the file', async () => {
    await fc.assert(
      fc.asyncProperty(someRows, someShares, fc.infiniteStream(fc.nat()), async (rows, shares, random) => {
        const split = Split.byTime(column, shares);
        const { ids, rows: counts, droppedRows, split: summary } = await partsOf(rows, split);
        const timed = rows.filter((row) => row[column] !== null && row.late !== null);
        expect(ids.flat().toSorted((a, b) => a - b)).toEqual(timed.map(({ id }) => id));
        expect(counts).toEqual({ train: ids[0].length, validation: ids[1].length, test: ids[2].length });
        expect(droppedRows).toBe(rows.length - timed.length);
        expect(summary).toMatchObject({ kind: 'time', column, unplacedRows: rows.filter((row) => row[column] === null && row.late !== null).length });
        const times = ids.map((part) => part.map((id) => rows[id]![column]!));
        // Strictly before: no time stands in two parts.
        expect(Math.max(...times[0]!)).toBeLessThan(Math.min(...times[1]!));
        expect(Math.max(...times[1]!)).toBeLessThan(Math.min(...times[2]!));
        const mostAlike = Math.max(...[...Map.groupBy(timed, (row) => row[column]).values()].map((group) => group.length));
        const { train, validation } = split.toJSON();
        expect(Math.abs(ids[0].length - train * timed.length)).toBeLessThanOrEqual(mostAlike / 2 + 1);
        expect(Math.abs(ids[0].length + ids[1].length - (train + validation) * timed.length)).toBeLessThanOrEqual(mostAlike / 2 + 1);
        const shuffled = rows.map((row) => ({ row, at: random.next().value })).toSorted((a, b) => a.at - b.at).map(({ row }) => row);
        expect((await partsOf(shuffled, split)).ids).toEqual(ids);
      }),
      runs,
    );
  });
});

describe('a split by group', () => {
  it('lets no group stand in two parts, and places a group alike in every file', async () => {
    await fc.assert(
      fc.asyncProperty(someRows, someShares, async (rows, shares) => {
        const split = Split.byGroup('customer', shares);
        const { ids, split: summary, droppedRows } = await partsOf(rows, split);
        const groups = ids.map((part) => new Set(part.map((id) => rows[id]!.customer)));
        const all = new Set(rows.filter(({ customer, late }) => customer !== null && late !== null).map(({ customer }) => customer));
        expect(groups.reduce((sum, group) => sum + group.size, 0)).toBe(all.size);
        expect(summary.groups).toEqual({ train: groups[0]!.size, validation: groups[1]!.size, test: groups[2]!.size });
        expect(droppedRows).toBe(rows.filter(({ customer, late }) => customer === null || late === null).length);
        expect(summary.unplacedRows).toBe(rows.filter(({ customer, late }) => customer === null && late !== null).length);
        const next = await partsOf(rows.toReversed().map((row) => ({ ...row, at: 5, year: 7 })), split);
        expect(next.ids).toEqual(ids);
      }),
      runs,
    );
  });

  it('gives the groups in their shares', async () => {
    const rows = Array.from({ length: 4000 }, (_, id) => ({ id, at: 0, year: 0, customer: `c${String(id % 2000)}`, late: id % 3 === 0 }));
    const { split, rows: counts } = await partsOf(rows, Split.byGroup('customer', { train: 0.6, validation: 0.1, test: 0.3 }));
    expect(split.groups!.train / 2000).toBeCloseTo(0.6, 1);
    expect(split.groups!.test / 2000).toBeCloseTo(0.3, 1);
    expect(counts.test).toBe(2 * split.groups!.test);
  });
});

describe('a split', () => {
  const days = (count: number): Row[] => Array.from({ length: 300 }, (_, id) => ({ id, at: (id % count) * 86_400, year: 1970 + (id % count), customer: `c${String(id % count)}`, late: id % 2 === 0 }));

  it('says when each part was', async () => {
    const { split } = await partsOf(days(10), Split.byTime('at', { train: 0.5, validation: 0.2, test: 0.3 }));
    expect(split).toEqual({
      kind: 'time', column: 'at', unplacedRows: 0,
      times: {
        train: { from: '2001-01-01T00:00:00', to: '2001-01-05T00:00:00' },
        validation: { from: '2001-01-06T00:00:00', to: '2001-01-07T00:00:00' },
        test: { from: '2001-01-08T00:00:00', to: '2001-01-10T00:00:00' },
      },
    });
    expect((await partsOf(days(10), Split.byTime('year'))).split.times).toMatchObject({ train: { from: '1970', to: '1977' }, test: { from: '1979', to: '1979' } });
    expect((await partsOf(days(300), Split.byRowHash())).split).toEqual({ kind: 'rowHash', unplacedRows: 0 });
  });

  it('fills every part where there are three times, and says so where there are not', async () => {
    expect((await partsOf(days(3), Split.byTime('at'))).rows).toEqual({ train: 100, validation: 100, test: 100 });
    await expect(partsOf(days(2), Split.byTime('at'))).rejects.toThrow("Split.byTime('at') finds fewer than 3 different times among the rows with a label");
    await expect(partsOf(days(2).map((row) => ({ ...row, at: null })), Split.byTime('at'))).rejects.toThrow('fewer than 3 different times');
    await expect(partsOf(days(2), Split.byGroup('customer'))).rejects.toThrow(/No row with a known label falls into .*: the file has 300 such rows in 2 groups of 'customer'/);
  });

  it('takes no shares of rows that have no label yet', async () => {
    const rows = days(10).map((row) => (row.at! >= 5 * 86_400 ? { ...row, late: null } : row));
    const { rows: counts, split } = await partsOf(rows, Split.byTime('at', { train: 0.6, validation: 0.2, test: 0.2 }));
    expect(counts).toEqual({ train: 90, validation: 30, test: 30 });
    expect(split.times?.test).toEqual({ from: '2001-01-05T00:00:00', to: '2001-01-05T00:00:00' });
  });

  it('is refused where it does not fit the data', async () => {
    await expect(partsOf(days(3), Split.byTime('customer'))).rejects.toThrow("Split.byTime('customer'): column type is \"string\"");
  });
});

describe('timeCuts', () => {
  it('finds what sorting would find, in the whole range of a BIGINT', async () => {
    const time = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -4n, max: 4n }), fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), 0n));
    await withDuckDb({ memoryMb: 100, threads: 1 }, async (db) => {
      await fc.assert(
        fc.asyncProperty(fc.array(time, { minLength: 1, maxLength: 40 }), fc.double({ min: 0.01, max: 0.9, noNaN: true }), async (times, train) => {
          await db.run(`CREATE OR REPLACE TABLE r AS SELECT * FROM (VALUES ${times.map((value) => `('${String(value)}'::BIGINT)`).join(', ')}, (NULL)) AS v(t)`);
          const validation = (1 - train) / 2;
          expect(await timeCuts(db, 'r', 't', { train, validation })).toEqual(bySorting(times, train, validation));
        }),
        { numRuns: 60 },
      );
    });
  });

  it('reads a million rows a few times, and no more', async () => {
    const file = 'SELECT (hash(i) % 9000000000)::BIGINT AS t FROM range(1000000) AS r(i)';
    await withFolder(async (folder) => {
      const parquet = await writeParquet(path.join(folder, 'rows.parquet'), file);
      await withDuckDb({ memoryMb: 64, threads: 1 }, async (db) => {
        const [validation, test] = (await timeCuts(db, `read_parquet(${quoteText(parquet)})`, 't', { train: 0.7, validation: 0.2 }))!;
        const [shares] = await db.all<{ train: number; rest: number }>(`SELECT avg((t < ${String(validation)})::INTEGER) AS train, avg((t < ${String(test)})::INTEGER) AS rest FROM read_parquet(${quoteText(parquet)})`);
        expect(shares).toEqual({ train: 0.7, rest: 0.9 });
      });
    });
  });
});

function bySorting(times: readonly bigint[], train: number, validation: number): [bigint, bigint] | undefined {
  const different = [...new Set(times)].toSorted((a, b) => (a < b ? -1 : 1));
  if (different.length < 3) return undefined;
  const nearest = (share: number, candidates: readonly bigint[]): bigint => {
    const distance = (time: bigint): number => Math.abs(times.filter((one) => one < time).length - Math.round(share * times.length));
    return candidates.reduce((best, time) => (distance(time) < distance(best) ? time : best));
  };
  const first = nearest(train, different.slice(1, -1));
  return [first, nearest(train + validation, different.filter((time) => time > first))];
}
