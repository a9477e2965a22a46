import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { App, StackProps } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect } from 'vitest';
import { InferenceApi, ModelPlatform, TargetSpec } from '../../../lib/index.ts';
import type { FeatureGroupOptions, ImageRepositoryProps, ModelPlatformProps, ModelRegistryProps, PipelineStackProps, PlatformStackProps, ServingStackProps } from '../../../lib/index.ts';
import type { PropCases, Rendered } from './cases.ts';
import { constructPipeline } from './pipeline-cases.ts';

const isKept = (r: Rendered, type: string, id?: RegExp) => r.resource(type, 'DeletionPolicy', id);

const keyArn = 'arn:aws:kms:us-east-1:123456789012:key/own';
const topicArn = 'arn:aws:sns:us-east-1:123456789012:own';

/** A platform, with an API on it that has logs. */
export function constructPlatform(stack: Stack, props: ModelPlatformProps): void {
  new InferenceApi(stack, 'Api', { platform: new ModelPlatform(stack, 'Platform', props) });
}

/** The rules of a bucket's lifecycle, by their ids. */
const lifecycle = (r: Rendered, bucket: RegExp, rule: string) => (r.property('AWS::S3::Bucket', 'LifecycleConfiguration.Rules', bucket) as { Id: string }[]).find(({ Id }) => Id === rule);

/** Each optional prop of a platform. */
export const platformCases: PropCases<ModelPlatformProps> = {
  dataBucket: { alone: true, value: (stack) => Bucket.fromBucketName(stack, 'Own', 'own-data'), shows: (r) => r.count('AWS::S3::Bucket'), as: 1 },
  artifactBucket: { alone: true, value: (stack) => Bucket.fromBucketName(stack, 'Own', 'own-artifacts'), shows: (r) => r.property('AWS::Lambda::Function', 'Environment.Variables.RECORD_BUCKET'), as: 'own-artifacts' },
  encryptionKey: {
    alone: true,
    value: (stack) => Key.fromKeyArn(stack, 'Own', keyArn),
    shows: (r) => [r.property('AWS::S3::Bucket', 'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID'), r.property('AWS::SNS::Topic', 'KmsMasterKeyId'), r.allowed(/ApiFunction/, 'kms:Decrypt')],
    as: [keyArn, keyArn, [keyArn]],
  },
  notificationTopic: { alone: true, value: (stack) => Topic.fromTopicArn(stack, 'Own', topicArn), shows: (r) => [r.count('AWS::SNS::Topic'), r.property('AWS::Budgets::Budget', 'NotificationsWithSubscribers.0.Subscribers.0.Address')], as: [0, topicArn] },
  notificationEmails: { value: () => ['ml@example.com'], shows: (r) => [r.property('AWS::SNS::Subscription', 'Protocol'), r.property('AWS::SNS::Subscription', 'Endpoint')], as: ['email', 'ml@example.com'] },
  notificationWebhooks: { alone: true, value: () => ['https://hooks.example.com/a'], shows: (r) => [r.property('AWS::SNS::Subscription', 'Protocol'), r.property('AWS::SNS::Subscription', 'Endpoint')], as: ['https', 'https://hooks.example.com/a'] },
  monthlyBudgetUsd: { value: () => 123, shows: (r) => r.property('AWS::Budgets::Budget', 'Budget.BudgetLimit.Amount'), as: 123 },
  accessLogBucket: { alone: true, value: (stack) => Bucket.fromBucketName(stack, 'Own', 'own-logs'), shows: (r) => r.property('AWS::S3::Bucket', 'LoggingConfiguration.DestinationBucketName'), as: 'own-logs' },
  intermediatesExpiration: { value: () => Duration.days(3), shows: (r) => lifecycle(r, /Artifact/, 'ExpireIntermediates'), as: expect.objectContaining({ ExpirationInDays: 3 }) },
  coldStorageAfter: { value: () => Duration.days(11), shows: (r) => lifecycle(r, /Data/, 'MoveOldTrainingDataToColdStorage'), as: expect.objectContaining({ Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 11 }] }) },
  noncurrentVersionExpiration: { value: () => Duration.days(22), shows: (r) => lifecycle(r, /Data/, 'MoveOldTrainingDataToColdStorage'), as: expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 22 } }) },
  quarantineExpiration: { value: () => Duration.days(33), shows: (r) => lifecycle(r, /Data/, 'ExpireQuarantine'), as: expect.objectContaining({ ExpirationInDays: 33 }) },
  logRetention: { value: () => RetentionDays.ONE_YEAR, shows: (r) => r.property('AWS::Logs::LogGroup', 'RetentionInDays'), as: 365 },
  removalPolicy: { value: () => RemovalPolicy.DESTROY, shows: (r) => [isKept(r, 'AWS::S3::Bucket', /Data/), isKept(r, 'AWS::S3::Bucket', /Artifact/)], as: ['Delete', 'Delete'] },
  logRemovalPolicy: { value: () => RemovalPolicy.RETAIN, shows: (r) => isKept(r, 'AWS::Logs::LogGroup'), as: 'Retain' },
  tags: { value: () => ({ team: 'ml' }), shows: (r) => r.property('AWS::SNS::Topic', 'Tags'), as: [{ Key: 'team', Value: 'ml' }] },
};

