import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { CfnFeatureGroup } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import type { Dataset } from '../../model/spec/dataset.ts';
import { featureGroupSpec } from '../../model/spec/feature-group.ts';
import type { FeatureGroupSpec } from '../../model/spec/feature-group.ts';
import type { IModelPlatform } from '../platform/model-platform.ts';
import { deploymentName } from '../private/deployment-name.ts';
import { allow, allowKey } from '../private/permissions.ts';
import { validate } from '../private/validation.ts';
import { featureGroupDefaults } from './feature-group-options.ts';
import type { FeatureGroupOptions } from './feature-group-options.ts';
import { validateFeatureGroup } from './private/validate-feature-group.ts';

/** What a `FeatureGroup` is made of. */
export interface FeatureGroupProps extends FeatureGroupOptions {
  /** Where the offline store lies, and the key that encrypts both. */
  readonly platform: IModelPlatform;

  /** The data whose columns are the features. */
  readonly dataset: Dataset;

  /** The prefix of the offline store in the artifact bucket; ends in `/`. */
  readonly offlinePrefix: string;
}

const nameMaxLength = 64;

/** A feature group of SageMaker Feature Store: records of a dataset's columns, by identifier and time. */
export class FeatureGroup extends Construct {
  /** The group. */
  readonly featureGroup: CfnFeatureGroup;
  /** The group's name. */
  readonly featureGroupName: string;
  /** The group's ARN. */
  readonly featureGroupArn: string;
  /** Whether it has an online store. */
  readonly online: boolean;
  /** The role under which SageMaker writes the offline store; undefined where there is none. */
  readonly offlineRole?: IRole;

