import fc from 'fast-check';
import { expect, test } from 'vitest';
import { executionArn, executionName } from '../../../lambda/start-pipeline/execution.ts';

test('a name is what Step Functions takes, whatever the key', () => {
  fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 200, unit: fc.constantFrom(...'aZ09 ._-+%/ü漢😀\n') }), fc.option(fc.string(), { nil: undefined }), (key, versionId) => {
    expect(executionName({ bucket: 'b', key, ...(versionId === undefined ? {} : { versionId }) })).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
  }));
});

test('it is readable', () => {
  expect(executionName({ bucket: 'b', key: 'raw/x/march 2026+ü.csv.gz', versionId: '1' })).toMatch(/^march-2026-[0-9a-f]{12}$/);
  expect(executionName({ bucket: 'b', key: 'raw/x/データ.parquet', versionId: '1' })).toMatch(/^data-/);
  expect(executionName({ bucket: 'b', key: 'raw/x/march 2026/', versionId: '1' })).toMatch(/^march-2026-[0-9a-f]{12}$/);
  expect(executionName({ bucket: 'b', key: `${'long'.repeat(50)}.csv`, versionId: '1' }).length).toBeLessThanOrEqual(80);
});

test('it differs where bucket, key, version or, without versions, content differ, and only there', () => {
  const base = { bucket: 'b', key: 'raw/a.csv', versionId: '1', etag: 'x' };
  const variants = [base, { ...base, bucket: 'c' }, { ...base, key: 'raw2/a.csv' }, { ...base, versionId: '2' }, { ...base, versionId: undefined }, { ...base, versionId: undefined, etag: 'y' }];
  expect(new Set(variants.map((variant) => executionName(variant as typeof base))).size).toBe(variants.length);
  expect(executionName({ ...base, etag: 'y' })).toBe(executionName(base));
});

test('the ARN is derived in any partition, and from an alias as from the machine', () => {
  expect(executionArn('arn:aws-cn:states:cn-north-1:123456789012:stateMachine:m', 'e')).toBe('arn:aws-cn:states:cn-north-1:123456789012:execution:m:e');
  expect(executionArn('arn:aws:states:us-east-1:123456789012:stateMachine:m:live', 'e')).toBe('arn:aws:states:us-east-1:123456789012:execution:m:e');
});
