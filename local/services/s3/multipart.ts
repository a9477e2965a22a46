import { createHash, randomBytes } from 'node:crypto';
import type { Operation } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';
import { receiveBody, type BodyInput } from './body.ts';
import { checksumMember, startChecksum } from './checksums.ts';
import { noSuchUpload } from './errors.ts';
import { encryption, metadataOf, parseTagging } from './metadata.ts';
import { copySource, source } from './objects.ts';
import { parseRange } from './range.ts';
import type { PartRecord, UploadRecord } from './records.ts';
import type { S3 } from './s3.ts';

const smallestPart = 5 * 1024 * 1024;

/** What names an upload in a request. */
interface UploadAddress {
  readonly UploadId?: string;
  readonly Bucket?: string;
  readonly Key?: string;
}

/** Uploads in several parts. */
export function multipartOperations(s3: S3): Record<string, Operation> {
  const { ledger, files, records, context } = s3;

  function upload(input: UploadAddress): UploadRecord {
    const found = records.uploads.get(input.UploadId ?? '');
    if (!found || found.bucket !== input.Bucket || found.key !== input.Key) throw noSuchUpload(input.UploadId ?? '');
    return found;
  }

  function partsOf({ uploadId }: UploadRecord): PartRecord[] {
    return records.parts.list(`${uploadId}/`).map(({ value }) => value);
  }

  async function addPart(input: UploadAddress & { PartNumber?: number }, body: BodyInput): Promise<PartRecord> {
    const { uploadId, checksumAlgorithm } = upload(input);
    const partNumber = Number(input.PartNumber);
    if (!(partNumber >= 1 && partNumber <= 10_000)) throw new AwsError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
    const { pending, checksums } = await receiveBody(files, body, checksumAlgorithm);
    const part: PartRecord = { partNumber, etag: pending.md5, size: pending.size, file: await pending.keep(), lastModified: context.clock.now().toISOString(), checksums };
    const id = `${uploadId}/${String(partNumber).padStart(5, '0')}`;
    const replaced = records.parts.get(id);
    records.parts.put(id, part);
    if (replaced) await files.remove(replaced.file);
    return part;
  }

  async function forget(record: UploadRecord): Promise<void> {
    const parts = partsOf(record);
    context.store.transaction(() => {
      for (const { partNumber } of parts) records.parts.delete(`${record.uploadId}/${String(partNumber).padStart(5, '0')}`);
      records.uploads.delete(record.uploadId);
    });
    for (const { file } of parts) await files.remove(file);
  }

  return {
    CreateMultipartUpload(input) {
      const bucket = ledger.bucket(input.Bucket);
      const algorithm: string | undefined = input.ChecksumAlgorithm;
      const checksumType = input.ChecksumType ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
      const record: UploadRecord = {
        uploadId: randomBytes(48).toString('base64url'),
        bucket: bucket.name,
        key: input.Key,
        initiatedAt: context.clock.now().toISOString(),
        metadata: metadataOf(input),
        tags: parseTagging(input.Tagging),
        ...(algorithm !== undefined && { checksumAlgorithm: algorithm, checksumType }),
      };
      records.uploads.put(record.uploadId, record);
      return { Bucket: bucket.name, Key: input.Key, UploadId: record.uploadId, ...(algorithm !== undefined && { ChecksumAlgorithm: algorithm, ChecksumType: checksumType }), ...encryption(bucket) };
    },

    async UploadPart(input) {
      const part = await addPart(input, input);
      return { ETag: `"${part.etag}"`, ...part.checksums };
    },

    async UploadPartCopy(input) {
      const origin = copySource(input.CopySource);
      const from = ledger.readable(origin.bucket, origin.key, origin.versionId);
      const part = await addPart(input, { Body: await files.read(from.file, parseRange(input.CopySourceRange, from.size)) });
      return { CopyPartResult: { ETag: `"${part.etag}"`, LastModified: new Date(part.lastModified), ...part.checksums } };
    },

    async CompleteMultipartUpload(input, call) {
      const record = upload(input);
      const parts = choose(partsOf(record), input.MultipartUpload?.Parts ?? []);
      const { checksumAlgorithm: algorithm } = record;
      const whole = algorithm !== undefined && record.checksumType === 'FULL_OBJECT' ? startChecksum(algorithm) : undefined;
      const pending = await files.write(concatenate(parts), whole && ((chunk) => whole.update(chunk)));
      const checksums = algorithm === undefined ? {} : { [checksumMember(algorithm)]: whole ? await whole.digest() : await compositeChecksum(algorithm, parts) };
      const content = { key: record.key, etag: compositeTag(parts), size: pending.size, metadata: record.metadata, tags: record.tags, checksums, parts: parts.map(({ size }) => size), ...(record.checksumType && { checksumType: record.checksumType }) };
      const version = await s3.commit(record.bucket, content, pending, input, source(call));
      await forget(record);
      const bucket = ledger.bucket(record.bucket);
      return {
        Location: `${context.endpoint()}/${record.bucket}/${encodeURIComponent(record.key)}`,
        Bucket: record.bucket,
        Key: record.key,
        ETag: `"${version.etag}"`,
        ...checksums,
        ...(record.checksumType && { ChecksumType: record.checksumType }),
        ...(version.versionId !== 'null' && { VersionId: version.versionId }),
        ...encryption(bucket),
      };
    },

    async AbortMultipartUpload(input) {
      await forget(upload(input));
      return {};
    },

    ListParts(input) {
      const record = upload(input);
      const parts = partsOf(record).filter(({ partNumber }) => partNumber > Number(input.PartNumberMarker ?? 0));
      const page = parts.slice(0, input.MaxParts ?? 1000);
      return {
        Bucket: record.bucket,
        Key: record.key,
        UploadId: record.uploadId,
        MaxParts: input.MaxParts ?? 1000,
        IsTruncated: page.length < parts.length,
        ...(page.length < parts.length && { NextPartNumberMarker: String(page.at(-1)?.partNumber) }),
        Parts: page.map((part) => ({ PartNumber: part.partNumber, ETag: `"${part.etag}"`, Size: part.size, LastModified: new Date(part.lastModified), ...part.checksums })),
        StorageClass: 'STANDARD',
      };
    },

    ListMultipartUploads(input) {
      ledger.bucket(input.Bucket);
      const uploads = records.uploads.list().flatMap(({ value }) => (value.bucket === input.Bucket && value.key.startsWith(input.Prefix ?? '') ? [value] : []));
      return { Bucket: input.Bucket, IsTruncated: false, MaxUploads: uploads.length, Uploads: uploads.map(({ uploadId, key, initiatedAt }) => ({ UploadId: uploadId, Key: key, Initiated: new Date(initiatedAt), StorageClass: 'STANDARD' })) };
    },
  };

  async function* concatenate(parts: readonly PartRecord[]): AsyncIterable<Uint8Array> {
    for (const { file } of parts) yield* (await files.read(file)) as AsyncIterable<Uint8Array>;
  }
}

