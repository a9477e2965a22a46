import { afterAll, beforeAll, expect, test } from 'vitest';
import type { handler as Handler } from '../../../lambda/start-pipeline/handler.ts';
import { context, FakeAws } from '../support/fake-aws.ts';
import { names, setEnvironment } from '../support/pipeline.ts';

const aws = new FakeAws();
let handler: typeof Handler;

beforeAll(async () => {
  await aws.start();
  setEnvironment('http://127.0.0.1:1');
  ({ handler } = await import('../../../lambda/start-pipeline/handler.ts'));
});
afterAll(() => aws.stop());

test('a schedule takes the newest file, pins its version, and starts nothing twice for the same one', async () => {
  await expect(handler({ trigger: 'schedule' }, context)).rejects.toMatchObject({ name: 'DataNotFound', message: expect.stringContaining('s3://data-bucket/raw/trips/') as string });
  aws.put(names.data, 'raw/trips/', '');
  const { versionId } = aws.put(names.data, 'raw/trips/a.csv', 'x');
  const first = await handler({ trigger: 'schedule' }, context);
  if (!('name' in first)) throw new Error('ignored');
  expect(JSON.parse(aws.executions.get(first.name)?.input ?? '')).toEqual({ dataset: { bucket: names.data, key: 'raw/trips/a.csv', versionId }, trigger: 'schedule' });
  expect(first.started).toBe(true);
  // By hand the input differs, so that Step Functions says ExecutionAlreadyExists.
  expect(await handler({ trigger: 'manual', dataset: { key: 'raw/trips/a.csv' } }, context)).toEqual({ ...first, started: false });
});

test('a running execution that a repeated event finds was not started by it', async () => {
  const { versionId } = aws.put(names.data, 'raw/trips/b.csv', 'x');
  const event = { source: 'aws.s3', detail: { bucket: { name: names.data }, object: { key: 'raw/trips/b.csv', 'version-id': versionId } } };
  const first = await handler(event, context);
  if (!('name' in first)) throw new Error('ignored');
  const execution = aws.executions.get(first.name);
  if (execution !== undefined) execution.startDate -= 60;
  expect(await handler(event, context)).toEqual({ ...first, started: false });
});

test('folders and foreign keys are ignored, with the reason', async () => {
  const event = (key: string) => ({ source: 'aws.s3', detail: { bucket: { name: names.data }, object: { key, 'version-id': '1' } } });
  expect(await handler(event('raw/trips/'), context)).toMatchObject({ started: false, ignored: expect.stringContaining('folder') as string });
  expect(await handler(event('raw/others/a.csv'), context)).toMatchObject({ started: false });
});

test('events of one key in any order start the run of its newest version, and no older one', async () => {
  const key = 'raw/trips/often + ü.csv';
  const [first, second, third] = ['1', '2', '3'].map((body) => aws.put(names.data, key, body));
  const event = (versionId: string, sequencer: string) => ({ source: 'aws.s3', detail: { bucket: { name: names.data }, object: { key, 'version-id': versionId, sequencer } } });
  const before = aws.executions.size;
  expect(await handler(event(third!.versionId, '0A'), context)).toMatchObject({ started: true });
  // Sequencers are compared as if padded on the right: '0A' is larger than '09FF'.
  for (const late of [event(first!.versionId, '09F'), event(second!.versionId, '09FF')]) {
    expect(await handler(late, context)).toEqual({ started: false, ignored: expect.stringContaining('written anew since') as string });
  }
  expect(await handler(event(third!.versionId, '0A'), context)).toMatchObject({ name: expect.any(String) as string });
  expect(aws.executions.size).toBe(before + 1);
  const input = JSON.parse([...aws.executions.values()].at(-1)?.input ?? '') as { dataset: object };
  expect(input.dataset).toEqual({ bucket: names.data, key, versionId: third!.versionId });
});

test('without versions the ETag tells an older event; one of an object that is gone starts nothing', async () => {
  const old = aws.put(names.data, 'raw/trips/plain.csv', 'old');
  aws.put(names.data, 'raw/trips/plain.csv', 'new');
  const event = (key: string, etag: string) => ({ source: 'aws.s3', detail: { bucket: { name: names.data }, object: { key, etag } } });
  expect(await handler(event('raw/trips/plain.csv', old.etag.replaceAll('"', '')), context)).toMatchObject({ started: false, ignored: expect.stringContaining('written anew') as string });
  expect(await handler(event('raw/trips/plain.csv', aws.get(names.data, 'raw/trips/plain.csv')!.etag.replaceAll('"', '')), context)).toMatchObject({ started: true });
  expect(await handler(event('raw/trips/gone.csv', 'x'), context)).toMatchObject({ started: false, ignored: expect.stringContaining('deleted since') as string });
});

test('a folder starts one run when its marker is written, and by hand the same one', async () => {
  const part = aws.put(names.data, 'raw/trips/may 2026+ü/part-0.csv', 'x');
  const created = (key: string, versionId: string) => ({ source: 'aws.s3', detail: { bucket: { name: names.data }, object: { key, 'version-id': versionId } } });
  expect(await handler(created('raw/trips/may 2026+ü/part-0.csv', part.versionId), context)).toMatchObject({ started: false, ignored: expect.stringContaining('_SUCCESS') as string });
  const byHand = await handler({ trigger: 'manual', dataset: { key: 'raw/trips/may 2026+ü/' } }, context);
  expect(byHand).toMatchObject({ started: true, name: expect.stringMatching(/^may-2026-/) as string });
  expect(await handler({ trigger: 'manual', dataset: { key: 'raw/trips/may 2026+ü/' } }, context)).toMatchObject({ name: (byHand as { name: string }).name });

  const marker = aws.put(names.data, 'raw/trips/may 2026+ü/_SUCCESS', '');
  const started = await handler(created('raw/trips/may 2026+ü/_SUCCESS', marker.versionId), context);
  if (!('name' in started)) throw new Error('ignored');
  expect(started.started).toBe(true);
  expect(JSON.parse(aws.executions.get(started.name)?.input ?? '')).toEqual({ dataset: { bucket: names.data, key: 'raw/trips/may 2026+ü/' }, trigger: 'event' });
  expect(await handler({ trigger: 'manual', dataset: { key: 'raw/trips/may 2026+ü/' } }, context)).toEqual({ ...started, started: false });
  const again = aws.put(names.data, 'raw/trips/may 2026+ü/_SUCCESS', '');
  expect(await handler(created('raw/trips/may 2026+ü/_SUCCESS', again.versionId), context)).toMatchObject({ started: true });
  await expect(handler({ trigger: 'manual', dataset: { key: 'raw/trips/nothing/' } }, context)).rejects.toMatchObject({ name: 'DataNotFound', message: expect.stringContaining('holds no data file') as string });
});

test('by hand, an object outside the prefix may be named, and must exist', async () => {
  aws.put('elsewhere', 'x.csv', 'x');
  expect(await handler({ trigger: 'manual', dataset: { bucket: 'elsewhere', key: 'x.csv' } }, context)).toMatchObject({ started: true });
  await expect(handler({ trigger: 'manual', dataset: { key: 'raw/trips/none.csv' } }, context)).rejects.toMatchObject({ name: 'DataNotFound' });
});

test('anything else is refused with what was expected', async () => {
  await expect(handler({ trigger: 'sometimes' }, context)).rejects.toMatchObject({ name: 'PayloadInvalid', message: expect.stringContaining('{"trigger":"schedule"}') as string });
});
