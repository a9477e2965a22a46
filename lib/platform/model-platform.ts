import { Tags } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { validate, validateDays, validateRange } from '../private/validation.ts';
import type { Finding } from '../private/validation.ts';
import { platformDefaults } from './defaults.ts';
import type { ModelPlatformProps } from './model-platform-props.ts';
import { createArtifactBucket, createDataBucket } from './private/buckets.ts';
import type { BucketSettings } from './private/buckets.ts';
import { createBudget } from './private/budget.ts';
import { allowAlarms, createTopic, subscribe } from './private/topic.ts';

/** What pipelines and APIs stand on: where data and models lie, and who is told what happens. */
export interface IModelPlatform {
  /** Where training data lies, under `raw/<pipeline>/`. */
  readonly dataBucket: IBucket;
  /** Where models, reports and deployment records lie. */
  readonly artifactBucket: IBucket;
  /** The topic that notifications are sent to. */
  readonly notificationTopic: ITopic;
  /** The customer key, where there is one. */
  readonly encryptionKey?: IKey;
  /** How long logs are kept. */
  readonly logRetention: RetentionDays;
  /** What happens to what holds data when its stack is deleted. */
  readonly removalPolicy: RemovalPolicy;
  /** What happens to log groups when their stack is deleted. */
  readonly logRemovalPolicy: RemovalPolicy;
}

/** The ground that machine learning stands on in one account and region: buckets, notifications, a budget. */
export class ModelPlatform extends Construct implements IModelPlatform {
  readonly dataBucket: IBucket;
  readonly artifactBucket: IBucket;
  readonly notificationTopic: ITopic;
  readonly encryptionKey?: IKey;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly logRemovalPolicy: RemovalPolicy;
  /** The monthly budget; undefined where the amount is 0. */
  readonly budget?: CfnBudget;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: ModelPlatformProps = {}) {
    super(scope, id);
    validate(this, [
      validateRange('monthlyBudgetUsd', props.monthlyBudgetUsd, 0, 1_000_000_000, ' US dollars'),
      validateEmails(props.notificationEmails),
      validateWebhooks(props.notificationWebhooks),
      validateDays('intermediatesExpiration', props.intermediatesExpiration),
      validateDays('coldStorageAfter', props.coldStorageAfter),
      validateDays('noncurrentVersionExpiration', props.noncurrentVersionExpiration),
      validateDays('quarantineExpiration', props.quarantineExpiration),
    ]);

    this.logRetention = props.logRetention ?? platformDefaults.logRetention;
    this.removalPolicy = props.removalPolicy ?? platformDefaults.removalPolicy;
    this.logRemovalPolicy = props.logRemovalPolicy ?? platformDefaults.logRemovalPolicy;
    if (props.encryptionKey !== undefined) this.encryptionKey = props.encryptionKey;
    const monthlyBudgetUsd = props.monthlyBudgetUsd ?? platformDefaults.monthlyBudgetUsd;
    const settings: BucketSettings = {
      removalPolicy: this.removalPolicy,
      intermediatesExpiration: props.intermediatesExpiration ?? platformDefaults.intermediatesExpiration,
      coldStorageAfter: props.coldStorageAfter ?? platformDefaults.coldStorageAfter,
      noncurrentVersionExpiration: props.noncurrentVersionExpiration ?? platformDefaults.noncurrentVersionExpiration,
      quarantineExpiration: props.quarantineExpiration ?? platformDefaults.quarantineExpiration,
      ...(props.encryptionKey === undefined ? {} : { encryptionKey: props.encryptionKey }),
      ...(props.accessLogBucket === undefined ? {} : { accessLogBucket: props.accessLogBucket }),
    };

    this.dataBucket = props.dataBucket ?? createDataBucket(this, settings);
    this.artifactBucket = props.artifactBucket ?? createArtifactBucket(this, settings);
    this.notificationTopic = props.notificationTopic ?? createTopic(this, props.encryptionKey);
    allowAlarms(this, this.notificationTopic);
    subscribe(this, this.notificationTopic, props.notificationEmails ?? [], props.notificationWebhooks ?? []);
    if (monthlyBudgetUsd > 0) this.budget = createBudget(this, monthlyBudgetUsd, this.notificationTopic);

    for (const [key, value] of Object.entries(props.tags ?? {})) Tags.of(this).add(key, value);
  }
}

function validateEmails(emails: readonly string[] = []): Finding {
  return emails
    .filter((email) => !/^[^\s@]+@[^\s@]+$/.test(email))
    .map((email) => `notificationEmails holds '${email}', expected a mail address.`);
}

function validateWebhooks(webhooks: readonly string[] = []): Finding {
  return webhooks
    .filter((url) => !url.startsWith('https://'))
    .map((url) => `notificationWebhooks holds '${url}', expected an https:// URL: the topic accepts and sends TLS only.`);
}
