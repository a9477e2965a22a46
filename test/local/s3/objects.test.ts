import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { CopyObjectCommand, DeleteObjectCommand, DeleteObjectsCommand, GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand, NoSuchKey, NotFound, PutObjectCommand, PutObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { testLaptop } from '../support/laptop.ts';

const app = {
  App: {
    Resources: {
      Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data', VersioningConfiguration: { Status: 'Enabled' } } },
      Plain: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'plain' } },
    },
  },
};

async function bucket() {
  const laptop = await testLaptop(app);
  return { ...laptop, s3: new S3Client({ ...laptop.client, forcePathStyle: true, maxAttempts: 1 }) };
}

test('an object comes back byte for byte with what was said about it', async () => {
  const { s3 } = await bucket();
  const at = { Bucket: 'data', Key: 'a b/ü+%2B//../c' };
  const put = await s3.send(new PutObjectCommand({ ...at, Body: 'hello', ContentType: 'text/plain', CacheControl: 'no-cache', ContentEncoding: 'identity', Metadata: { origin: 'test' }, Tagging: 'a=1&b=2' }));
  expect(put).toMatchObject({ ETag: '"5d41402abc4b2a76b9719d911017c592"', VersionId: expect.any(String), ChecksumCRC32: 'NhCmhg==', ServerSideEncryption: 'AES256' });

  const got = await s3.send(new GetObjectCommand({ ...at, VersionId: put.VersionId!, ChecksumMode: 'ENABLED' }));
  expect(await got.Body!.transformToString()).toBe('hello');
  expect(got).toMatchObject({ ContentType: 'text/plain', CacheControl: 'no-cache', ContentEncoding: 'identity', Metadata: { origin: 'test' }, ContentLength: 5, VersionId: put.VersionId, ChecksumCRC32: 'NhCmhg==', TagCount: 2 });
  expect((await s3.send(new GetObjectTaggingCommand(at))).TagSet).toEqual([{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }]);
  await s3.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: [{ Key: 'c', Value: '3' }] } }));
  expect((await s3.send(new GetObjectTaggingCommand(at))).TagSet).toEqual([{ Key: 'c', Value: '3' }]);
});

test('what is missing is told as S3 tells it', async () => {
  const { s3 } = await bucket();
  await expect(s3.send(new GetObjectCommand({ Bucket: 'data', Key: 'none' }))).rejects.toBeInstanceOf(NoSuchKey);
  await expect(s3.send(new HeadObjectCommand({ Bucket: 'data', Key: 'none' }))).rejects.toBeInstanceOf(NotFound);
  await expect(s3.send(new GetObjectCommand({ Bucket: 'none', Key: 'k' }))).rejects.toMatchObject({ name: 'NoSuchBucket', BucketName: 'none' });
  await expect(s3.send(new GetObjectCommand({ Bucket: 'data', Key: 'none', VersionId: 'v' }))).rejects.toMatchObject({ name: 'NoSuchVersion' });
  await expect(s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'x'.repeat(1025), Body: '' }))).rejects.toMatchObject({ name: 'KeyTooLongError' });
});

test('a stream of many chunks is checked and kept; ranges of it are read', async () => {
  const { s3 } = await bucket();
  const bytes = randomBytes(3_000_000);
  const pieces = Array.from({ length: 30 }, (_, index) => bytes.subarray(index * 100_000, (index + 1) * 100_000));
  await s3.send(new PutObjectCommand({ Bucket: 'plain', Key: 'big', Body: Readable.from(pieces), ContentLength: bytes.length }));
  const whole = await s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'big' }));
  expect(createHash('sha256').update(await whole.Body!.transformToByteArray()).digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));

  const read = async (Range: string) => {
    const part = await s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'big', Range }));
    return [part.$metadata.httpStatusCode, part.ContentRange, Buffer.from(await part.Body!.transformToByteArray())] as const;
  };
  expect(await read('bytes=10-19')).toEqual([206, 'bytes 10-19/3000000', bytes.subarray(10, 20)]);
  expect(await read('bytes=2999990-')).toEqual([206, 'bytes 2999990-2999999/3000000', bytes.subarray(2_999_990)]);
  expect(await read('bytes=-5')).toEqual([206, 'bytes 2999995-2999999/3000000', bytes.subarray(2_999_995)]);
  await expect(read('bytes=3000000-')).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
});

test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)('%s is computed, echoed, and told to a reader who asks', async (ChecksumAlgorithm) => {
  const { s3 } = await bucket();
  const put = await s3.send(new PutObjectCommand({ Bucket: 'plain', Key: 'k', Body: 'hello', ChecksumAlgorithm }));
  const got = await s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'k', ChecksumMode: 'ENABLED' }));
  // The client verifies it while it reads.
  expect(await got.Body!.transformToString()).toBe('hello');
  expect(got[`Checksum${ChecksumAlgorithm}`]).toBe(put[`Checksum${ChecksumAlgorithm}`]);
  expect(put[`Checksum${ChecksumAlgorithm}`]).toBeTruthy();
});

