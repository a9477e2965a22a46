import type { Operation } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';
import type { BucketRecord } from './records.ts';
import type { S3 } from './s3.ts';

/** Creating, describing and configuring buckets. */
export function bucketOperations(s3: S3): Record<string, Operation> {
  const { ledger, records, context } = s3;
  const amend = (name: string, change: Partial<BucketRecord>) => {
    records.buckets.put(name, { ...ledger.bucket(name), ...change });
    return {};
  };

  return {
    CreateBucket(input, call) {
      if (records.buckets.get(input.Bucket)) throw new AwsError('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.', 409, { BucketName: input.Bucket });
      records.buckets.put(input.Bucket, newBucket(checkBucketName(input.Bucket), input.CreateBucketConfiguration?.LocationConstraint ?? call.region, context.clock.now()));
      return { Location: `/${input.Bucket}` };
    },

    DeleteBucket(input) {
      ledger.bucket(input.Bucket);
      if (!isEmpty(s3, input.Bucket)) throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.', 409, { BucketName: input.Bucket });
      records.buckets.delete(input.Bucket);
      return {};
    },

    ListBuckets(input, call) {
      const buckets = records.buckets.list(input.Prefix ?? '').map(({ value }) => ({ Name: value.name, CreationDate: new Date(value.createdAt), BucketRegion: value.region }));
      return { Buckets: buckets, Owner: { ID: call.caller.accountId }, ...(input.Prefix !== undefined && { Prefix: input.Prefix }) };
    },

    HeadBucket: (input) => ({ BucketRegion: ledger.bucket(input.Bucket).region, AccessPointAlias: false }),

    GetBucketLocation(input) {
      const { region } = ledger.bucket(input.Bucket);
      // The oldest region has no name here.
      return region === 'us-east-1' ? {} : { LocationConstraint: region };
    },

    GetBucketVersioning(input) {
      const { versioning } = ledger.bucket(input.Bucket);
      return versioning === undefined ? {} : { Status: versioning };
    },

    PutBucketVersioning: (input) => amend(input.Bucket, { versioning: input.VersioningConfiguration?.Status }),
    GetBucketNotificationConfiguration: (input) => ({ ...ledger.bucket(input.Bucket).notifications }),
    PutBucketNotificationConfiguration: (input) => amend(input.Bucket, { notifications: input.NotificationConfiguration ?? {} }),

    GetBucketTagging(input) {
      const tags = Object.entries(ledger.bucket(input.Bucket).tags);
      if (tags.length === 0) throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404, { BucketName: input.Bucket });
      return { TagSet: tags.map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

/** A bucket as S3 makes it when nothing more is said: encrypted with S3's own key. */
export function newBucket(name: string, region: string, now: Date): BucketRecord {
  return { name, region, createdAt: now.toISOString(), notifications: {}, encryption: { algorithm: 'AES256' }, tags: {} };
}

/** Whether a bucket holds no version of any object. */
export function isEmpty({ records }: S3, bucket: string): boolean {
  return records.versions.page({ prefix: `${bucket}/`, limit: 1 }).length === 0;
}

/** Three to 63 lower-case letters, digits, dots and hyphens. */
export function checkBucketName(name: string): string {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || name.includes('..')) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
  return name;
}
