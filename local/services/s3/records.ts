import { randomBytes } from 'node:crypto';
import type { Collection, Store } from '../../core/store.ts';

/** A bucket. */
export interface BucketRecord {
  readonly name: string;
  readonly region: string;
  /** ISO time. */
  readonly createdAt: string;
  readonly versioning?: 'Enabled' | 'Suspended';
  /** Where events of its objects go. */
  readonly notifications: BucketNotifications;
  readonly encryption: { readonly algorithm: string; readonly keyId?: string; readonly bucketKey?: boolean };
  readonly tags: Readonly<Record<string, string>>;
}

/** A bucket's notification configuration in the API's own shape. */
export interface BucketNotifications {
  readonly EventBridgeConfiguration?: object;
  readonly [kind: string]: unknown;
}

/** The metadata that S3 keeps with an object and hands out again, by member names of the SDK's shapes. */
export interface ObjectMetadata {
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly ContentType?: string;
  readonly Expires?: string;
  readonly WebsiteRedirectLocation?: string;
  readonly StorageClass?: string;
  readonly Metadata?: Readonly<Record<string, string>>;
}

/** One version of an object, or a delete marker in its place. */
export interface ObjectVersion {
  readonly bucket: string;
  readonly key: string;
  /** `null` in a bucket without versioning. */
  readonly versionId: string;
  /** Grows with every write to the laptop's S3: sixteen hexadecimal digits. */
  readonly sequence: string;
  /** ISO time. */
  readonly lastModified: string;
  readonly deleteMarker?: true;
  /** Without its quotes. */
  readonly etag: string;
  readonly size: number;
  /** The name of its bytes in the file store. */
  readonly file: string;
  readonly metadata: ObjectMetadata;
  readonly tags: Readonly<Record<string, string>>;
  /** By member name, such as `ChecksumCRC32`; base64. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly checksumType?: 'FULL_OBJECT' | 'COMPOSITE';
  /** The sizes of its parts when it was uploaded in several. */
  readonly parts?: readonly number[];
}

/** A multipart upload under way. */
export interface UploadRecord {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiatedAt: string;
  readonly metadata: ObjectMetadata;
  readonly tags: Readonly<Record<string, string>>;
  readonly checksumAlgorithm?: string;
  readonly checksumType?: 'FULL_OBJECT' | 'COMPOSITE';
}

/** One part of an upload. */
export interface PartRecord {
  readonly partNumber: number;
  readonly etag: string;
  readonly size: number;
  readonly file: string;
  readonly lastModified: string;
  readonly checksums: Readonly<Record<string, string>>;
}

/** S3's documents in the store. */
export interface S3Records {
  readonly buckets: Collection<BucketRecord>;
  /** The newest version of each key, by `<bucket>/<key>`. */
  readonly current: Collection<ObjectVersion>;
  /** All versions, by `versionKey`: those of one key stand together, the newest first. */
  readonly versions: Collection<ObjectVersion>;
  readonly uploads: Collection<UploadRecord>;
  /** By `<upload id>/<part number>`. */
  readonly parts: Collection<PartRecord>;
  /** Events to be delivered, by sequence: written with the change that they tell of. */
  readonly events: Collection<{ readonly detailType: string; readonly bucket: string; readonly detail: Record<string, unknown>; readonly time: string }>;
  readonly counters: Collection<string>;
}

/** Opens S3's documents. */
export function s3Records(store: Store): S3Records {
  return {
    buckets: store.collection('s3', 'bucket'),
    current: store.collection('s3', 'current'),
    versions: store.collection('s3', 'version'),
    uploads: store.collection('s3', 'upload'),
    parts: store.collection('s3', 'part'),
    events: store.collection('s3', 'event'),
    counters: store.collection('s3', 'counter'),
  };
}

/** Where the newest version of a key stands. */
export function objectKey(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}

/** Where the versions of a key stand: behind a separator that sorts before all text. */
export function versionPrefix(bucket: string, key: string): string {
  return `${objectKey(bucket, key)}\u0001`;
}

/** Where one version stands: its sequence inverted, so that the newest comes first. */
export function versionKey({ bucket, key, sequence }: Pick<ObjectVersion, 'bucket' | 'key' | 'sequence'>): string {
  return versionPrefix(bucket, key) + (0xffff_ffff_ffff_ffffn - BigInt(`0x${sequence}`)).toString(16).padStart(16, '0');
}

const sequenceBytes = 8;

/** A version id as opaque as S3's, from which its place among the versions can be told even when it is gone. */
export function newVersionId(sequence: string): string {
  return Buffer.concat([Buffer.from(sequence, 'hex'), randomBytes(16)]).toString('base64url');
}

/** The sequence of a version id; `null` has none. */
export function sequenceOf(versionId: string): string | undefined {
  return versionId === 'null' ? undefined : Buffer.from(versionId, 'base64url').toString('hex', 0, sequenceBytes).toUpperCase();
}
