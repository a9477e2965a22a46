import { Duration, Size } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AsyncInference, ModelPlatform } from '../../../lib/index.ts';
import type { AsyncInferenceOptions } from '../../../lib/index.ts';
import { OwnTarget } from '../support.ts';
import type { PropCases, Rendered } from './cases.ts';

const roleArn = 'arn:aws:iam::123456789012:role/own';
const queueArn = 'arn:aws:sqs:us-east-1:123456789012:own';
const fn = 'AWS::Lambda::Function';
const environment = (name: string) => (r: Rendered) => r.property(fn, `Environment.Variables.${name}`);
const mapping = (name: string) => (r: Rendered) => r.property('AWS::Lambda::EventSourceMapping', name);
const queue = (name: string) => (r: Rendered) => r.property('AWS::SQS::Queue', name, /BackgroundQueue/);

/** A worker of a target, on a platform beside it. */
export function constructAsync(stack: Stack, props: Partial<AsyncInferenceOptions>): void {
  const platform = new ModelPlatform(stack, 'Platform');
  new AsyncInference(stack, 'Background', { platform, target: new OwnTarget(platform.artifactBucket), ...props });
}

/** Each optional prop of a worker. */
export const asyncCases: PropCases<AsyncInferenceOptions> = {
  name: { value: () => 'nightly', shows: environment('TARGET_NAME'), as: 'nightly' },
  bucket: { value: (stack) => Bucket.fromBucketName(stack, 'OwnBucket', 'own-answers'), shows: environment('RESULT_BUCKET'), as: 'own-answers' },
  inputBuckets: { value: (stack) => [Bucket.fromBucketName(stack, 'Inputs', 'own-inputs')], shows: (r) => JSON.stringify(r.allowed(/./, 's3:GetObject')).includes('own-inputs'), as: true },
  maxInputSize: { value: () => Size.mebibytes(1), shows: environment('MAX_INPUT_BYTES'), as: '1048576' },
  maxBatchRows: { value: () => 7, shows: environment('MAX_BATCH_ROWS'), as: '7' },
  batchSize: { value: () => 2, shows: mapping('BatchSize'), as: 2 },
  maxConcurrency: { value: () => 3, shows: mapping('ScalingConfig.MaximumConcurrency'), as: 3 },
  maxReceives: { value: () => 5, shows: (r) => [queue('RedrivePolicy.maxReceiveCount')(r), environment('MAX_RECEIVES')(r)], as: [5, '5'] },
  timeout: { value: () => Duration.minutes(1), shows: (r) => [r.property(fn, 'Timeout'), queue('VisibilityTimeout')(r)], as: [60, 360] },
  memorySizeMiB: { value: () => 1024, shows: (r) => r.property(fn, 'MemorySize'), as: 1024 },
  architecture: { value: () => Architecture.X86_64, shows: (r) => r.property(fn, 'Architectures'), as: ['x86_64'] },
  tracing: { value: () => false, shows: (r) => r.property(fn, 'TracingConfig'), as: undefined },
  deadLetterQueue: { value: (stack) => Queue.fromQueueArn(stack, 'OwnQueue', queueArn), shows: (r) => [r.count('AWS::SQS::Queue'), queue('RedrivePolicy.deadLetterTargetArn')(r)], as: [1, queueArn] },
  deadLetterAlarm: { value: () => ({ period: Duration.minutes(1) }), shows: (r) => r.property('AWS::CloudWatch::Alarm', 'Period'), as: 60 },
  role: { alone: true, value: (stack) => Role.fromRoleArn(stack, 'OwnRole', roleArn), shows: (r) => [r.property(fn, 'Role'), r.count('AWS::IAM::Role')], as: [roleArn, 0] },
  logGroup: { alone: true, value: (stack) => LogGroup.fromLogGroupName(stack, 'OwnLogs', '/own/logs'), shows: (r) => [r.property(fn, 'LoggingConfig.LogGroup'), r.count('AWS::Logs::LogGroup')], as: ['/own/logs', 0] },
};
