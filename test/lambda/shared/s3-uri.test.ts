import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatS3Uri, parseS3Uri, under } from '../../../lambda/shared/s3-uri.ts';

test('any bucket and key survive the way there and back', () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z0-9.-]{3,20}$/), fc.string({ minLength: 1 }), (bucket, key) => {
    expect(parseS3Uri(formatS3Uri({ bucket, key }))).toEqual({ bucket, key });
  }));
});

test('keys are not decoded', () => {
  expect(parseS3Uri('s3://b/a%2Bb c+d/ü.csv')).toEqual({ bucket: 'b', key: 'a%2Bb c+d/ü.csv' });
});

test.each(['', 'b/k', 's3://', 's3://b', 's3://b/', 'https://b/k'])('%s is refused', (uri) => {
  expect(() => parseS3Uri(uri)).toThrow(`'${uri}' is no S3 URI, expected s3://bucket/key.`);
});

test('a file under a folder, with or without its slash', () => {
  for (const key of ['a/b', 'a/b/']) expect(under({ bucket: 'x', key }, 'data.parquet')).toEqual({ bucket: 'x', key: 'a/b/data.parquet' });
});
