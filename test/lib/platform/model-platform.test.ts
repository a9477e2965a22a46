import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { ConfigurationError, ModelPlatform } from '../../../lib/index.ts';
import type { ModelPlatformProps } from '../../../lib/index.ts';
import { testStack } from '../support.ts';

function render(props: ModelPlatformProps = {}): { platform: ModelPlatform; template: Template } {
  const stack = testStack();
  const platform = new ModelPlatform(stack, 'Platform', props);
  return { platform, template: Template.fromStack(stack) };
}

describe('ModelPlatform by itself', () => {
  const { template } = render();

  it('has two buckets: versioned, encrypted, private, TLS only, kept', () => {
    template.resourceCountIs('AWS::S3::Bucket', 2);
    template.allResources('AWS::S3::Bucket', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: Match.objectLike({
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        BucketName: Match.absent(),
      }),
    });
    template.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: [Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      }),
    });
  });

  it('tells EventBridge of new data without a custom resource', () => {
    template.hasResourceProperties('AWS::S3::Bucket', { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } });
    expect(Object.values(template.toJSON()['Resources'] as Record<string, { Type: string }>).map(({ Type }) => Type)).not.toContain('AWS::Lambda::Function');
  });

  it('expires intermediates, moves old training data and throws away unfinished uploads', () => {
    const abort = { Id: 'AbortUnfinishedUploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } };
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: [Match.objectLike({ Prefix: 'intermediates/', ExpirationInDays: 30 }), Match.objectLike({ Prefix: 'async/', ExpirationInDays: 30 }), abort] },
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [
          Match.objectLike({ Prefix: 'raw/', Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 90 }], NoncurrentVersionExpiration: { NoncurrentDays: 365 } }),
          Match.objectLike({ Prefix: 'quarantine/', ExpirationInDays: 90, NoncurrentVersionExpiration: { NoncurrentDays: 7 } }),
          abort,
        ],
      },
    });
  });

  it('has a topic for TLS only that alarms and Budgets of this account may publish to', () => {
    const publisher = (Service: string) => Match.objectLike({ Effect: 'Allow', Principal: { Service }, Action: 'sns:Publish', Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          publisher('cloudwatch.amazonaws.com'),
          publisher('budgets.amazonaws.com'),
        ],
      }),
    });
    template.resourceCountIs('AWS::SNS::Subscription', 0);
  });

  it('has a budget with alerts at 50, 80 and 100 % and on forecast', () => {
    const alert = (NotificationType: string, Threshold: number) =>
      Match.objectLike({ Notification: Match.objectLike({ NotificationType, Threshold, ThresholdType: 'PERCENTAGE' }), Subscribers: [Match.objectLike({ SubscriptionType: 'SNS' })] });
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: { BudgetLimit: { Amount: 50, Unit: 'USD' }, TimeUnit: 'MONTHLY', BudgetName: Match.absent() },
      NotificationsWithSubscribers: [alert('ACTUAL', 50), alert('ACTUAL', 80), alert('ACTUAL', 100), alert('FORECASTED', 100)],
    });
  });
});

describe('ModelPlatform with every prop', () => {
  const stack = testStack();
  const encryptionKey = new Key(stack, 'Key');
  const accessLogBucket = new Bucket(stack, 'AccessLogs');
  const platform = new ModelPlatform(stack, 'Platform', {
    encryptionKey,
    accessLogBucket,
    notificationEmails: ['ml@example.com'],
    notificationWebhooks: ['https://hooks.example.com/a/b'],
    monthlyBudgetUsd: 123,
    intermediatesExpiration: Duration.days(3),
    coldStorageAfter: Duration.days(11),
    noncurrentVersionExpiration: Duration.days(22),
    quarantineExpiration: Duration.days(33),
    logRetention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.DESTROY,
    logRemovalPolicy: RemovalPolicy.RETAIN,
    tags: { team: 'ml' },
  });
  const template = Template.fromStack(stack);

  it('encrypts buckets and topic with the key, and lets the services that publish use it', () => {
    const key = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] };
    template.resourcePropertiesCountIs('AWS::S3::Bucket', {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } }] },
    }, 2);
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: key });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Principal: { Service: ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com'] }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] }),
        ]),
      }),
    });
  });

  it('honours each of the others', () => {
    template.resourcePropertiesCountIs('AWS::S3::Bucket', { LoggingConfiguration: Match.objectLike({ DestinationBucketName: Match.anyValue() }) }, 2);
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ml@example.com' });
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'https', Endpoint: 'https://hooks.example.com/a/b' });
    template.hasResourceProperties('AWS::Budgets::Budget', { Budget: Match.objectLike({ BudgetLimit: { Amount: 123, Unit: 'USD' } }) });
    template.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 3 })]) } });
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ Transitions: [Match.objectLike({ TransitionInDays: 11 })], NoncurrentVersionExpiration: { NoncurrentDays: 22 } }),
          Match.objectLike({ Prefix: 'quarantine/', ExpirationInDays: 33 }),
        ]),
      },
      Tags: Match.arrayWith([{ Key: 'team', Value: 'ml' }]),
    });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    expect(platform.logRetention).toBe(RetentionDays.ONE_YEAR);
    expect(platform.removalPolicy).toBe(RemovalPolicy.DESTROY);
    expect(platform.logRemovalPolicy).toBe(RemovalPolicy.RETAIN);
    expect(platform.encryptionKey).toBe(encryptionKey);
    // The log group type is the user's: the platform makes none itself.
    expect(stack.node.findAll().some((construct) => construct instanceof LogGroup)).toBe(false);
  });
});

