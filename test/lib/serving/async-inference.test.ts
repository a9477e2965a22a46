import { Duration, Size } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { asyncInferenceEnv } from '../../../lambda/async-inference/env.ts';
import { AsyncInference, ModelPlatform } from '../../../lib/index.ts';
import type { AsyncInferenceOptions } from '../../../lib/index.ts';
import { ground, OwnTarget, statementsOf, testStack } from '../support.ts';

function render(options: AsyncInferenceOptions = {}) {
  const stack = testStack();
  const { platform } = ground(stack);
  const background = new AsyncInference(stack, 'Nightly', { platform, target: new OwnTarget(platform.artifactBucket), ...options });
  return { stack, background, template: () => Template.fromStack(stack) };
}

describe('AsyncInference by itself', () => {
  const { stack, background, template } = render();
  const caller = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const operator = new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  background.grantInvoke(caller);
  background.grantRedrive(operator);
  const made = template();

  it('keeps requests in a queue that hides them six times as long as its worker may take, and puts aside for 14 days what fails three times', () => {
    made.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 1800, MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true,
      RedrivePolicy: { maxReceiveCount: 3, deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^NightlyDeadLetters'), 'Arn'] } },
    });
    made.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600, RedrivePolicy: Match.absent() });
  });

  it('has a worker that follows the target\'s record and answers for each message of a batch', () => {
    made.hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'], ScalingConfig: { MaximumConcurrency: 10 } });
    const [fn] = Object.values(made.findResources('AWS::Lambda::Function'));
    const { Variables: variables } = (fn?.['Properties'] as { Environment: { Variables: Record<string, unknown> } }).Environment;
    expect(variables).toMatchObject({ RECORD_KEY: 'deployments/own.json', TARGET_NAME: 'nightly', REVALIDATE_SECONDS: '9', MAX_INPUT_BYTES: String(64 * 1024 * 1024), MAX_RECEIVES: '3' });
    for (const name of asyncInferenceEnv) expect(variables).toHaveProperty(name);
  });

  it('may read its queue, its record, models and inputs, and write answers', () => {
    const statements = statementsOf(made, /^NightlyFunctionRole/);
    expect([...new Set(statements.flatMap(({ actions }) => actions))].sort()).toEqual([
      'logs:CreateLogStream', 'logs:PutLogEvents', 's3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:PutObject', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments',
    ]);
    const on = (action: string) => statements.filter(({ actions }) => actions.includes(action)).flatMap(({ resources }) => resources.map((resource) => /"\/([^"]+)"/.exec(resource)?.[1]));
    expect(on('s3:GetObject').sort()).toEqual(['async/nightly/input/*', 'async/nightly/output/*', 'deployments/own.json', 'models/*']);
    expect(on('s3:PutObject').sort()).toEqual(['async/nightly/failure/*', 'async/nightly/output/*']);
  });

  it('lets a caller ask and read, and an operator send again what was put aside', () => {
    const actions = (role: RegExp) => statementsOf(made, role).flatMap((statement) => statement.actions);
    expect(actions(/^Caller/)).toEqual(expect.arrayContaining(['sqs:SendMessage', 's3:PutObject', 's3:GetObject', 's3:ListBucket']));
    expect(actions(/^Operator/)).toEqual(expect.arrayContaining(['sqs:StartMessageMoveTask', 'sqs:SendMessage']));
    expect([background.inputPrefix, background.outputPrefix, background.failurePrefix]).toEqual(['async/nightly/input/', 'async/nightly/output/', 'async/nightly/failure/']);
  });

  it('tells when a request was put aside', () => {
    made.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', Period: 300, EvaluationPeriods: 1, TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^PlatformNotifications') }], AlarmDescription: Match.stringLikeRegexp('nightly.*14 days.*start-message-move-task'),
    });
  });

  it('lets its answers expire with the platform\'s intermediates', () => {
    made.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Id: 'ExpireAsyncInference', Prefix: 'async/', ExpirationInDays: 30 })]) } });
  });
});

it('AsyncInference on a platform with a key encrypts its queues with it', () => {
  const stack = testStack();
  const platform = new ModelPlatform(stack, 'Platform', { encryptionKey: new Key(stack, 'Key') });
  new AsyncInference(stack, 'Nightly', { platform, target: new OwnTarget(platform.artifactBucket) });
  const template = Template.fromStack(stack);
  template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
  expect(statementsOf(template, /^NightlyFunctionRole/).flatMap(({ actions }) => actions)).toContain('kms:Decrypt');
});

it('AsyncInference takes inputs from other buckets that it is told of', () => {
  const stack = testStack();
  const { platform } = ground(stack);
  new AsyncInference(stack, 'Nightly', { platform, target: new OwnTarget(platform.artifactBucket), inputBuckets: [Bucket.fromBucketName(stack, 'Other', 'other-inputs')] });
  expect(JSON.stringify(statementsOf(Template.fromStack(stack), /^NightlyFunctionRole/))).toContain('other-inputs/*');
});

describe('AsyncInference refuses', () => {
  it.each<[string, AsyncInferenceOptions, RegExp]>([
    ['a name that is no kebab-case', { name: 'Night ly' }, /name is 'Night ly', expected kebab-case/],
    ['more than a gigabyte', { maxInputSize: Size.gibibytes(2) }, /maxInputSize is 2147483648 bytes/],
    ['no rows', { maxBatchRows: 0 }, /maxBatchRows is 0/],
    ['half a row', { maxBatchRows: 1.5 }, /maxBatchRows is 1\.5, expected a whole/],
    ['more messages than a standard batch', { batchSize: 11 }, /batchSize is 11, expected 1 to 10/],
    ['one worker', { maxConcurrency: 1 }, /maxConcurrency is 1, expected 2 to 1000/],
    ['no delivery', { maxReceives: 0 }, /maxReceives is 0/],
    ['no time', { timeout: Duration.seconds(10) }, /timeout is 10 s, expected 30 to 900 s/],
    ['too little memory', { memorySizeMiB: 128 }, /memorySizeMiB is 128 MiB/],
    ['an alarm by the second', { deadLetterAlarm: { period: Duration.seconds(10) } }, /deadLetterAlarm\.period is 10 s/],
    ['an alarm that never looks', { deadLetterAlarm: { evaluationPeriods: 0 } }, /deadLetterAlarm\.evaluationPeriods is 0/],
    ['an alarm that can never sound', { deadLetterAlarm: { evaluationPeriods: 1, datapointsToAlarm: 2 } }, /deadLetterAlarm\.datapointsToAlarm is 2, expected 1 to 1/],
  ])('%s', (_, options, message) => {
    expect(() => render(options)).toThrow(message);
  });
});
