import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { handler as Handler } from '../../../lambda/validate-data/handler.ts';
import type { handler as PrepareHandler } from '../../../lambda/prepare-data/handler.ts';
import { sha256 } from '../../../lambda/shared/digest.ts';
import { DataCheck } from '../../../model/spec/check.ts';
import { resolveChecks } from '../../../model/spec/resolve-checks.ts';
import { context, FakeAws } from '../support/fake-aws.ts';
import { csv, dataset as schema, features, names, setEnvironment, split } from '../support/pipeline.ts';

const aws = new FakeAws();
let handler: typeof Handler;
let prepare: typeof PrepareHandler;

beforeAll(async () => {
  await aws.start();
  setEnvironment('http://127.0.0.1:1');
  ({ handler } = await import('../../../lambda/validate-data/handler.ts'));
  ({ handler: prepare } = await import('../../../lambda/prepare-data/handler.ts'));
});
beforeEach(() => {
  aws.objects.clear();
  aws.calls.length = 0;
  aws.diesAfter = undefined;
});
afterAll(() => aws.stop());

const runOf = (name: string) => ({ name, executionArn: `arn:aws:states:us-east-1:000000000000:execution:trips:${name}`, startedAt: '2026-11-20T12:00:00.000Z' });
const checksOf = (...checks: DataCheck[]) => resolveChecks([DataCheck.nulls({ maximumShare: 0.2 }), ...checks].map((check) => check.toJSON()));
const payloadOf = (key: string, more: object = {}) => ({ run: runOf('run-1'), dataset: { bucket: names.data, key }, schema, checks: checksOf(), maximumBytes: 1e7, ...more });
const reports = (name: string, run = 'run-1') => aws.json(names.artifacts, `reports/trips/${run}/${name}`) as Record<string, unknown>;
const versionsOf = (bucket: string, prefix: string) => [...aws.objects].filter(([place]) => place.startsWith(`${bucket}/${prefix}`)).map(([place, versions]) => [place.slice(bucket.length + 1), versions.length]);
/** The lines of a file dealt to several, each with the header. */
const dealt = (text: string, hands: number): string[] => {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  return Array.from({ length: hands }, (_, hand) => `${[header, ...lines.filter((_line, index) => index % hands === hand)].join('\n')}\n`);
};

describe('quarantine', () => {
  const key = 'raw/trips/märz + 2026 (1).csv';
  const bad = csv(20).replace('distance', 'miles');

  test('takes a copy of the version that was read, with every reason beside it, and the message says where', async () => {
    const { versionId } = aws.put(names.data, key, bad);
    aws.put(names.data, key, 'written in between');
    const payload = payloadOf(key);
    await expect(handler({ ...payload, dataset: { ...payload.dataset, versionId } }, context)).rejects.toMatchObject({
      name: 'DataRejected',
      message: expect.stringMatching(/'distance': the column is missing.*20 rows, expected at least 100.*quarantine: s3:\/\/data-bucket\/quarantine\/trips\/run-1\/$/s) as string,
    });
    expect(String(aws.get(names.data, 'quarantine/trips/run-1/data/märz + 2026 (1).csv')?.body)).toBe(bad);
    expect(aws.json(names.data, 'quarantine/trips/run-1/reasons.json')).toEqual({
      run: 'run-1',
      executionArn: payload.run.executionArn,
      dataset: { bucket: names.data, key },
      files: [{ key, versionId, bytes: Buffer.byteLength(bad), sha256: sha256(bad), quarantinedAs: 'quarantine/trips/run-1/data/märz + 2026 (1).csv' }],
      reasons: [expect.stringContaining('is missing') as string, expect.stringContaining('20 rows') as string],
      warnings: ["'miles': the column is not declared and is not used."],
      violations: reports('constraint_violations.json')['violations'],
    });
    expect(aws.objects.get(`${names.data}/${key}`)).toHaveLength(2);
  });

  test('is left once, whichever call the handler died after', async () => {
    aws.put(names.data, key, bad);
    const expected = [['quarantine/trips/run-1/data/märz + 2026 (1).csv', 1], ['quarantine/trips/run-1/reasons.json', 1]];
    await expect(handler(payloadOf(key), context)).rejects.toMatchObject({ name: 'DataRejected' });
    expect(versionsOf(names.data, 'quarantine/')).toEqual(expected);
    const calls = aws.calls.length;
    for (let call = 1; call <= calls; call += 1) {
      aws.objects.clear();
      aws.calls.length = 0;
      aws.put(names.data, key, bad);
      aws.diesAfter = call;
      await expect(handler(payloadOf(key), context)).rejects.toThrow();
      aws.diesAfter = undefined;
      await expect(handler(payloadOf(key), context)).rejects.toMatchObject({ name: 'DataRejected' });
      expect([call, versionsOf(names.data, 'quarantine/')]).toEqual([call, expected]);
      expect(versionsOf(names.artifacts, 'reports/trips/run-1/dataset.json')).toEqual([['reports/trips/run-1/dataset.json', 1]]);
    }
  });

  test('is not for good data, nor for what is too large to be read', async () => {
    aws.put(names.data, key, csv(300));
    await handler(payloadOf(key), context);
    await expect(handler(payloadOf(key, { run: runOf('large'), maximumBytes: 1000 }), context)).rejects.toMatchObject({ name: 'DataTooLarge' });
    expect(versionsOf(names.data, 'quarantine/')).toEqual([]);
  });
});

