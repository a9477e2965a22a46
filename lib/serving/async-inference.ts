import { Duration, Size } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AsyncInferenceEnv } from '../../lambda/async-inference/env.ts';
import { AsyncLayout, prefixes } from '../../model/spec/layout.ts';
import { HandlerFunction } from '../private/handler-function.ts';
import { warnAboveMemoryQuota } from '../private/memory-quota.ts';
import { allow, allowKey, allowRead, allowToMiss, allowWrite } from '../private/permissions.ts';
import { kebabCase, validate, validateInteger, validateKebabCase, validateRange, validateSeconds } from '../private/validation.ts';
import type { Finding } from '../private/validation.ts';
import type { AsyncInferenceOptions, AsyncInferenceProps } from './async-inference-props.ts';
import { asyncDefaults, inferenceDefaults } from './defaults.ts';

/** How much longer than the worker's time a message stays hidden: what Lambda asks of a queue that it reads. */
const visibilityFactor = 6;

/**
 * Predictions in the background: requests wait in a queue, a worker answers them with the models that a target's deployment record names, and the answers
 * lie in S3, as those of SageMaker's asynchronous endpoints. What cannot be answered is put aside for 14 days, and can be sent again.
 */
export class AsyncInference extends Construct {
  /** Its name. */
  readonly name: string;
  /** Takes requests. */
  readonly queue: Queue;
  /** Takes requests that could not be answered. */
  readonly deadLetterQueue: IQueue;
  /** Holds inputs and answers. */
  readonly bucket: IBucket;
  /** Where large inputs are sent to, in the bucket. */
  readonly inputPrefix: string;
  /** Where answers are, in the bucket: `<InferenceId>.out`. */
  readonly outputPrefix: string;
  /** Where the reasons are why there is no answer, in the bucket: `<InferenceId>-error.out`. */
  readonly failurePrefix: string;
  /** The function that answers. */
  readonly function: LambdaFunction;
  /** The function's role. */
  readonly role: IRole;
  /** The function's logs. */
  readonly logGroup: ILogGroup;
  /** Sounds when a request was put aside; undefined where it is off. */
  readonly deadLetterAlarm?: Alarm;