describe('ModelPlatform on resources of one\'s own', () => {
  it('uses them and makes none', () => {
    const stack = testStack();
    const dataBucket = Bucket.fromBucketName(stack, 'Data', 'my-data');
    const artifactBucket = Bucket.fromBucketName(stack, 'Artifacts', 'my-artifacts');
    const notificationTopic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:123456789012:mine');
    const platform = new ModelPlatform(stack, 'Platform', { dataBucket, artifactBucket, notificationTopic, monthlyBudgetUsd: 0 });
    expect(Template.fromStack(stack).toJSON()['Resources']).toBeUndefined();
    expect([platform.dataBucket, platform.artifactBucket, platform.notificationTopic]).toEqual([dataBucket, artifactBucket, notificationTopic]);
    expect(platform.budget).toBeUndefined();
  });

  it('sends the budget\'s alerts to the user\'s topic', () => {
    const stack = testStack();
    new ModelPlatform(stack, 'Platform', { notificationTopic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:123456789012:mine') });
    Template.fromStack(stack).hasResourceProperties('AWS::Budgets::Budget', {
      NotificationsWithSubscribers: Match.arrayWith([Match.objectLike({ Subscribers: [{ SubscriptionType: 'SNS', Address: 'arn:aws:sns:us-east-1:123456789012:mine' }] })]),
    });
  });
});

describe('ModelPlatform with a key', () => {
  it('that is imported warns that the policy of the key is its owner\'s to extend', () => {
    const stack = testStack();
    new ModelPlatform(stack, 'Platform', { encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555') });
    Annotations.fromStack(stack).hasWarning('/Stack/Platform/Notifications', Match.stringLikeRegexp('budgets.amazonaws.com.*kms:Decrypt.*kms:GenerateDataKey.*aws:SourceAccount'));
  });

  it('of the app warns of nothing', () => {
    const stack = testStack();
    new ModelPlatform(stack, 'Platform', { encryptionKey: new Key(stack, 'Key') });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

it('ModelPlatform takes the default of a prop that is passed on as undefined', () => {
  const nothing: Record<string, undefined> = { intermediatesExpiration: undefined, logRetention: undefined, removalPolicy: undefined, monthlyBudgetUsd: undefined };
  const { platform, template } = render(nothing as ModelPlatformProps);
  expect([platform.logRetention, platform.removalPolicy]).toEqual([RetentionDays.TWO_WEEKS, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE]);
  template.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 30 })]) } });
  template.resourceCountIs('AWS::Budgets::Budget', 1);
});

describe('ModelPlatform refuses', () => {
  it.each<[string, ModelPlatformProps, RegExp]>([
    ['a negative budget', { monthlyBudgetUsd: -1 }, /monthlyBudgetUsd is -1 US dollars, expected 0 to/],
    ['what is no mail address', { notificationEmails: ['nobody'] }, /'nobody', expected a mail address/],
    ['a webhook without TLS', { notificationWebhooks: ['http://a.example'] }, /'http:\/\/a.example', expected an https/],
    ['cold storage at once', { coldStorageAfter: Duration.days(0) }, /coldStorageAfter is 0 days/],
    ['cold storage after half a day', { coldStorageAfter: Duration.hours(12) }, /^Stack\/Platform: coldStorageAfter is 0.5 days, expected a whole number of days, at least 1\.$/],
    ['intermediates that expire at once', { intermediatesExpiration: Duration.days(0) }, /intermediatesExpiration is 0 days/],
    ['intermediates that expire after a day and a half', { intermediatesExpiration: Duration.hours(36) }, /intermediatesExpiration is 1.5 days, expected a whole number/],
    ['a quarantine that ends at once', { quarantineExpiration: Duration.days(0) }, /quarantineExpiration is 0 days/],
    ['versions that expire at once', { noncurrentVersionExpiration: Duration.days(0) }, /noncurrentVersionExpiration is 0 days/],
  ])('%s', (_, props, message) => {
    expect(() => render(props)).toThrow(message);
  });

  it('everything at once, with the construct\'s path', () => {
    try {
      render({ monthlyBudgetUsd: -1, notificationEmails: ['a', 'b'] });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      expect((error as ConfigurationError).constructPath).toBe('Stack/Platform');
      expect((error as ConfigurationError).failures).toHaveLength(3);
    }
  });
});