/** Each optional prop of a registry. */
export const registryCases: PropCases<ModelRegistryProps> = {
  modelPackageGroupName: { value: () => 'own-models', shows: (r) => r.property('AWS::SageMaker::ModelPackageGroup', 'ModelPackageGroupName'), as: 'own-models' },
  description: { value: () => 'Ours.', shows: (r) => r.property('AWS::SageMaker::ModelPackageGroup', 'ModelPackageGroupDescription'), as: 'Ours.' },
  removalPolicy: { value: () => RemovalPolicy.DESTROY, shows: (r) => isKept(r, 'AWS::SageMaker::ModelPackageGroup'), as: 'Delete' },
};

const inference = 'AWS::Lambda::Function';

const images = 'AWS::ECR::Repository';

/** Each optional prop of a repository of images. */
export const imageRepositoryCases: PropCases<ImageRepositoryProps> = {
  repositoryName: { value: () => 'own/server', shows: (r) => r.property(images, 'RepositoryName'), as: 'own/server' },
  immutableTags: { value: () => false, shows: (r) => r.property(images, 'ImageTagMutability'), as: 'MUTABLE' },
  scanOnPush: { value: () => false, shows: (r) => r.property(images, 'ImageScanningConfiguration.ScanOnPush'), as: false },
  encryptionKey: { value: (stack) => Key.fromKeyArn(stack, 'Own', keyArn), shows: (r) => r.property(images, 'EncryptionConfiguration'), as: { EncryptionType: 'KMS', KmsKey: keyArn } },
  untaggedExpiration: { value: () => Duration.days(3), shows: (r) => r.property(images, 'LifecyclePolicy.LifecyclePolicyText'), as: expect.stringContaining('"countNumber":3,') },
  keptImages: { value: () => 5, shows: (r) => r.property(images, 'LifecyclePolicy.LifecyclePolicyText'), as: expect.stringContaining('"countType":"imageCountMoreThan","countNumber":5') },
  pullAccounts: { value: () => ['210987654321'], shows: (r) => JSON.stringify(r.property(images, 'RepositoryPolicyText') ?? {}), as: expect.stringContaining('210987654321:root') },
  removalPolicy: { value: () => RemovalPolicy.DESTROY, shows: (r) => isKept(r, images), as: 'Delete' },
  emptyOnDelete: { value: () => true, besides: () => ({ removalPolicy: RemovalPolicy.DESTROY }), shows: (r) => r.property(images, 'EmptyOnDelete'), as: true },
};

/** A pipeline with a feature group. */
export function constructFeatureGroup(stack: Stack, options: Partial<FeatureGroupOptions>): void {
  constructPipeline(stack, { featureGroup: { recordIdentifier: 'origin', eventTime: 'date', ...options } });
}

const group = 'AWS::SageMaker::FeatureGroup';