test('bytes that differ from their checksum are refused and leave nothing behind', async () => {
  const { s3, stateDirectory } = await bucket();
  const at = { Bucket: 'plain', Key: 'k' };
  await expect(s3.send(new PutObjectCommand({ ...at, Body: 'hello', ChecksumCRC32: 'AAAAAA==' }))).rejects.toMatchObject({ name: 'BadDigest' });
  await expect(s3.send(new PutObjectCommand({ ...at, Body: 'hello', ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }))).rejects.toMatchObject({ name: 'BadDigest' });
  await expect(s3.send(new HeadObjectCommand(at))).rejects.toBeInstanceOf(NotFound);
  expect(readdirSync(path.join(stateDirectory, 's3', 'pending'))).toEqual([]);
});

test('conditional writes: created once, replaced only by who knows what is there', async () => {
  const { s3 } = await bucket();
  const at = { Bucket: 'data', Key: 'record.json' };
  const { ETag: first } = await s3.send(new PutObjectCommand({ ...at, Body: '1', IfNoneMatch: '*' }));
  await expect(s3.send(new PutObjectCommand({ ...at, Body: '2', IfNoneMatch: '*' }))).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
  await s3.send(new PutObjectCommand({ ...at, Body: '2', IfMatch: first! }));
  await expect(s3.send(new PutObjectCommand({ ...at, Body: '3', IfMatch: first! }))).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'other', Body: '3', IfMatch: first! }))).rejects.toBeInstanceOf(NoSuchKey);
  const got = await s3.send(new GetObjectCommand(at));
  expect(await got.Body!.transformToString()).toBe('2');
});

test('of many conditional writes at once exactly one wins', async () => {
  const { s3 } = await bucket();
  const writes = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'race', Body: String(index), IfNoneMatch: '*' }))));
  expect(writes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('conditional reads', async () => {
  const { s3 } = await bucket();
  const at = { Bucket: 'plain', Key: 'k' };
  const { ETag } = await s3.send(new PutObjectCommand({ ...at, Body: 'x' }));
  await expect(s3.send(new GetObjectCommand({ ...at, IfNoneMatch: ETag! }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  await expect(s3.send(new GetObjectCommand({ ...at, IfMatch: '"other"' }))).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(s3.send(new GetObjectCommand({ ...at, IfModifiedSince: new Date(Date.now() + 1000) }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  expect((await s3.send(new HeadObjectCommand({ ...at, IfMatch: ETag! }))).ContentLength).toBe(1);
});

test('deleting hides a versioned object behind a marker, and a version for good', async () => {
  const { s3, stateDirectory } = await bucket();
  const at = { Bucket: 'data', Key: 'k' };
  const { VersionId } = await s3.send(new PutObjectCommand({ ...at, Body: 'x' }));
  const marker = await s3.send(new DeleteObjectCommand(at));
  expect(marker).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
  await expect(s3.send(new GetObjectCommand(at))).rejects.toBeInstanceOf(NoSuchKey);
  await expect(s3.send(new GetObjectCommand({ ...at, VersionId: marker.VersionId! }))).rejects.toMatchObject({ name: 'MethodNotAllowed' });
  await s3.send(new DeleteObjectCommand({ ...at, VersionId: marker.VersionId! }));
  expect((await s3.send(new HeadObjectCommand(at))).VersionId).toBe(VersionId);
  await s3.send(new DeleteObjectCommand({ ...at, VersionId: VersionId! }));
  await expect(s3.send(new HeadObjectCommand(at))).rejects.toBeInstanceOf(NotFound);
  expect(keptFiles(stateDirectory)).toEqual([]);
});

test('many objects are deleted in one call; in a bucket without versions their bytes go', async () => {
  const { s3, stateDirectory } = await bucket();
  for (const Key of ['a', 'b&<c>']) await s3.send(new PutObjectCommand({ Bucket: 'plain', Key, Body: Key }));
  await s3.send(new PutObjectCommand({ Bucket: 'plain', Key: 'a', Body: 'again' }));
  expect(keptFiles(stateDirectory)).toHaveLength(2);
  const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket: 'plain', Delete: { Objects: [{ Key: 'a' }, { Key: 'b&<c>' }, { Key: 'none' }] } }));
  expect(Deleted?.map(({ Key }) => Key)).toEqual(['a', 'b&<c>', 'none']);
  expect(keptFiles(stateDirectory)).toEqual([]);
});

test('a copy takes bytes, metadata and tags of the version named, or replaces the metadata', async () => {
  const { s3 } = await bucket();
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'a b+ü', Body: 'one', ContentType: 'text/csv', Metadata: { n: '1' } }));
  await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'a b+ü', Body: 'two' }));
  const CopySource = `data/${encodeURIComponent('a b+ü')}?versionId=${VersionId}`;
  const copied = await s3.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'copy', CopySource }));
  expect(copied).toMatchObject({ CopySourceVersionId: VersionId, CopyObjectResult: { ETag: '"f97c5d29941bfb1b2fdab0874906ab82"' } });
  const got = await s3.send(new GetObjectCommand({ Bucket: 'plain', Key: 'copy' }));
  expect([await got.Body!.transformToString(), got.ContentType, got.Metadata]).toEqual(['one', 'text/csv', { n: '1' }]);
  await s3.send(new CopyObjectCommand({ Bucket: 'plain', Key: 'copy', CopySource: 'plain/copy', MetadataDirective: 'REPLACE', ContentType: 'text/plain' }));
  expect(await s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'copy' }))).toMatchObject({ ContentType: 'text/plain', Metadata: {} });
});

/** The object files that the laptop keeps. */
function keptFiles(stateDirectory: string): string[] {
  return readdirSync(path.join(stateDirectory, 's3'), { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
}
