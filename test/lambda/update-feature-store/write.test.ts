import { expect, test } from 'vitest';
import type { FeatureRecord } from '../../../model/data/newest.ts';
import { batchSize, writeRecords, type RecordStore } from '../../../lambda/update-feature-store/write.ts';

/** A store on a clock of its own, whose calls take so many milliseconds in all. */
function fakeStore(millisecondsARecord: number, known: (record: FeatureRecord) => boolean = () => false) {
  let time = 1_000_000;
  const written: string[] = [];
  let underWay = 0;
  const most = { underWay: 0 };
  const store: RecordStore = {
    missing: (records) => Promise.resolve(records.filter((record) => !known(record))),
    async put(record) {
      underWay += 1;
      most.underWay = Math.max(most.underWay, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      time += millisecondsARecord;
      written.push(record['id']!);
      underWay -= 1;
    },
  };
  const slept: number[] = [];
  const clock = { now: () => time, sleep: (milliseconds: number) => Promise.resolve(void (slept.push(milliseconds), (time += milliseconds))) };
  return { store, written, slept, clock, most, elapsed: () => time - 1_000_000 };
}

async function* batches(count: number): AsyncIterable<FeatureRecord[]> {
  for (let start = 0; start < count; start += batchSize) {
    yield Array.from({ length: Math.min(batchSize, count - start) }, (_, index) => ({ id: String(start + index) }));
    await Promise.resolve();
  }
}

const bounds = (clock: ReturnType<typeof fakeStore>['clock'], writesPerSecond: number, seconds: number) => ({ writesPerSecond, deadline: 1_000_000 + seconds * 1000, clock });

test('writes every record once, some at a time', async () => {
  const { store, written, clock, most } = fakeStore(0);
  expect(await writeRecords(batches(1234), 1234, store, bounds(clock, 10_000, 900))).toEqual({ written: 1234, unchanged: 0 });
  expect(new Set(written).size).toBe(1234);
  expect(most.underWay).toBe(32);
});

test('leaves out what the store has, and is no slower for it', async () => {
  const { store, written, clock, slept } = fakeStore(0, ({ id }) => Number(id) % 5 !== 0);
  expect(await writeRecords(batches(1000), 1000, store, bounds(clock, 100, 900))).toEqual({ written: 200, unchanged: 800 });
  expect(written).toHaveLength(200);
  expect(slept).toEqual([1000]);
});

test('keeps to the rate that it is told', async () => {
  const { store, clock, elapsed } = fakeStore(0.1);
  await writeRecords(batches(3000), 3000, store, bounds(clock, 500, 900));
  expect(elapsed()).toBeGreaterThanOrEqual(5000);
  expect(elapsed()).toBeLessThan(5200);
});

test('stops as soon as the rate tells that the time will not do, with the figures', async () => {
  const { store, written, clock } = fakeStore(10);
  await expect(writeRecords(batches(200_000), 200_000, store, bounds(clock, 10_000, 900))).rejects.toMatchObject({
    name: 'FeatureStoreTooSlow',
    message: expect.stringMatching(/^2,000 of 200,000 records took 20 s \(100 a second\); the others need 1,980 s and have 865 s\. What is written stays/) as string,
  });
  expect(written).toHaveLength(2000);
});

test('what a store refuses ends it', async () => {
  const { store, clock } = fakeStore(0);
  const put = (record: FeatureRecord): Promise<void> => (record['id'] === '700' ? Promise.reject(new Error('no')) : store.put(record));
  await expect(writeRecords(batches(5000), 5000, { ...store, put }, bounds(clock, 10_000, 900))).rejects.toThrow('no');
});