/** The parts that the request names, checked as S3 checks them. */
function choose(uploaded: readonly PartRecord[], named: readonly { PartNumber?: number; ETag?: string }[]): PartRecord[] {
  if (named.length === 0) throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  const parts = named.map(({ PartNumber: partNumber, ETag: etag }, index) => {
    if (index > 0 && Number(partNumber) <= Number(named[index - 1]?.PartNumber)) throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.');
    const part = uploaded.find((candidate) => candidate.partNumber === partNumber);
    if (!part || etag?.replaceAll('"', '') !== part.etag) throw new AwsError('InvalidPart', 'One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part\'s entity tag.', 400, { PartNumber: partNumber, ETag: etag });
    return part;
  });
  const small = parts.slice(0, -1).find(({ size }) => size < smallestPart);
  if (small) throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, { ProposedSize: small.size, MinSizeAllowed: smallestPart, PartNumber: small.partNumber, ETag: small.etag });
  return parts;
}

/** The entity tag of an object in parts: the MD5 of its parts' MD5s, and their number. */
function compositeTag(parts: readonly PartRecord[]): string {
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(Buffer.from(etag, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
}

async function compositeChecksum(algorithm: string, parts: readonly PartRecord[]): Promise<string> {
  const checksum = startChecksum(algorithm);
  for (const part of parts) checksum.update(Buffer.from(part.checksums[checksumMember(algorithm)] ?? '', 'base64'));
  return `${await checksum.digest()}-${parts.length}`;
}