  private readonly spec: FeatureGroupSpec;
  private readonly platform: IModelPlatform;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: FeatureGroupProps) {
    super(scope, id);
    validate(this, [validateFeatureGroup(props.dataset.toJSON(), props)]);
    this.platform = props.platform;
    this.spec = featureGroupSpec(props.dataset.toJSON(), props);
    this.online = props.online ?? featureGroupDefaults.online;
    const offline = props.offline ?? featureGroupDefaults.offline;
    if (offline) this.offlineRole = this.createOfflineRole(props);
    const nameOf = (column: string): string => this.spec.features.find((feature) => feature.column === column)!.name;
    this.featureGroup = new CfnFeatureGroup(this, 'Resource', {
      featureGroupName: props.featureGroupName ?? deploymentName(this, nameMaxLength, this.definitionDigest(props)),
      description: `The newest record of each ${props.recordIdentifier}.`,
      recordIdentifierFeatureName: nameOf(props.recordIdentifier),
      eventTimeFeatureName: nameOf(props.eventTime),
      featureDefinitions: this.spec.features.map(({ name, type }) => ({ featureName: name, featureType: type })),
      ...(this.online ? { onlineStoreConfig: this.onlineStore(props) } : {}),
      ...(this.offlineRole === undefined ? {} : { offlineStoreConfig: this.offlineStore(props), roleArn: this.offlineRole.roleArn }),
    });
    this.featureGroup.applyRemovalPolicy(props.platform.removalPolicy);
    // SageMaker looks at creation whether the role may write.
    if (this.offlineRole !== undefined) this.featureGroup.node.addDependency(this.offlineRole);
    this.featureGroupName = this.featureGroup.ref;
    this.featureGroupArn = Stack.of(this).formatArn({
      service: 'sagemaker',
      resource: 'feature-group',
      // SageMaker writes names into ARNs in lower case.
      resourceName: props.featureGroupName?.toLowerCase() ?? this.featureGroupName,
    });
  }

  /** Lets a principal read records of the online store. */
  grantRead(grantee: IGrantable): void {
    allow(grantee, { actions: ['sagemaker:GetRecord', 'sagemaker:BatchGetRecord'], resources: [this.featureGroupArn] });
    allowKey(grantee, this.platform.encryptionKey, ['kms:Decrypt']);
  }

  /** Lets a principal write records and, where there is an online store, see which it has. */
  grantWrite(grantee: IGrantable): void {
    allow(grantee, { actions: ['sagemaker:PutRecord', ...(this.online ? ['sagemaker:BatchGetRecord'] : [])], resources: [this.featureGroupArn] });
    allowKey(grantee, this.platform.encryptionKey, ['kms:Decrypt']);
  }

  /**
   * What of the data goes into the group, as JSON.
   * @internal
   */
  toJSON(): FeatureGroupSpec {
    return this.spec;
  }

  // CloudFormation knows the two stores' members as JSON alone, so CDK writes them as they stand.
  private onlineStore({ platform, timeToLive }: FeatureGroupProps): object {
    return {
      EnableOnlineStore: true,
      ...(platform.encryptionKey === undefined ? {} : { SecurityConfig: { KmsKeyId: platform.encryptionKey.keyArn } }),
      ...(timeToLive === undefined ? {} : { TtlDuration: ttlOf(timeToLive) }),
    };
  }

  private offlineStore({ platform, offlinePrefix }: FeatureGroupProps): object {
    const { bucketName, encryptionKey } = platform.artifactBucket;
    return {
      S3StorageConfig: { S3Uri: `s3://${bucketName}/${offlinePrefix.replace(/\/$/, '')}`, ...(encryptionKey === undefined ? {} : { KmsKeyId: encryptionKey.keyArn }) },
      // A table in Glue would need rights on the account's whole catalog; the files are plain Parquet.
      DisableGlueTableCreation: true,
    };
  }

  private createOfflineRole({ platform, offlinePrefix }: FeatureGroupProps): Role {
    const { artifactBucket } = platform;
    const role = new Role(this, 'OfflineRole', {
      description: 'Writes the offline store of the feature group.',
      // AWS does not list Feature Store among the features that say for which account they ask, so a missing answer is no refusal. Only this
      // account's principals can pass the role anyway.
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', { conditions: { StringEqualsIfExists: { 'aws:SourceAccount': Stack.of(this).account } } }),
    });
    const wildcard = 'Feature Store makes the keys of its files by the hours of their events; the prefix is the narrowest that IAM can say.';
    allow(role, { actions: ['s3:PutObject', 's3:PutObjectAcl'], resources: [artifactBucket.arnForObjects(`${offlinePrefix}*`)], wildcard });
    allow(role, { actions: ['s3:GetBucketAcl'], resources: [artifactBucket.bucketArn] });
    allowKey(role, artifactBucket.encryptionKey, ['kms:GenerateDataKey']);
    return role;
  }

  /**
   * A group of another identifier, time or type of feature is another group, and so is one of other stores or keys: SageMaker's
   * UpdateFeatureGroup changes none of them, so CloudFormation makes a new group, which cannot have the name of the old one.
   */
  private definitionDigest({ platform, offlinePrefix }: FeatureGroupProps): string {
    const { recordIdentifier, eventTime, features } = this.spec;
    const online = this.online ? [platform.encryptionKey?.node.addr] : [];
    const offline = this.offlineRole === undefined ? [] : [offlinePrefix, platform.artifactBucket.encryptionKey?.node.addr];
    return createHash('sha256').update(JSON.stringify([recordIdentifier, eventTime, features.map(({ name, type }) => [name, type]), online, offline])).digest('hex').slice(0, 6);
  }
}

const units = [['Weeks', 604_800], ['Days', 86_400], ['Hours', 3600], ['Minutes', 60], ['Seconds', 1]] as const;

/** In the largest unit in which it is a whole number. */
function ttlOf(timeToLive: Duration): object {
  const seconds = timeToLive.toSeconds();
  const [unit, length] = units.find(([, each]) => seconds % each === 0)!;
  return { Unit: unit, Value: seconds / length };
}
