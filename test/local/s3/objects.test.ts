import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { testLaptop } from '../support/laptop.ts';

const app = { App: { Resources: { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data', VersioningConfiguration: { Status: 'Enabled' } } } } } };

test('an object put through the SDK comes back byte for byte', async () => {
  const { client } = await testLaptop(app);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const put = await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'a b/ü+%2B', Body: 'hello', ContentType: 'text/plain', Metadata: { origin: 'test' } }));
  expect(put).toMatchObject({ ETag: '"5d41402abc4b2a76b9719d911017c592"', VersionId: expect.any(String) });

  const got = await s3.send(new GetObjectCommand({ Bucket: 'data', Key: 'a b/ü+%2B', VersionId: put.VersionId! }));
  expect(await got.Body!.transformToString()).toBe('hello');
  expect(got).toMatchObject({ ContentType: 'text/plain', Metadata: { origin: 'test' }, ContentLength: 5, VersionId: put.VersionId });

  await expect(s3.send(new GetObjectCommand({ Bucket: 'data', Key: 'missing' }))).rejects.toBeInstanceOf(NoSuchKey);
});
