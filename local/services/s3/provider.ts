import type { ResourceDeclaration, ResourceProvider } from '../../core/resource.ts';
import { checkBucketName, isEmpty, newBucket } from './buckets.ts';
import { fromTemplate, type TemplateNotifications } from './notifications.ts';
import type { BucketNotifications, BucketRecord } from './records.ts';
import type { S3 } from './s3.ts';

const longestName = 63;

/** The tag that CDK's `autoDeleteObjects` leaves on a bucket. */
const autoDeleteTag = 'aws-cdk:auto-delete-objects';

interface BucketProperties {
  readonly BucketName?: string;
  readonly VersioningConfiguration?: { readonly Status?: 'Enabled' | 'Suspended' };
  readonly NotificationConfiguration?: TemplateNotifications;
  readonly BucketEncryption?: { readonly ServerSideEncryptionConfiguration?: readonly { readonly BucketKeyEnabled?: boolean; readonly ServerSideEncryptionByDefault?: { readonly SSEAlgorithm: string; readonly KMSMasterKeyID?: string } }[] };
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/** `AWS::S3::Bucket`. */
export function bucketProvider(s3: S3): ResourceProvider {
  const { records, context } = s3;
  return {
    type: 'AWS::S3::Bucket',
    apply(declaration, { region, partition, physicalName }) {
      const properties = declaration.properties as BucketProperties;
      const name = checkBucketName(properties.BucketName ?? physicalName(declaration, longestName).toLowerCase());
      const existing = records.buckets.get(name) ?? newBucket(name, region, context.clock.now());
      records.buckets.put(name, configure(existing, properties));
      const host = `${name}.s3.amazonaws.com`;
      return {
        physicalId: name,
        attributes: {
          Arn: `arn:${partition}:s3:::${name}`,
          DomainName: host,
          RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
          DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
          WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
        },
      };
    },
    async remove({ physicalId: name }) {
      const bucket = records.buckets.get(name);
      if (!bucket) return;
      if (bucket.tags[autoDeleteTag] === 'true') await empty(s3, name);
      if (isEmpty(s3, name)) records.buckets.delete(name);
      else context.emit({ type: 'notice', message: `The bucket ${name} left the template and is kept, since it holds objects: CloudFormation would not delete it either.` });
    },
  };
}

/** The custom resource by which CDK configures a bucket's notifications: its Lambda makes this one call. */
export function notificationsProvider({ records, ledger }: S3): ResourceProvider {
  const write = (declaration: ResourceDeclaration, notifications: BucketNotifications): string => {
    const name = String(declaration.properties['BucketName']);
    records.buckets.put(name, { ...ledger.bucket(name), notifications });
    return name;
  };
  return {
    type: 'Custom::S3BucketNotifications',
    apply(declaration) {
      const name = write(declaration, (declaration.properties['NotificationConfiguration'] ?? {}) as BucketNotifications);
      return { physicalId: `${name}-notifications`, attributes: {} };
    },
    remove(_previous, declaration) {
      if (records.buckets.get(String(declaration.properties['BucketName']))) write(declaration, {});
    },
  };
}

function configure(bucket: BucketRecord, { VersioningConfiguration, NotificationConfiguration, BucketEncryption, Tags = [] }: BucketProperties): BucketRecord {
  const rule = BucketEncryption?.ServerSideEncryptionConfiguration?.[0];
  const { SSEAlgorithm: algorithm = 'AES256', KMSMasterKeyID: keyId } = rule?.ServerSideEncryptionByDefault ?? {};
  const { versioning: _, ...rest } = bucket;
  // Versioning once enabled can only be suspended.
  const versioning = VersioningConfiguration?.Status ?? (bucket.versioning === undefined ? undefined : 'Suspended');
  return {
    ...rest,
    ...(versioning && { versioning }),
    notifications: fromTemplate(NotificationConfiguration),
    encryption: { algorithm, ...(keyId !== undefined && { keyId }), ...(rule?.BucketKeyEnabled === true && { bucketKey: true }) },
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
  };
}

async function empty(s3: S3, bucket: string): Promise<void> {
  const source = { reason: 'DeleteObject', requestId: 'auto-delete-objects', accountId: s3.context.accountId };
  for (const { value } of s3.records.versions.list(`${bucket}/`)) await s3.remove(bucket, value.key, value.versionId, {}, source);
}
