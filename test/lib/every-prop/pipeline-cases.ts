import { Duration, Size } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect } from 'vitest';
import { Approval, Column, DataCheck, Dataset, Gate, Label, RiskRating, ServingImage, Split, TrainingPipeline, Tuning, TuningRange } from '../../../lib/index.ts';
import type { IServingTarget, TrainingPipelineOptions } from '../../../lib/index.ts';
import { ground, learning, ownRollout, OwnTarget } from '../support.ts';
import type { PropCases } from './cases.ts';

const key = (stack: Stack, name: string) => Key.fromKeyArn(stack, name, `arn:aws:kms:us-east-1:123456789012:key/${name}`);
const role = (stack: Stack, name: string): IRole => Role.fromRoleArn(stack, name, `arn:aws:iam::123456789012:role/${name}`);
const network = (stack: Stack): IVpc => new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'private', subnetType: SubnetType.PRIVATE_ISOLATED }, { name: 'public', subnetType: SubnetType.PUBLIC }] });
const secretArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:Token-abcdef';

/** A dataset with something of each type. */
const dataset = new Dataset({
  columns: [Column.timestamp('date'), Column.integer('delay'), Column.number('distance'), Column.string('origin')],
  label: Label.above('delay', 15, 'late'),
});
const search = Tuning.random({ ranges: [TuningRange.continuous('eta', 0.1, 0.3)], maxTrials: 3 });

/** Production, beside a target of the user's own making. */
export const production = (stack: Stack): IServingTarget => ({
  targetName: 'production',
  url: 'https://production.example.com',
  revalidateAfter: Duration.seconds(3),
  record: { bucket: Bucket.fromBucketName(stack, 'Production', 'production-bucket'), key: 'deployments/production.json' },
  grantInvoke: () => undefined,
  rollout: ownRollout(stack, 'production-rollout'),
});

/** A pipeline with the least that it needs, and more. */
export function constructPipeline(stack: Stack, options: Partial<TrainingPipelineOptions>): TrainingPipeline {
  const { platform, registry } = ground(stack);
  return new TrainingPipeline(stack, 'Flights', { platform, registry, target: new OwnTarget(platform.artifactBucket), ...learning, dataset, ...options });
}