  private readonly props: AsyncInferenceProps;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: AsyncInferenceProps) {
    super(scope, id);
    this.props = props;
    this.name = props.name ?? kebabCase(id);
    validate(this, [validateKebabCase('name', this.name, 40), ...validateNumbers(props)]);
    const layout = new AsyncLayout(this.name);
    this.inputPrefix = layout.input;
    this.outputPrefix = layout.output;
    this.failurePrefix = layout.failure;
    this.bucket = props.bucket ?? props.platform.artifactBucket;

    const maxReceiveCount = props.maxReceives ?? asyncDefaults.maxReceives;
    const timeout = props.timeout ?? asyncDefaults.timeout;
    this.deadLetterQueue = props.deadLetterQueue ?? this.createQueue('DeadLetters', {});
    this.queue = this.createQueue('Queue', {
      visibilityTimeout: Duration.seconds(timeout.toSeconds() * visibilityFactor),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
    });

    const handler = this.createFunction(timeout, maxReceiveCount);
    this.function = handler.function;
    this.role = handler.role;
    this.logGroup = handler.logGroup;
    this.grantWork();
    new EventSourceMapping(this, 'Requests', {
      target: this.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: props.batchSize ?? asyncDefaults.batchSize,
      maxConcurrency: props.maxConcurrency ?? asyncDefaults.maxConcurrency,
      reportBatchItemFailures: true,
    }).node.addDependency(this.role);
    this.deadLetterAlarm = this.createAlarm();
  }

  /** Lets a principal ask: send inputs and requests, and read answers. */
  grantInvoke(grantee: IGrantable): void {
    allow(grantee, { actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] });
    allowKey(grantee, this.props.platform.encryptionKey, ['kms:Decrypt', 'kms:GenerateDataKey']);
    allowWrite(grantee, this.bucket, `${this.inputPrefix}*`);
    for (const prefix of [this.outputPrefix, this.failurePrefix]) allowRead(grantee, this.bucket, `${prefix}*`);
    // While there is no answer yet, S3 says that it is missing instead of "denied".
    allowToMiss(grantee, this.bucket);
  }

  /** Lets a principal send what was put aside again (`aws sqs start-message-move-task`). What was answered meanwhile is not answered twice. */
  grantRedrive(grantee: IGrantable): void {
    allow(grantee, {
      actions: ['sqs:StartMessageMoveTask', 'sqs:CancelMessageMoveTask', 'sqs:ListMessageMoveTasks', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resources: [this.deadLetterQueue.queueArn],
    });
    allow(grantee, { actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] });
    allowKey(grantee, this.props.platform.encryptionKey, ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  private createQueue(id: string, more: { readonly visibilityTimeout?: Duration; readonly deadLetterQueue?: { readonly queue: IQueue; readonly maxReceiveCount: number } }): Queue {
    const { encryptionKey } = this.props.platform;
    return new Queue(this, id, {
      enforceSSL: true,
      retentionPeriod: asyncDefaults.retention,
      ...(encryptionKey === undefined ? { encryption: QueueEncryption.SQS_MANAGED } : { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }),
      ...more,
    });
  }

  private createFunction(timeout: Duration, maxReceiveCount: number): HandlerFunction {
    const { props } = this;
    const { platform, target } = props;
    const memorySizeMiB = props.memorySizeMiB ?? asyncDefaults.memorySizeMiB;
    warnAboveMemoryQuota(this, memorySizeMiB, 'memorySizeMiB says so.');
    const environment: AsyncInferenceEnv = {
      RECORD_BUCKET: target.record.bucket.bucketName,
      RECORD_KEY: target.record.key,
      TARGET_NAME: this.name,
      REVALIDATE_SECONDS: String(target.revalidateAfter.toSeconds()),
      MAX_BATCH_ROWS: String(props.maxBatchRows ?? asyncDefaults.maxBatchRows),
      MAX_INPUT_BYTES: String((props.maxInputSize ?? asyncDefaults.maxInputSize).toBytes()),
      RESULT_BUCKET: this.bucket.bucketName,
      MAX_RECEIVES: String(maxReceiveCount),
    };
    return new HandlerFunction(this, 'Function', {
      handler: 'async-inference',
      description: `Predicts in the background with the model that ${target.record.key} names.`,
      environment: { ...environment },
      memorySizeMiB,
      timeout,
      architecture: props.architecture ?? inferenceDefaults.architecture,
      tracing: props.tracing ?? inferenceDefaults.tracing,
      logRetention: platform.logRetention,
      logRemovalPolicy: platform.logRemovalPolicy,
      ...(props.logGroup === undefined ? {} : { logGroup: props.logGroup }),
      ...(props.role === undefined ? {} : { role: props.role }),
    });
  }

  private grantWork(): void {
    const { platform, target, inputBuckets } = this.props;
    allow(this.role, { actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], resources: [this.queue.queueArn] });
    allowKey(this.role, platform.encryptionKey, ['kms:Decrypt']);
    allowRead(this.role, target.record.bucket, target.record.key);
    allowToMiss(this.role, target.record.bucket);
    allowRead(this.role, platform.artifactBucket, `${prefixes.models}*`);
    for (const prefix of [this.inputPrefix, this.outputPrefix]) allowRead(this.role, this.bucket, `${prefix}*`);
    for (const prefix of [this.outputPrefix, this.failurePrefix]) allowWrite(this.role, this.bucket, `${prefix}*`);
    allowToMiss(this.role, this.bucket);
    for (const bucket of inputBuckets ?? []) {
      allowRead(this.role, bucket, '*');
      allowToMiss(this.role, bucket);
    }
  }

  private createAlarm(): Alarm | undefined {
    const { enabled, period, evaluationPeriods, datapointsToAlarm, actions } = this.props.deadLetterAlarm ?? {};
    if (enabled === false) return undefined;
    const alarm = new Alarm(this, 'DeadLetterAlarm', {
      metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: period ?? Duration.minutes(5) }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: evaluationPeriods ?? datapointsToAlarm ?? 1,
      ...(datapointsToAlarm === undefined ? {} : { datapointsToAlarm }),
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `Requests to ${this.name} could not be answered and were put aside for ${String(asyncDefaults.retention.toDays())} days. The worker's log and ${this.failurePrefix} name the reasons; once it is gone, send them again: aws sqs start-message-move-task.`,
    });
    alarm.addAlarmAction(...(actions ?? [new SnsAction(this.props.platform.notificationTopic)]));
    return alarm;
  }
}

function validateNumbers(props: AsyncInferenceOptions): Finding[] {
  const { period, evaluationPeriods, datapointsToAlarm } = props.deadLetterAlarm ?? {};
  return [
    validateRange('maxInputSize', props.maxInputSize?.toBytes(), 1, Size.mebibytes(1024).toBytes(), ' bytes'),
    validateRange('maxBatchRows', props.maxBatchRows, 1, 10_000_000),
    validateInteger('maxBatchRows', props.maxBatchRows),
    validateRange('batchSize', props.batchSize, 1, 10),
    validateInteger('batchSize', props.batchSize),
    validateRange('maxConcurrency', props.maxConcurrency, 2, 1000),
    validateInteger('maxConcurrency', props.maxConcurrency),
    validateRange('maxReceives', props.maxReceives, 1, 1000),
    validateInteger('maxReceives', props.maxReceives),
    validateSeconds('timeout', props.timeout, 30, 900),
    validateRange('memorySizeMiB', props.memorySizeMiB, 512, 10_240, ' MiB'),
    validateInteger('memorySizeMiB', props.memorySizeMiB),
    validateSeconds('deadLetterAlarm.period', period, 60, 86_400),
    validateRange('deadLetterAlarm.evaluationPeriods', evaluationPeriods, 1, 1440),
    validateRange('deadLetterAlarm.datapointsToAlarm', datapointsToAlarm, 1, evaluationPeriods ?? 1440),
  ];
}
