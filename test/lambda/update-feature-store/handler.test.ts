import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { featureGroupSpec } from '../../../model/spec/feature-group.ts';
import { context, FakeAws } from '../support/fake-aws.ts';
import { names, setEnvironment } from '../support/pipeline.ts';

const aws = new FakeAws();
beforeAll(async () => {
  await aws.start();
  setEnvironment('http://127.0.0.1:1');
});
afterEach(() => {
  aws.records.clear();
  aws.calls.length = 0;
  aws.fault = undefined;
});
afterAll(() => aws.stop());

const schema = new Dataset({ columns: [Column.string('station'), Column.timestamp('at'), Column.number('mean delay'), Column.integer('late')], label: Label.binary('late') }).toJSON();
const run = { name: 'run-1', executionArn: 'arn:aws:states:us-east-1:000000000000:execution:trips:run-1' };
const update = { run, schema, group: featureGroupSpec(schema, { recordIdentifier: 'station', eventTime: 'at' }), online: true, maximumRecords: 1000, writesPerSecond: 10_000 };

async function handle(csv: string, changes: object = {}): Promise<unknown> {
  const { versionId } = aws.put(names.data, 'raw/trips/a.csv', `station,at,mean delay,late\n${csv}`);
  const { handler } = await import('../../../lambda/update-feature-store/handler.ts');
  return handler({ ...update, dataset: { bucket: names.data, key: 'raw/trips/a.csv', versionId }, ...changes }, context);
}
const putRecords = () => aws.calls.filter(({ name }) => name === 'PutRecord').length;

test('writes the newest record of each identifier, and next time those that are newer alone', async () => {
  expect(await handle('north,2026-01-01T00:00:00,1.5,1\nsouth,2026-01-02T00:00:00,,0\nnorth,2026-01-03T00:00:00,2,0\n,2026-01-03T00:00:00,2,0\n')).toEqual({ featureGroup: 'trips', records: 2, written: 2, unchanged: 0, skippedRows: 1 });
  expect([...aws.records]).toEqual(expect.arrayContaining([
    ['north', { puts: 1, values: [{ FeatureName: 'station', ValueAsString: 'north' }, { FeatureName: 'at', ValueAsString: '2026-01-03T00:00:00.000Z' }, { FeatureName: 'mean_delay', ValueAsString: '2.0' }] }],
    ['south', { puts: 1, values: [{ FeatureName: 'station', ValueAsString: 'south' }, { FeatureName: 'at', ValueAsString: '2026-01-02T00:00:00.000Z' }] }],
  ]));
  expect(await handle('north,2026-01-02T00:00:00,9,1\nsouth,2026-01-04T00:00:00,1,0\neast,2026-01-04T00:00:00,1,0\n')).toMatchObject({ records: 3, written: 2, unchanged: 1 });
  expect(aws.records.get('north')?.puts).toBe(1);
});

test('a group without an online store gets every record', async () => {
  const rows = 'north,2026-01-01T00:00:00,1.5,1\n';
  await handle(rows, { online: false });
  expect(await handle(rows, { online: false })).toMatchObject({ written: 1, unchanged: 0 });
  expect(aws.calls.some(({ name }) => name === 'BatchGetRecord')).toBe(false);
});

test('waits where the store throttles', async () => {
  let refused = 0;
  aws.fault = ({ name }) => (name === 'PutRecord' && (refused += 1) <= 2 ? { status: 400, body: JSON.stringify({ __type: 'ThrottlingException', message: 'slow down' }) } : undefined);
  expect(await handle('north,2026-01-01T00:00:00,1.5,1\n')).toMatchObject({ written: 1 });
  expect(putRecords()).toBe(3);
});

test('refuses more identifiers than were declared before it writes any', async () => {
  await expect(handle('a,2026-01-01T00:00:00,1,1\nb,2026-01-01T00:00:00,1,1\n', { maximumRecords: 1 })).rejects.toMatchObject({ name: 'TooManyRecords', message: expect.stringMatching(/^The data has 2 values of 'station', expected at most 1/) as string });
  expect(putRecords()).toBe(0);
});

test('refuses data that is not what was validated', async () => {
  const dataset = { bucket: names.data, key: 'raw/trips/a.csv', sha256: '0'.repeat(64) };
  await expect(handle('north,2026-01-01T00:00:00,1.5,1\n', { dataset })).rejects.toMatchObject({ name: 'ArtifactMismatch' });
});