/** Each optional prop of a pipeline. */
export const pipelineCases: PropCases<TrainingPipelineOptions> = {
  pipelineName: { alone: true, value: () => 'other', shows: (r) => r.ofMachine('Comment'), as: expect.stringContaining('other') },
  split: { value: () => Split.byTime('date'), shows: (r) => r.payload('PrepareData', 'split.kind'), as: 'time' },
  timeout: { value: () => Duration.hours(5), shows: (r) => r.ofMachine('TimeoutSeconds'), as: 18_000 },
  autoStart: { alone: true, value: () => false, shows: (r) => r.count('AWS::Events::Rule'), as: 1 },
  schedule: { value: () => Schedule.expression('rate(3 days)'), shows: (r) => r.property('AWS::Events::Rule', 'ScheduleExpression', /Schedule/), as: 'rate(3 days)' },
  tracing: { value: () => false, shows: (r) => [r.property('AWS::StepFunctions::StateMachine', 'TracingConfiguration'), r.property('AWS::Lambda::Function', 'TracingConfig')], as: [{ Enabled: false }, undefined] },
  logExecutionData: { value: () => true, shows: (r) => r.property('AWS::StepFunctions::StateMachine', 'LoggingConfiguration.IncludeExecutionData'), as: true },
  architecture: { value: () => Architecture.X86_64, shows: (r) => r.property('AWS::Lambda::Function', 'Architectures.0', /ValidateData/), as: 'x86_64' },
  stateMachineRole: { alone: true, value: (stack) => role(stack, 'states'), shows: (r) => r.property('AWS::StepFunctions::StateMachine', 'RoleArn'), as: 'arn:aws:iam::123456789012:role/states' },
  stateMachineLogGroup: {
    value: (stack) => LogGroup.fromLogGroupName(stack, 'Own', '/aws/vendedlogs/own'),
    shows: (r) => JSON.stringify(r.property('AWS::StepFunctions::StateMachine', 'LoggingConfiguration.Destinations')),
    as: expect.stringContaining(':log-group:/aws/vendedlogs/own:*'),
  },
  deadLetterQueue: {
    alone: true,
    value: (stack) => Queue.fromQueueArn(stack, 'Own', 'arn:aws:sqs:us-east-1:123456789012:own'),
    shows: (r) => [r.count('AWS::SQS::Queue'), r.property('AWS::Events::Rule', 'Targets.0.DeadLetterConfig.Arn')],
    as: [0, 'arn:aws:sqs:us-east-1:123456789012:own'],
  },

  checks: { value: () => [DataCheck.rows({ minimum: 7 })], shows: (r) => r.payload('ValidateData', 'checks'), as: expect.arrayContaining([{ check: 'rows', level: 'fail', bound: 7 }]) },
  maximumDataSize: {
    value: () => Size.mebibytes(100),
    shows: (r) => [r.payload('ValidateData', 'maximumBytes'), r.property('AWS::Lambda::Function', 'MemorySize', /ValidateData/), r.property('AWS::Lambda::Function', 'EphemeralStorage.Size', /ValidateData/)],
    as: [104_857_600, 2448, 912],
  },

  gates: { value: () => [Gate.metric('auc').above(0.7)], shows: (r) => r.payload('ValidateModel', 'gates'), as: [{ metric: 'auc', comparison: 'above', threshold: 0.7 }] },
  sliceColumns: { value: () => ['distance'], shows: (r) => r.payload('ValidateModel', 'sliceColumns'), as: ['distance'] },

  sourceRevision: { value: () => 'abc123', shows: (r) => r.payload('RegisterModel', 'declared.revision'), as: 'abc123' },
  modelCard: { value: () => ({ riskRating: RiskRating.LOW }), shows: (r) => r.payload('RegisterModel', 'declared.card.intendedUses'), as: { risk_rating: 'Low' } },
  servingImage: { value: () => ServingImage.fromUri('own.example/server:1'), shows: (r) => r.payload('RegisterModel', 'declared.serving.image'), as: 'own.example/server:1' },
  featureGroup: {
    alone: true,
    value: () => ({ recordIdentifier: 'origin', eventTime: 'date' }),
    shows: (r) => [r.property('AWS::SageMaker::FeatureGroup', 'RecordIdentifierFeatureName'), r.payload('UpdateFeatureStore', 'group.recordIdentifier')],
    as: ['origin', 'origin'],
  },

  productionTarget: { alone: true, value: production, shows: (r) => [r.payload('NotifySuccess', 'endpointUrl'), r.state('CheckStaging', 'Default')], as: ['https://production.example.com', 'DeployToProduction'] },
  approval: {
    value: () => Approval.manual({ timeout: Duration.days(2) }),
    besides: (stack) => ({ productionTarget: production(stack) }),
    shows: (r) => [r.state('AwaitApproval', 'TimeoutSeconds'), r.payload('RegisterModel', 'approvalStatus')],
    as: [172_800, 'PendingManualApproval'],
  },
  tuning: { alone: true, value: () => search, shows: (r) => r.state('TuneModel', 'Arguments.HyperParameterTuningJobConfig.ResourceLimits.MaxNumberOfTrainingJobs'), as: 3 },

  instanceType: { value: () => 'ml.c5.xlarge', shows: (r) => r.job('ResourceConfig.InstanceType'), as: 'ml.c5.xlarge' },
  fallbackInstanceTypes: { alone: true, value: () => ['ml.c5.xlarge'], shows: (r) => r.job('ResourceConfig'), as: expect.stringMatching(/ml\.m5\.xlarge.*ml\.c5\.xlarge/) },
  instanceCount: { value: () => 3, shows: (r) => [r.job('ResourceConfig.InstanceCount'), r.payload('PrepareData', 'training.parts')], as: [3, 3] },
  volumeSize: { value: () => Size.gibibytes(77), shows: (r) => r.job('ResourceConfig.VolumeSizeInGB'), as: 77 },
  maxTrainingTime: { alone: true, value: () => Duration.minutes(30), shows: (r) => [r.job('StoppingCondition.MaxRuntimeInSeconds'), r.state('TrainModel', 'TimeoutSeconds')], as: [1800, 5400] },
  useSpot: { value: () => true, shows: (r) => r.job('EnableManagedSpotTraining'), as: true },
  maxWaitTime: { value: () => Duration.hours(3), besides: () => ({ useSpot: true }), shows: (r) => r.job('StoppingCondition.MaxWaitTimeInSeconds'), as: 10_800 },
  keepAlivePeriod: { alone: true, value: () => Duration.minutes(20), shows: (r) => r.job('ResourceConfig.KeepAlivePeriodInSeconds'), as: 1200 },
  vpc: { value: network, shows: (r) => [(r.job('VpcConfig.Subnets') as unknown[] | undefined)?.length, r.allowed(/TrainingRole/, 'ec2:CreateNetworkInterface')], as: [2, ['*']] },
  vpcSubnets: {
    value: () => ({ subnetType: SubnetType.PUBLIC }),
    besides: (stack) => ({ vpc: network(stack) }),
    shows: (r) => r.job('VpcConfig.Subnets'),
    as: [expect.stringContaining('public'), expect.stringContaining('public')],
  },
  securityGroups: {
    value: (stack) => [SecurityGroup.fromSecurityGroupId(stack, 'Own', 'sg-own')],
    besides: (stack) => ({ vpc: network(stack) }),
    shows: (r) => [r.job('VpcConfig.SecurityGroupIds'), r.count('AWS::EC2::SecurityGroup')],
    as: [['sg-own'], 0],
  },
  networkIsolation: { value: () => false, shows: (r) => r.job('EnableNetworkIsolation'), as: false },
  interContainerEncryption: { value: () => true, shows: (r) => r.job('EnableInterContainerTrafficEncryption'), as: true },
  volumeEncryptionKey: {
    value: (stack) => key(stack, 'volume'),
    shows: (r) => [r.job('ResourceConfig.VolumeKmsKeyId'), r.allowed(/TrainingRole/, 'kms:CreateGrant')],
    as: ['arn:aws:kms:us-east-1:123456789012:key/volume', ['arn:aws:kms:us-east-1:123456789012:key/volume']],
  },
  outputEncryptionKey: {
    value: (stack) => key(stack, 'output'),
    shows: (r) => [r.job('OutputDataConfig.KmsKeyId'), r.allowed(/TrainingRole/, 'kms:GenerateDataKey'), r.allowed(/ConvertModelRole/, 'kms:Decrypt')],
    as: ['arn:aws:kms:us-east-1:123456789012:key/output', ['arn:aws:kms:us-east-1:123456789012:key/output'], ['arn:aws:kms:us-east-1:123456789012:key/output']],
  },
  trainingRole: { alone: true, value: (stack) => role(stack, 'training'), shows: (r) => [r.job('RoleArn'), r.allowed(/StateMachineRole/, 'iam:PassRole')], as: ['arn:aws:iam::123456789012:role/training', ['arn:aws:iam::123456789012:role/training']] },
  trainingTags: { value: () => ({ team: 'ml' }), shows: (r) => r.job('Tags'), as: expect.arrayContaining([{ Key: 'team', Value: 'ml' }]) },
  metricDefinitions: { value: () => [{ name: 'loss', regex: 'loss=(.*)' }], shows: (r) => r.job('AlgorithmSpecification.MetricDefinitions'), as: [{ Name: 'loss', Regex: 'loss=(.*)' }] },
  trainingEnvironment: { value: () => ({ LOG_LEVEL: 'debug' }), shows: (r) => r.job('Environment.LOG_LEVEL'), as: 'debug' },
  secrets: {
    value: (stack) => ({ TOKEN: Secret.fromSecretCompleteArn(stack, 'Token', secretArn) }),
    besides: () => ({ networkIsolation: false }),
    shows: (r) => [r.job('Environment.TOKEN'), r.allowed(/TrainingRole/, 'secretsmanager:GetSecretValue')],
    as: [secretArn, [secretArn]],
  },
};
