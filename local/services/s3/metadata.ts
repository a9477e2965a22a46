import type { BucketRecord, ObjectMetadata, ObjectVersion } from './records.ts';

const members = ['CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'ContentType', 'WebsiteRedirectLocation', 'StorageClass', 'Metadata'] as const;

/** The metadata that a write brings. */
export function metadataOf(input: Readonly<Record<string, unknown>>): ObjectMetadata {
  const kept = Object.fromEntries(members.flatMap((member) => (input[member] === undefined ? [] : [[member, input[member]]])));
  const { Expires: expires } = input;
  // The framing of the upload is no encoding of the object.
  const encoding = String(input['ContentEncoding'] ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '' && name !== 'aws-chunked').join(',');
  delete kept['ContentEncoding'];
  return { ...kept, ...(encoding !== '' && { ContentEncoding: encoding }), ...(expires !== undefined && { Expires: expires instanceof Date ? expires.toUTCString() : String(expires) }) };
}

/** What GetObject and HeadObject answer besides the bytes. */
export function describe(version: ObjectVersion, bucket: BucketRecord): Record<string, unknown> {
  const { Expires: expires, ...metadata } = version.metadata;
  const tags = Object.keys(version.tags).length;
  return {
    AcceptRanges: 'bytes',
    ContentType: 'binary/octet-stream',
    ...metadata,
    ETag: `"${version.etag}"`,
    LastModified: new Date(version.lastModified),
    ...(expires !== undefined && { Expires: new Date(expires), ExpiresString: expires }),
    ...(version.versionId !== 'null' && { VersionId: version.versionId }),
    ...(version.deleteMarker && { DeleteMarker: true }),
    ...(tags > 0 && { TagCount: tags }),
    ...encryption(bucket),
  };
}

/** How the bucket encrypts, as every answer about an object says. */
export function encryption({ encryption: { algorithm, keyId, bucketKey } }: BucketRecord): Record<string, unknown> {
  return { ServerSideEncryption: algorithm, ...(keyId !== undefined && { SSEKMSKeyId: keyId }), ...(bucketKey && { BucketKeyEnabled: true }) };
}

/** Tags as the `x-amz-tagging` header writes them: a query string. */
export function parseTagging(header: string | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(header ?? ''));
}
