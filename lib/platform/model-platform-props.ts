import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** What a `ModelPlatform` may be told. */
export interface ModelPlatformProps {
  /**
   * Where training data lies, under `raw/<pipeline>/`. A bucket of your own must be versioned and have EventBridge
   * notifications on, or no new object starts a run. Import it with its key (`Bucket.fromBucketAttributes`) where it has one.
   * @default - a new bucket: versioned, encrypted, TLS only, no public access, EventBridge notifications on
   */
  readonly dataBucket?: IBucket;

  /**
   * Where models, reports and deployment records lie. A bucket of your own must be versioned: its versions of a deployment
   * record are the audit trail. Import it with its key (`Bucket.fromBucketAttributes`) where it has one.
   * @default - a new bucket: versioned, encrypted, TLS only, no public access
   */
  readonly artifactBucket?: IBucket;

  /**
   * The customer key that encrypts buckets, topic and training volumes.
   * @default - S3 encrypts with its own keys (SSE-S3), the topic is not encrypted
   */
  readonly encryptionKey?: IKey;

  /**
   * The topic that successes, failures, alarms and budget alerts are sent to. An imported topic must let `budgets.amazonaws.com` and `cloudwatch.amazonaws.com` publish.
   * @default - a new topic that accepts TLS only
   */
  readonly notificationTopic?: ITopic;

  /**
   * Mail addresses that notifications go to; each gets a mail to confirm.
   * @default - none
   */
  readonly notificationEmails?: string[];

  /**
   * HTTPS URLs that notifications are posted to; each gets a request to confirm.
   * @default - none
   */
  readonly notificationWebhooks?: string[];

  /**
   * The account's monthly budget in US dollars. Alerts go to the topic at 50, 80 and 100 % of it, and when the forecast passes it.
   * 0 makes no budget.
   * @default 50
   */
  readonly monthlyBudgetUsd?: number;

  /**
   * Takes S3's access logs of the new buckets.
   * @default - none: S3 data events in CloudTrail tell more, and CloudTrail belongs to the account
   */
  readonly accessLogBucket?: IBucket;

  /**
   * When what a run leaves between its steps (`intermediates/`) is deleted, and what was asked and answered in the background (`async/`).
   * @default Duration.days(30)
   */
  readonly intermediatesExpiration?: Duration;

  /**
   * When training data moves to colder storage (S3 Glacier Instant Retrieval, which can still be read at once).
   * @default Duration.days(90)
   */
  readonly coldStorageAfter?: Duration;

  /**
   * When a version of training data that has been replaced is deleted. Until then a model's lineage can be read back.
   * @default Duration.days(365)
   */
  readonly noncurrentVersionExpiration?: Duration;

  /**
   * When copies of refused data (`quarantine/`) are deleted. The originals stay under `raw/`.
   * @default Duration.days(90)
   */
  readonly quarantineExpiration?: Duration;

  /**
   * How long logs are kept, here and in the constructs on this platform.
   * @default RetentionDays.TWO_WEEKS
   */
  readonly logRetention?: RetentionDays;

  /**
   * What happens to buckets and registry when their stack is deleted.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE - kept, but for those of a first deployment that failed
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * What happens to log groups when their stack is deleted.
   * @default RemovalPolicy.DESTROY
   */
  readonly logRemovalPolicy?: RemovalPolicy;

  /**
   * Tags of everything in the platform.
   * @default - none
   */
  readonly tags?: { [key: string]: string };
}
