import { createHash, randomBytes } from 'node:crypto';
import { AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, GetObjectCommand, HeadObjectCommand, ListMultipartUploadsCommand, ListPartsCommand, NoSuchUpload, S3Client, UploadPartCommand, UploadPartCopyCommand, type ChecksumAlgorithm, type CompletedPart } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { testLaptop } from '../support/laptop.ts';

const at = { Bucket: 'data', Key: 'big file' };
const mebibyte = 1024 * 1024;

async function bucket(): Promise<S3Client> {
  const { client } = await testLaptop({ App: { Resources: { Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } } } } });
  return new S3Client({ ...client, forcePathStyle: true, maxAttempts: 1 });
}

async function upload(s3: S3Client, parts: readonly Buffer[], ChecksumAlgorithm: ChecksumAlgorithm = 'CRC32') {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...at, ContentType: 'text/plain', ChecksumAlgorithm }));
  const done: CompletedPart[] = [];
  for (const [index, Body] of parts.entries()) {
    const part = await s3.send(new UploadPartCommand({ ...at, UploadId: UploadId!, PartNumber: index + 1, Body, ChecksumAlgorithm }));
    done.push({ PartNumber: index + 1, ETag: part.ETag!, [`Checksum${ChecksumAlgorithm}`]: part[`Checksum${ChecksumAlgorithm}` as 'ChecksumCRC32'] });
  }
  return { UploadId: UploadId!, done };
}

const complete = (s3: S3Client, UploadId: string, Parts: CompletedPart[]) => s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }));

test('parts become one object, with S3’s entity tag of parts', async () => {
  const s3 = await bucket();
  const parts = [randomBytes(5 * mebibyte), randomBytes(5 * mebibyte), randomBytes(10)];
  const { UploadId, done } = await upload(s3, parts);
  expect((await s3.send(new ListPartsCommand({ ...at, UploadId }))).Parts?.map(({ Size }) => Size)).toEqual(parts.map(({ length }) => length));
  expect((await s3.send(new ListMultipartUploadsCommand({ Bucket: 'data' }))).Uploads).toMatchObject([{ UploadId, Key: 'big file' }]);

  const { ETag, ChecksumCRC32, ChecksumType } = await complete(s3, UploadId, done);
  const digests = Buffer.concat(parts.map((part) => createHash('md5').update(part).digest()));
  expect(ETag).toBe(`"${createHash('md5').update(digests).digest('hex')}-3"`);
  expect([ChecksumCRC32, ChecksumType]).toEqual([expect.stringMatching(/-3$/), 'COMPOSITE']);
  const got = await s3.send(new GetObjectCommand(at));
  expect([Buffer.from(await got.Body!.transformToByteArray()).equals(Buffer.concat(parts)), got.ContentType]).toEqual([true, 'text/plain']);
  expect(await s3.send(new HeadObjectCommand({ ...at, PartNumber: 3 }))).toMatchObject({ ContentLength: 10, PartsCount: 3 });
  await expect(s3.send(new ListPartsCommand({ ...at, UploadId }))).rejects.toBeInstanceOf(NoSuchUpload);
});

test('a checksum over the whole object', async () => {
  const s3 = await bucket();
  const { UploadId, done } = await upload(s3, [Buffer.from('hello')], 'CRC64NVME');
  expect(await complete(s3, UploadId, done)).toMatchObject({ ChecksumType: 'FULL_OBJECT', ChecksumCRC64NVME: expect.stringMatching(/^[A-Za-z0-9+/]{11}=$/) });
});

test('parts are refused as S3 refuses them', async () => {
  const s3 = await bucket();
  const { UploadId, done } = await upload(s3, [Buffer.from('small'), Buffer.from('last')]);
  await expect(complete(s3, UploadId, done)).rejects.toMatchObject({ name: 'EntityTooSmall' });
  await expect(complete(s3, UploadId, [done[1]!, done[0]!])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  await expect(complete(s3, UploadId, [{ ...done[1]!, ETag: '"00"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
  await s3.send(new AbortMultipartUploadCommand({ ...at, UploadId }));
  await expect(complete(s3, UploadId, done)).rejects.toBeInstanceOf(NoSuchUpload);
});

test('a part may be copied from another object, or a range of it', async () => {
  const s3 = await bucket();
  const first = await upload(s3, [Buffer.from('0123456789')]);
  await complete(s3, first.UploadId, first.done);
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
  const { CopyPartResult } = await s3.send(new UploadPartCopyCommand({ ...at, UploadId: UploadId!, PartNumber: 1, CopySource: encodeURI('data/big file'), CopySourceRange: 'bytes=2-5' }));
  await complete(s3, UploadId!, [{ PartNumber: 1, ETag: CopyPartResult!.ETag! }]);
  expect(await (await s3.send(new GetObjectCommand(at))).Body!.transformToString()).toBe('2345');
});
