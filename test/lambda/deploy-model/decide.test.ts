import { expect, test } from 'vitest';
import { decide } from '../../../lambda/deploy-model/decide.ts';
import type { DeploymentRecord } from '../../../model/serving/record.ts';

const now = new Date('2026-11-20T12:00:00Z');
const run = { name: 'run', executionArn: 'arn' };
const model = (version: number, group = 'group') => ({
  modelPackageArn: `arn:aws:sagemaker:us-east-1:123456789012:model-package/${group}/${String(version)}`,
  modelName: 'flights',
  modelVersion: String(version),
  artifact: { bucket: 'b', key: `models/${String(version)}`, sha256: 'a'.repeat(64), bytes: 5 },
});
const record = (version: number, group?: string): DeploymentRecord => ({ stable: model(version, group), previous: 'before', updatedAt: '2026-11-19T00:00:00Z', run: 'older' });

test('the first model is written as it is, without what is not of the record', () => {
  const decision = decide(undefined, model(1), run, now);
  expect(decision).toEqual({
    kind: 'write',
    record: { stable: { ...model(1), artifact: { bucket: 'b', key: 'models/1', sha256: 'a'.repeat(64) } }, previous: null, updatedAt: '2026-11-20T12:00:00.000Z', run: 'run' },
  });
});

test('a newer version replaces an older one, by number and not by text', () => {
  expect(decide(record(9), model(10), run, now)).toMatchObject({ kind: 'write', record: { stable: { modelVersion: '10' }, previous: model(9).modelPackageArn } });
});

test('the same package again changes nothing, and still knows what was before', () => {
  expect(decide(record(3), model(3), run, now)).toMatchObject({ kind: 'keep', previous: 'before' });
});

test('a late retry never brings an older version back', () => {
  expect(decide(record(10), model(9), run, now)).toMatchObject({ kind: 'keep', previous: model(10).modelPackageArn, why: expect.stringContaining('newer than 9') as string });
});

test('versions of another group are not compared', () => {
  expect(decide(record(10, 'other'), model(1), run, now)).toMatchObject({ kind: 'write' });
});

test('a package without a version cannot be compared, and is refused', () => {
  const unversioned = { ...model(1), modelPackageArn: model(1).modelPackageArn.replace(/1$/, 'one') };
  expect(() => decide(record(10), unversioned, run, now)).toThrow(/model-package\/group\/one has no version, expected an ARN that ends in/);
});
