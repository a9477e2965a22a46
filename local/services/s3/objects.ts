import type { GetObjectRequest } from '@aws-sdk/client-s3';
import type { Call, Operation, Output } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';
import { receiveBody } from './body.ts';
import { requestedAlgorithm } from './checksums.ts';
import { checkRead } from './conditions.ts';
import { describe, encryption, metadataOf, parseTagging } from './metadata.ts';
import { parseRange, partRange, type ByteRange } from './range.ts';
import type { ObjectVersion } from './records.ts';
import type { S3 } from './s3.ts';

const longestKeyBytes = 1024;

/** Reading, writing, copying and deleting objects. */
export function objectOperations(s3: S3): Record<string, Operation> {
  const { ledger, files } = s3;

  function read(input: GetObjectRequest): { output: Output; version: ObjectVersion; range: ByteRange | undefined } {
    const version = ledger.readable(input.Bucket ?? '', input.Key ?? '', input.VersionId);
    if (version.deleteMarker) throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, { Method: 'GET', ResourceType: 'DeleteMarker' });
    checkRead(version, input);
    const parts = version.parts ?? [version.size];
    const range = input.PartNumber === undefined ? parseRange(input.Range, version.size) : partRange(parts, input.PartNumber);
    const length = range ? range.end - range.start + 1 : version.size;
    const output: Output = {
      ...describe(version, ledger.bucket(version.bucket)),
      ContentLength: length,
      ...(range && { ContentRange: `bytes ${range.start}-${range.end}/${version.size}` }),
      ...(input.PartNumber !== undefined && version.parts && { PartsCount: version.parts.length }),
      ...(input.ChecksumMode === 'ENABLED' && !range && { ...version.checksums, ...(version.checksumType && { ChecksumType: version.checksumType }) }),
    };
    return { output: { ...output, ...overrides({ ...input }) }, version, range };
  }

  return {
    async PutObject(input, call) {
      const bucket = ledger.bucket(input.Bucket);
      checkKey(input.Key);
      const { pending, checksums } = await receiveBody(files, input);
      const content = { key: input.Key, etag: pending.md5, size: pending.size, metadata: metadataOf(input), tags: parseTagging(input.Tagging), checksums, checksumType: 'FULL_OBJECT' as const };
      const version = await s3.commit(bucket.name, content, pending, input, source(call));
      return { ETag: `"${version.etag}"`, ...checksums, ...(Object.keys(checksums).length > 0 && { ChecksumType: 'FULL_OBJECT' }), ...named(version), ...encryption(bucket) };
    },

    async GetObject(input) {
      for (;;) {
        const { output, version, range } = read(input);
        try {
          return { ...output, Body: await files.read(version.file, range) };
        } catch (error) {
          // Replaced in the meantime, bytes and all: read what stands there now.
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || ledger.readable(version.bucket, version.key, input.VersionId).file === version.file) throw error;
        }
      }
    },

    HeadObject: (input) => read(input).output,

    async CopyObject(input, call) {
      const origin = copySource(input.CopySource);
      const from = ledger.readable(origin.bucket, origin.key, origin.versionId);
      checkRead(from, { IfMatch: input.CopySourceIfMatch, IfNoneMatch: input.CopySourceIfNoneMatch, IfModifiedSince: input.CopySourceIfModifiedSince, IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince });
      checkKey(input.Key);
      const bucket = ledger.bucket(input.Bucket);
      const replacing = input.MetadataDirective === 'REPLACE';
      if (from.bucket === bucket.name && from.key === input.Key && !replacing && origin.versionId === undefined) throw new AwsError('InvalidRequest', "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
      const algorithm = requestedAlgorithm(input) ?? Object.keys(from.checksums)[0]?.replace('Checksum', '');
      const { pending, checksums } = await receiveBody(files, { Body: await files.read(from.file) }, algorithm);
      const content = { key: input.Key, etag: pending.md5, size: pending.size, metadata: replacing ? metadataOf(input) : from.metadata, tags: input.TaggingDirective === 'REPLACE' ? parseTagging(input.Tagging) : from.tags, checksums, checksumType: 'FULL_OBJECT' as const };
      const version = await s3.commit(bucket.name, content, pending, input, source(call));
      return { CopyObjectResult: { ETag: `"${version.etag}"`, LastModified: new Date(version.lastModified), ...checksums }, ...named(version), ...(from.versionId !== 'null' && { CopySourceVersionId: from.versionId }), ...encryption(bucket) };
    },

    async DeleteObject(input, call) {
      const { versionId, deleteMarker } = await s3.remove(input.Bucket, input.Key, input.VersionId, input, source(call));
      return { ...(versionId !== undefined && { VersionId: versionId }), ...(deleteMarker && { DeleteMarker: true }) };
    },

    async DeleteObjects(input, call) {
      const deleted: Output[] = [];
      const errors: Output[] = [];
      for (const { Key: key, VersionId: asked, ETag: etag } of input.Delete?.Objects ?? []) {
        try {
          const { versionId, deleteMarker } = await s3.remove(input.Bucket, key, asked, { ...(etag !== undefined && { IfMatch: etag }) }, { ...source(call), reason: 'DeleteObject' });
          const marker = deleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: versionId } : {};
          deleted.push({ Key: key, ...(asked !== undefined && { VersionId: asked }), ...marker });
        } catch (error) {
          if (!(error instanceof AwsError) || error.code === 'NoSuchBucket') throw error;
          errors.push({ Key: key, ...(asked !== undefined && { VersionId: asked }), Code: error.code, Message: error.message });
        }
      }
      return { ...(input.Delete?.Quiet !== true && { Deleted: deleted }), ...(errors.length > 0 && { Errors: errors }) };
    },

    GetObjectTagging(input) {
      const { tags, versionId } = ledger.readable(input.Bucket, input.Key, input.VersionId);
      return { TagSet: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })), ...(versionId !== 'null' && { VersionId: versionId }) };
    },

    PutObjectTagging(input) {
      const version = ledger.readable(input.Bucket, input.Key, input.VersionId);
      const pairs = (input.Tagging?.TagSet ?? []).map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]);
      ledger.amend(version, { tags: Object.fromEntries(pairs) });
      return named(version);
    },
  };
}

function checkKey(key: string): void {
  if (Buffer.byteLength(key) > longestKeyBytes) throw new AwsError('KeyTooLongError', 'Your key is too long', 400, { Size: Buffer.byteLength(key), MaxSizeAllowed: longestKeyBytes });
}

/** What an event about this call's effect names. */
export function source(call: Call): { reason: string; requestId: string; accountId: string } {
  return { reason: call.operation, requestId: call.requestId, accountId: call.caller.accountId };
}

function named({ versionId }: ObjectVersion): Output {
  return versionId === 'null' ? {} : { VersionId: versionId };
}

/** Reads `x-amz-copy-source`: `[/]bucket/key[?versionId=..]`, percent-encoded. */
export function copySource(header: string): { bucket: string; key: string; versionId?: string } {
  const [, bucket = '', key = '', versionId] = /^\/?([^/]+)\/(.+?)(?:\?versionId=(.+))?$/.exec(header) ?? [];
  if (key === '') throw new AwsError('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey', 400, { ArgumentName: 'x-amz-copy-source', ArgumentValue: header });
  return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key), ...(versionId !== undefined && { versionId }) };
}

/** `response-content-type` and its like, which presigned URLs use. */
function overrides(input: Readonly<Record<string, unknown>>): Output {
  return Object.fromEntries(Object.entries(input).flatMap(([name, value]) => (/^Response(?:Content|Cache)/.test(name) ? [[name.slice('Response'.length), value]] : [])));
}