describe('an object that is too large', () => {
  const gigabyte = 2 ** 30;
  afterEach(() => {
    aws.fault = undefined;
  });

  test('is refused at the start with both figures, unread: 5 GB against a bound of 1 GB', async () => {
    aws.fault = ({ name }) => (name.startsWith('s3 HEAD /data-bucket/') ? { status: 200, body: '', headers: { 'content-length': String(5 * gigabyte), etag: '"e"', 'x-amz-version-id': 'v' } } : undefined);
    await expect(handler(payloadOf('raw/trips/huge + größer.csv', { maximumBytes: gigabyte }), context)).rejects.toMatchObject({
      name: 'DataTooLarge',
      message: expect.stringMatching(/huge \+ größer\.csv has 5,368,709,120 bytes, expected at most 1,073,741,824: raise .*maximumDataSize/) as string,
    });
    expect(aws.calls.filter(({ name }) => name.startsWith('s3 GET /data-bucket') || name.startsWith('s3 PUT'))).toEqual([]);
  });
});

const training = { contentType: 'application/x-parquet', parts: 1 };

describe('several files', () => {
  const folder = 'raw/trips/märz 2026 + more/';
  const [first = '', second = '', third = ''] = dealt(csv(300), 3);

  beforeEach(() => {
    aws.put(names.data, `${folder}part 0.csv`, first);
    aws.put(names.data, `${folder}b/part+1.csv`, second);
    aws.put(names.data, `${folder}part-ü.csv`, third);
    for (const hidden of ['_SUCCESS', '.crc', '_temporary/0/part-9.csv', 'empty/']) aws.put(names.data, folder + hidden, '');
  });

  test('are one dataset, each pinned by its version in the manifest, whose digest is the dataset\'s', async () => {
    const result = await handler(payloadOf(folder), context);
    expect(result).toMatchObject({ rows: 300, dataset: { bucket: names.data, key: folder, manifest: 's3://artifact-bucket/reports/trips/run-1/dataset.json' } });
    expect(result.dataset).not.toHaveProperty('versionId');
    expect(result.dataset.sha256).toBe(sha256(String(aws.get(names.artifacts, 'reports/trips/run-1/dataset.json')?.body)));
    const fileOf = (name: string, text: string) => ({ key: folder + name, versionId: aws.get(names.data, folder + name)?.versionId, bytes: Buffer.byteLength(text), sha256: sha256(text) });
    expect(reports('dataset.json')).toEqual({ bucket: names.data, key: folder, files: [fileOf('b/part+1.csv', second), fileOf('part 0.csv', first), fileOf('part-ü.csv', third)] });
    expect(result.bytes).toBe(Buffer.byteLength(first + second + third));

    // Written anew after the run began: it goes on with what it has pinned, also where it is tried again.
    aws.put(names.data, `${folder}part 0.csv`, 'nonsense');
    aws.put(names.data, `${folder}part-3.csv`, 'nonsense');
    expect(await handler(payloadOf(folder), context)).toEqual(result);
    const prepared = await prepare({ run: runOf('run-1'), dataset: result.dataset, schema, features, split, training }, context);
    expect(prepared.rows.train + prepared.rows.validation + prepared.rows.test).toBe(300);
  });

  test('are prepared like one file with the same rows', async () => {
    const { dataset } = await handler(payloadOf(folder), context);
    const parts = await prepare({ run: runOf('run-1'), dataset, schema, features, split, training }, context);
    aws.put(names.data, 'raw/trips/all.csv', csv(300));
    const whole = await handler(payloadOf('raw/trips/all.csv', { run: runOf('whole') }), context);
    expect(whole.dataset).toMatchObject({ versionId: aws.get(names.data, 'raw/trips/all.csv')?.versionId, sha256: sha256(csv(300)) });
    expect((await prepare({ run: runOf('whole'), dataset: whole.dataset, schema, features, split, training }, context)).rows).toEqual(parts.rows);
  });

  test('are bounded together, before any is read', async () => {
    const bytes = Buffer.byteLength(first + second + third);
    await expect(handler(payloadOf(folder, { maximumBytes: bytes - 1 }), context)).rejects.toMatchObject({
      name: 'DataTooLarge',
      message: expect.stringContaining(`holds 3 objects of ${bytes.toLocaleString('en-US')} bytes, expected at most ${(bytes - 1).toLocaleString('en-US')}`) as string,
    });
    expect(aws.calls.filter(({ name }) => name.startsWith('s3 GET /data-bucket/raw'))).toEqual([]);
    await expect(handler(payloadOf('raw/trips/none/'), context)).rejects.toMatchObject({ name: 'DataNotFound' });
  });

  test('are refused together, each with its own reasons, and all go into quarantine', async () => {
    aws.put(names.data, `${folder}part 0.csv`, first.replace('distance', 'miles'));
    aws.put(names.data, `${folder}part-ü.csv`, '');
    const refused = await handler(payloadOf(folder), context).catch((error: unknown) => error as Error);
    expect((refused as Error).message).toMatch(/part-ü\.csv: The file is empty/);
    expect((refused as Error).message).toMatch(/'distance': the column is missing in 1 of 2 files, such as 'part 0\.csv', expected number\. Not declared, but in the file: 'miles'/);
    const quarantined = ['data/b/part+1.csv', 'data/part 0.csv', 'data/part-ü.csv', 'reasons.json'].map((name) => `quarantine/trips/run-1/${name}`);
    expect(new Set(versionsOf(names.data, 'quarantine/').map(([key]) => key))).toEqual(new Set(quarantined));
  });

  test('whose manifest is another one by the time they are prepared are refused', async () => {
    const { dataset } = await handler(payloadOf(folder), context);
    aws.put(names.artifacts, 'reports/trips/run-1/dataset.json', JSON.stringify({ ...reports('dataset.json'), key: 'raw/trips/other/' }));
    await expect(prepare({ run: runOf('run-1'), dataset, schema, features, split, training }, context)).rejects.toMatchObject({ name: 'ArtifactMismatch', message: expect.stringContaining('dataset.json') as string });
  });
});

