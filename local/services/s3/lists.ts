import type { ListObjectsV2Request, ListObjectVersionsRequest } from '@aws-sdk/client-s3';
import type { Operation, Output } from '../../core/call.ts';
import { invalidArgument } from './errors.ts';
import { listKeys, type ListPage } from './listing.ts';
import { sequenceOf, versionPrefix, type ObjectVersion } from './records.ts';
import type { S3 } from './s3.ts';

const largestPage = 1000;

/** What all listings take. */
type Request = Pick<ListObjectsV2Request & ListObjectVersionsRequest, 'Bucket' | 'Prefix' | 'Delimiter' | 'MaxKeys' | 'EncodingType'>;

/** Listing objects and their versions. */
export function listOperations({ ledger, records }: S3): Record<string, Operation> {
  function list(input: Request, after: string): ListPage<ObjectVersion> {
    const bucket = ledger.bucket(input.Bucket ?? '').name;
    const request = { bucket, prefix: input.Prefix ?? '', delimiter: input.Delimiter ?? '', after, limit: pageSize(input) };
    return request.limit === 0 ? { items: [], commonPrefixes: [] } : listKeys(records.current, request, (version) => !version.deleteMarker);
  }

  return {
    ListObjectsV2(input) {
      const after = input.ContinuationToken === undefined ? (input.StartAfter ?? '') : decodeToken(input.ContinuationToken);
      const { items, commonPrefixes, next } = list(input, after);
      const encode = encoder(input.EncodingType);
      return {
        ...common(input, commonPrefixes, next !== undefined, encode),
        Contents: items.map((version) => entry(version, encode)),
        KeyCount: items.length + commonPrefixes.length,
        ...(input.StartAfter !== undefined && { StartAfter: encode(input.StartAfter) }),
        ...(input.ContinuationToken !== undefined && { ContinuationToken: input.ContinuationToken }),
        ...(next !== undefined && { NextContinuationToken: encodeToken(next) }),
      };
    },

    ListObjects(input) {
      const { items, commonPrefixes, next } = list(input, input.Marker ?? '');
      const encode = encoder(input.EncodingType);
      return {
        ...common(input, commonPrefixes, next !== undefined, encode),
        Contents: items.map((version) => entry(version, encode)),
        Marker: encode(input.Marker ?? ''),
        // Without a delimiter the last key of the page serves as the marker.
        ...(next !== undefined && input.Delimiter !== undefined && { NextMarker: encode(next) }),
      };
    },

    ListObjectVersions(input) {
      const { Bucket: bucket, Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: keyMarker = '', VersionIdMarker: versionMarker } = input;
      ledger.bucket(bucket);
      const limit = pageSize(input);
      // First the rest of the marker's key, then the keys behind it, whose versions stand together.
      const rest = versionMarker === undefined ? [] : remaining(records, bucket, keyMarker, versionMarker).slice(0, limit + 1);
      const page = listKeys(records.versions, { bucket, prefix, delimiter, after: behind(keyMarker, delimiter), limit: Math.max(0, limit - rest.length) }, () => true);
      const items = [...rest.slice(0, limit), ...page.items];
      const truncated = rest.length > limit || page.next !== undefined;
      const encode = encoder(input.EncodingType);
      const isNewest = (version: ObjectVersion) => records.current.get(`${bucket}/${version.key}`)?.sequence === version.sequence;
      const describe = (version: ObjectVersion) => ({ ...identity(version, encode), IsLatest: isNewest(version) });
      return {
        ...common(input, page.commonPrefixes, truncated, encode),
        KeyMarker: encode(keyMarker),
        VersionIdMarker: versionMarker ?? '',
        Versions: items.filter(({ deleteMarker }) => !deleteMarker).map((version) => ({ ...entry(version, encode), ...describe(version) })),
        DeleteMarkers: items.filter(({ deleteMarker }) => deleteMarker).map(describe),
        ...(truncated && nextMarkers(items, page.commonPrefixes, encode)),
      };
    },
  };
}

/** Behind all versions of a key, or behind a common prefix. */
function behind(keyMarker: string, delimiter: string): string {
  const isPrefix = delimiter !== '' && keyMarker.endsWith(delimiter);
  return keyMarker === '' || isPrefix ? keyMarker : `${keyMarker}\u0002`;
}

/** Where the next page goes on: behind a version, or behind the common prefix that ended this one. */
function nextMarkers(items: readonly ObjectVersion[], prefixes: readonly string[], encode: (text: string) => string): Output {
  const [version, prefix = ''] = [items.at(-1), prefixes.at(-1)];
  return version && version.key > prefix ? { NextKeyMarker: encode(version.key), NextVersionIdMarker: version.versionId } : { NextKeyMarker: encode(prefix) };
}

/** The versions of a key that are older than the marker's, which may have been deleted since it was handed out. */
function remaining(records: S3['records'], bucket: string, key: string, versionId: string): ObjectVersion[] {
  const versions = records.versions.list(versionPrefix(bucket, key)).flatMap(({ value }) => (value.key === key ? [value] : []));
  const sequence = sequenceOf(versionId) ?? versions.find((version) => version.versionId === versionId)?.sequence;
  return sequence === undefined ? versions : versions.filter((version) => version.sequence < sequence);
}

function pageSize(input: Request): number {
  const asked: number = input.MaxKeys ?? largestPage;
  if (!Number.isInteger(asked) || asked < 0) throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647');
  return Math.min(asked, largestPage);
}

function common(input: Request, prefixes: readonly string[], truncated: boolean, encode: (text: string) => string): Output {
  return {
    Name: input.Bucket,
    Prefix: encode(input.Prefix ?? ''),
    MaxKeys: pageSize(input),
    IsTruncated: truncated,
    ...(input.Delimiter !== undefined && { Delimiter: encode(input.Delimiter) }),
    ...(input.EncodingType !== undefined && { EncodingType: input.EncodingType }),
    CommonPrefixes: prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

function entry(version: ObjectVersion, encode: (text: string) => string): Output {
  const algorithms = Object.keys(version.checksums).map((member) => member.replace('Checksum', ''));
  return {
    Key: encode(version.key),
    LastModified: new Date(version.lastModified),
    ETag: `"${version.etag}"`,
    Size: version.size,
    StorageClass: version.metadata.StorageClass ?? 'STANDARD',
    ...(algorithms.length > 0 && { ChecksumAlgorithm: algorithms, ChecksumType: version.checksumType }),
  };
}

function identity(version: ObjectVersion, encode: (text: string) => string): Output {
  return { Key: encode(version.key), VersionId: version.versionId, LastModified: new Date(version.lastModified) };
}

/** With `EncodingType: url`, names travel percent-encoded, since XML cannot hold every character. */
function encoder(type: unknown): (text: string) => string {
  return type === 'url' ? (text) => encodeURIComponent(text).replaceAll('%2F', '/') : (text) => text;
}

function encodeToken(key: string): string {
  return Buffer.from(key).toString('base64');
}

function decodeToken(token: string): string {
  return Buffer.from(token, 'base64').toString();
}