/** Each optional prop of a feature group. */
export const featureGroupCases: PropCases<FeatureGroupOptions> = {
  columns: { value: () => ['distance'], besides: () => ({ recordIdentifier: 'delay' }), shows: (r) => (r.property(group, 'FeatureDefinitions') as { FeatureName: string }[]).map(({ FeatureName }) => FeatureName), as: ['delay', 'date', 'distance'] },
  featureGroupName: { value: () => 'Own', shows: (r) => [r.property(group, 'FeatureGroupName'), r.allowed(/UpdateFeatureStore/, 'sagemaker:PutRecord')], as: ['Own', [expect.stringContaining('feature-group/own')]] },
  online: { value: () => false, besides: () => ({ offline: true }), shows: (r) => [r.property(group, 'OnlineStoreConfig'), r.payload('UpdateFeatureStore', 'online')], as: [undefined, false] },
  offline: { value: () => true, shows: (r) => JSON.stringify(r.property(group, 'OfflineStoreConfig') ?? {}), as: expect.stringContaining('/features/flights') },
  timeToLive: { value: () => Duration.days(3), shows: (r) => r.property(group, 'OnlineStoreConfig.TtlDuration'), as: { Unit: 'Days', Value: 3 } },
  maximumRecords: { alone: true, value: () => 77, shows: (r) => r.payload('UpdateFeatureStore', 'maximumRecords'), as: 77 },
  writesPerSecond: { alone: true, value: () => 2000, shows: (r) => r.payload('UpdateFeatureStore', 'writesPerSecond'), as: 2000 },
};

/** Each optional prop of a stack of ours, beside those of every stack. */
export const platformStackCases: PropCases<PlatformStackProps, keyof StackProps> = {
  platform: { value: () => ({ monthlyBudgetUsd: 7 }), shows: (r) => r.property('AWS::Budgets::Budget', 'Budget.BudgetLimit.Amount'), as: 7 },
  registry: { value: () => ({ description: 'Ours.' }), shows: (r) => r.property('AWS::SageMaker::ModelPackageGroup', 'ModelPackageGroupDescription'), as: 'Ours.' },
  existingModelPackageGroupName: { alone: true, value: () => 'old-models', shows: (r) => r.template.findOutputs('ModelPackageGroupName'), as: { ModelPackageGroupName: expect.objectContaining({ Value: 'old-models' }) } },
};

/** Each optional prop of the stack that serves. */
export const servingStackCases: PropCases<ServingStackProps, keyof StackProps> = {
  targets: { value: blueAndGreen, shows: (r) => [r.property(inference, 'Environment.Variables.RECORD_KEY', /^Blue/), r.property(inference, 'Environment.Variables.RECORD_KEY', /^Green/)], as: ['deployments/blue.json', 'deployments/green.json'] },
  staging: { alone: true, besides: () => ({ targets: blueAndGreen() }), value: () => 'green', shows: (r) => output(r, 'DeploymentRecordKey'), as: 'deployments/green.json' },
  production: { alone: true, besides: () => ({ targets: blueAndGreen() }), value: () => 'green', shows: (r) => output(r, 'ProductionDeploymentRecordKey'), as: 'deployments/green.json' },
  asyncInference: { value: () => ({ batchSize: 3 }), shows: (r) => r.property('AWS::Lambda::EventSourceMapping', 'BatchSize'), as: 3 },
  vpc: { alone: true, besides: () => ({ targets: [TargetSpec.service()] }), value: (stack) => Vpc.fromVpcAttributes(new Stack(stack.node.root as App, 'Network', { env: { account: '123456789012', region: 'us-east-1' } }), 'Theirs', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a', 'us-east-1b'], privateSubnetIds: ['subnet-1', 'subnet-2'], vpcCidrBlock: '10.1.0.0/16' }), shows: (r) => r.property('AWS::ElasticLoadBalancingV2::TargetGroup', 'VpcId'), as: 'vpc-1' },
};

function blueAndGreen(): TargetSpec[] {
  return [TargetSpec.api({ targetName: 'blue' }), TargetSpec.api({ targetName: 'green' })];
}

function output(rendered: Rendered, name: string): unknown {
  return (rendered.template.findOutputs(name)[name] as { Value?: unknown } | undefined)?.Value;
}

/** The stack of a pipeline has no optional prop of its own. */
export const pipelineStackCases: PropCases<PipelineStackProps, keyof StackProps> = {};