describe('the baseline', () => {
  const pointer = 'baselines/trips/baseline.json';
  const point = (run: string) => aws.put(names.artifacts, pointer, JSON.stringify({ run, statistics: `s3://${names.artifacts}/reports/trips/${run}/statistics.json`, constraints: `s3://${names.artifacts}/reports/trips/${run}/constraints.json` }));
  const drifted = csv(900).replaceAll('north', 'west');

  beforeEach(async () => {
    aws.put(names.data, 'raw/trips/a.csv', csv(900));
    aws.put(names.data, 'raw/trips/b.csv', drifted);
    expect((await handler(payloadOf('raw/trips/a.csv', { run: runOf('served') }), context)).warnings).toEqual([]);
  });

  test('is what later data is compared with, once there is one', async () => {
    expect((await handler(payloadOf('raw/trips/b.csv', { run: runOf('before') }), context)).warnings).toEqual([]);
    point('served');
    const { warnings } = await handler(payloadOf('raw/trips/b.csv'), context);
    expect(warnings).toEqual([expect.stringMatching(/^'station': the categories are others than the baseline's: '(west|north)' is/)]);
    expect(reports('constraint_violations.json')).toMatchObject({ violations: [{ feature_name: 'station', constraint_check_type: 'baseline_drift_check' }] });
    expect((await handler(payloadOf('raw/trips/a.csv', { run: runOf('same') }), context)).warnings).toEqual([]);
  });

  test('may refuse data, and is not even read where drift is off', async () => {
    point('served');
    await expect(handler(payloadOf('raw/trips/b.csv', { checks: checksOf(DataCheck.drift().fail()) }), context)).rejects.toMatchObject({ name: 'DataRejected', message: expect.stringContaining("others than the baseline's") as string });
    aws.calls.length = 0;
    await handler(payloadOf('raw/trips/b.csv', { run: runOf('off'), checks: checksOf(DataCheck.drift().off()) }), context);
    expect(aws.calls.some(({ name }) => name.includes(pointer))).toBe(false);
  });

  test.each([
    ['was deleted', () => void aws.objects.delete(`${names.artifacts}/reports/trips/served/statistics.json`), /statistics\.json does not exist/],
    ['is no JSON', () => void aws.put(names.artifacts, pointer, 'oops'), /names: .*JSON/],
    ['is of another kind', () => void aws.put(names.artifacts, 'reports/trips/served/constraints.json', '{"version":1}'), /constraints\.json has the version 1/],
  ])('that %s is told, and refuses nothing', async (_, damage, reason) => {
    point('served');
    damage();
    const { warnings } = await handler(payloadOf('raw/trips/b.csv'), context);
    expect(warnings).toEqual([expect.stringMatching(reason)]);
    expect(warnings[0]).toContain('is not compared with the baseline');
  });
});
