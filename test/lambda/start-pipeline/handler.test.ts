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

test('by hand, an object outside the prefix may be named, and must exist', async () => {
  aws.put('elsewhere', 'x.csv', 'x');
  expect(await handler({ trigger: 'manual', dataset: { bucket: 'elsewhere', key: 'x.csv' } }, context)).toMatchObject({ started: true });
  await expect(handler({ trigger: 'manual', dataset: { key: 'raw/trips/none.csv' } }, context)).rejects.toMatchObject({ name: 'DataNotFound' });
});

test('anything else is refused with what was expected', async () => {
  await expect(handler({ trigger: 'sometimes' }, context)).rejects.toMatchObject({ name: 'PayloadInvalid', message: expect.stringContaining('{"trigger":"schedule"}') as string });
});
