import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { CfnBucket, IBucket, LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { prefixes } from '../../../model/spec/layout.ts';
import { acknowledge } from '../../private/acknowledgements.ts';
import { abortMultipartAfter } from '../defaults.ts';

/** What the two buckets are made of. */
export interface BucketSettings {
  readonly encryptionKey?: IKey;
  readonly accessLogBucket?: IBucket;
  readonly removalPolicy: RemovalPolicy;
  readonly intermediatesExpiration: Duration;
  readonly coldStorageAfter: Duration;
  readonly noncurrentVersionExpiration: Duration;
  readonly quarantineExpiration: Duration;
}

/** The bucket for training data. */
export function createDataBucket(scope: Construct, settings: BucketSettings): Bucket {
  const bucket = createBucket(scope, 'DataBucket', settings, [
    {
      id: 'MoveOldTrainingDataToColdStorage',
      prefix: prefixes.raw,
      transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: settings.coldStorageAfter }],
      noncurrentVersionExpiration: settings.noncurrentVersionExpiration,
    },
    // Copies: the originals stay under raw/.
    { id: 'ExpireQuarantine', prefix: prefixes.quarantine, expiration: settings.quarantineExpiration, noncurrentVersionExpiration: abortMultipartAfter },
  ]);
  // Not by the `eventBridgeEnabled` prop: that one brings a custom resource, where CloudFormation has a property.
  (bucket.node.defaultChild as CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  return bucket;
}

/** The bucket for what pipelines make. Versions of models and deployment records are kept: they are the audit trail. */
export function createArtifactBucket(scope: Construct, settings: BucketSettings): Bucket {
  return createBucket(scope, 'ArtifactBucket', settings, [
    {
      id: 'ExpireIntermediates',
      prefix: prefixes.intermediates,
      expiration: settings.intermediatesExpiration,
      noncurrentVersionExpiration: abortMultipartAfter,
    },
    { id: 'ExpireAsyncInference', prefix: prefixes.async, expiration: settings.intermediatesExpiration, noncurrentVersionExpiration: abortMultipartAfter },
  ]);
}

function createBucket(scope: Construct, id: string, settings: BucketSettings, rules: LifecycleRule[]): Bucket {
  const { encryptionKey, accessLogBucket } = settings;
  const bucket = new Bucket(scope, id, {
    versioned: true,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    removalPolicy: settings.removalPolicy,
    lifecycleRules: [...rules, { id: 'AbortUnfinishedUploads', abortIncompleteMultipartUploadAfter: abortMultipartAfter }],
    ...(encryptionKey === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
    ...(accessLogBucket === undefined ? {} : { serverAccessLogsBucket: accessLogBucket, serverAccessLogsPrefix: `${id}/` }),
  });
  if (accessLogBucket === undefined) {
    acknowledge(bucket, 'S1', 'Access to objects is audited by S3 data events in CloudTrail, which belongs to the account; pass accessLogBucket to have access logs as well.');
  }
  return bucket;
}
