import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { modelName, packContractModel } from '../../contract/model.ts';
import { context, FakeAws } from '../support/fake-aws.ts';
import { names, setEnvironment } from '../support/pipeline.ts';

const aws = new FakeAws();
let handler: (event: unknown, given: typeof context) => Promise<unknown>;
const rows = [['2026-03-01T08:00:00', 1.5, 2, true, 'north', null]];

beforeAll(async () => {
  await aws.start();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'async-'));
  const archive = path.join(folder, 'model.tar.gz');
  await packContractModel(archive);
  const bytes = await readFile(archive);
  await rm(folder, { recursive: true });
  aws.put(names.artifacts, 'models/model.tar.gz', bytes);
  const artifact = { bucket: names.artifacts, key: 'models/model.tar.gz', sha256: createHash('sha256').update(bytes).digest('hex') };
  aws.put(names.artifacts, 'deployments/staging.json', JSON.stringify({ stable: { modelPackageArn: 'arn', modelName, modelVersion: '1', artifact }, updatedAt: '2026-11-20T12:00:00.000Z', run: 'r' }));
  setEnvironment('http://127.0.0.1:9');
  Object.assign(process.env, { TARGET_NAME: 'background', REVALIDATE_SECONDS: '300', MAX_INPUT_BYTES: '1000', RESULT_BUCKET: names.artifacts, MAX_RECEIVES: '3' });
  ({ handler } = await import('../../../lambda/async-inference/handler.ts'));
});
afterEach(() => {
  aws.diesAfter = undefined;
  for (const place of aws.objects.keys()) if (place.includes('/async/')) aws.objects.delete(place);
});
afterAll(() => aws.stop());

const message = (messageId: string, body: unknown, receives = 1) => ({
  messageId, body: typeof body === 'string' ? body : JSON.stringify(body), receiptHandle: 'r', attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: String(Date.now()) },
});
const output = (id: string) => aws.json(names.artifacts, `async/background/output/${id}.out`) as { predictions: unknown[] } | null;
const versions = (id: string) => aws.objects.get(`${names.artifacts}/async/background/output/${id}.out`)?.length ?? 0;

it('answers each message of a batch; one that is poisoned is handed out again, alone (fault 23)', async () => {
  aws.put(names.data, 'in.json', JSON.stringify({ instances: rows }));
  const answer = await handler({ Records: [message('1', { Input: { instances: rows } }), message('2', '{poison'), message('3', { InputLocation: `s3://${names.data}/in.json`, InferenceId: 'mine' })] }, context);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
  expect([output('1')?.predictions.length, output('mine')?.predictions]).toEqual([1, output('1')?.predictions]);
});

it('keeps one answer, whichever call it died after, and however often the message comes', async () => {
  const event = { Records: [message('1', { Input: { instances: rows }, InferenceId: 'once' })] };
  aws.calls.length = 0;
  await handler(event, context);
  const calls = aws.calls.length;
  expect([calls, versions('once')]).toEqual([2, 1]);
  for (let call = 1; call <= calls; call += 1) {
    aws.objects.delete(`${names.artifacts}/async/background/output/once.out`);
    aws.calls.length = 0;
    aws.diesAfter = call;
    expect(await handler(event, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    aws.diesAfter = undefined;
    expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
    expect(await handler(event, context)).toEqual({ batchItemFailures: [] });
    expect([call, versions('once')]).toEqual([call, 1]);
  }
});

it('keeps one answer where two workers were handed the same message', async () => {
  const event = { Records: [message('1', { Input: { instances: rows }, InferenceId: 'twice' })] };
  expect(await Promise.all([handler(event, context), handler(event, context)])).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
  expect(versions('twice')).toBe(1);
});

it('refuses inputs that are larger than they may be, wherever they lie', async () => {
  aws.put(names.data, 'large.json', 'x'.repeat(1001));
  expect(await handler({ Records: [message('1', { InputLocation: `s3://${names.data}/large.json` }), message('2', { Input: 'x'.repeat(1001) }), message('3', { InputLocation: `s3://${names.data}/none` })] }, context)).toEqual({ batchItemFailures: [] });
  const code = (id: string) => (aws.json(names.artifacts, `async/background/failure/${id}-error.out`) as { error: { code: string } }).error.code;
  expect(['1', '2', '3'].map(code)).toEqual(['BodyTooLarge', 'BodyTooLarge', 'InputNotFound']);
});

it('leaves messages to the next call that it has no time for', async () => {
  const late = { ...context, getRemainingTimeInMillis: () => 5_000 };
  expect(await handler({ Records: [message('1', { Input: { instances: rows } })] }, late)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  expect(versions('1')).toBe(0);
});

it('refuses what is no batch of a queue', async () => {
  await expect(handler({ Records: [{}] }, context)).rejects.toMatchObject({ name: 'PayloadInvalid' });
});
