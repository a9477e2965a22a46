import path from 'node:path';
import { expect, it } from 'vitest';
import { withNewestRecords } from '../../../model/data/newest.ts';
import type { FeatureRecord } from '../../../model/data/newest.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { featureGroupSpec } from '../../../model/spec/feature-group.ts';
import { withFolder, writeLines, writeParquet } from './files.ts';

const schema = new Dataset({
  columns: [Column.string('customer'), Column.timestamp('at'), Column.integer('orders'), Column.number('spent'), Column.boolean('member'), Column.number('seconds'), Column.integer('label')],
  label: Label.binary('label'),
}).toJSON();

const rows = [
  'customer,at,orders,spent,member,seconds,label',
  'b,2026-01-02T00:00:00,9007199254740991,0.1,true,5,1',
  'a,2026-01-01T10:00:00.5,1,,false,1.5,0',
  'a,2026-01-01T09:00:00,2,7,true,9,0',
  'b,2026-01-02T00:00:00,3,0.1,true,5,1',
  ',2026-01-02T00:00:00,3,0.1,true,5,1',
  'c,,3,0.1,true,5,1',
  'ü,2026-01-01T09:00:00,,inf,,-1,0',
];

async function newest(file: string, eventTime: string, size = 2): Promise<{ records: FeatureRecord[][]; count: number; skippedRows: number }> {
  const group = featureGroupSpec(schema, { recordIdentifier: 'customer', eventTime });
  return withNewestRecords({ file, schema, group, memoryMb: 200, threads: 1 }, async ({ count, skippedRows, batches }) => {
    const records: FeatureRecord[][] = [];
    for await (const batch of batches(size)) records.push(batch);
    return { records, count, skippedRows };
  });
}

it('is of each identifier the newest row, in texts that Feature Store takes; what is null or not finite is left out', async () => {
  await withFolder(async (folder) => {
    const file = await writeLines(path.join(folder, 'rows.csv'), rows);
    expect(await newest(file, 'at')).toEqual({
      count: 3,
      skippedRows: 2,
      records: [
        [
          { customer: 'a', at: '2026-01-01T10:00:00.500Z', orders: '1', member: '0', seconds: '1.5' },
          { customer: 'b', at: '2026-01-02T00:00:00.000Z', orders: '9007199254740991', spent: '0.1', member: '1', seconds: '5.0' },
        ],
        [{ customer: 'ü', at: '2026-01-01T09:00:00.000Z', seconds: '-1.0' }],
      ],
    });
  });
});

it('takes Unix seconds as the time; what is before 1970 is no time', async () => {
  await withFolder(async (folder) => {
    const { records, count, skippedRows } = await newest(await writeLines(path.join(folder, 'rows.csv'), rows), 'seconds', 10);
    expect([count, skippedRows]).toEqual([3, 2]);
    expect(records[0]!.map(({ customer, seconds, orders }) => [customer, seconds, orders])).toEqual([['a', '9.0', '2'], ['b', '5.0', expect.any(String)], ['c', '5.0', '3']]);
  });
});

it('finds the same row of several of the same time, whatever their order', async () => {
  await withFolder(async (folder) => {
    const select = (order: string) => `SELECT 'x' AS customer, TIMESTAMP '2026-01-01' AS at, i AS orders, i::DOUBLE AS spent, true AS member, 1.0 AS seconds, 0 AS label FROM range(5) AS t(i) ORDER BY i ${order}`;
    const [one, two] = [await writeParquet(path.join(folder, 'a.parquet'), select('ASC')), await writeParquet(path.join(folder, 'b.parquet'), select('DESC'))];
    expect(await newest(one, 'at')).toEqual(await newest(two, 'at'));
  });
});
