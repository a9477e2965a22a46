import type { Duration, Size } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IModelPlatform } from '../platform/model-platform.ts';
import type { ServingAlarmOptions } from './serving-alarms-props.ts';
import type { IServingTarget } from './serving-target.ts';

/** What an `AsyncInference` may be told besides its platform and target. */
export interface AsyncInferenceOptions {
  /**
   * Its name, kebab-case: a part of the keys of inputs and answers, `async/<name>/..`, and what its metrics stand under.
   * @default - the construct's id in kebab-case
   */
  readonly name?: string;

  /**
   * Where inputs may be sent to and answers are kept, under `async/<name>/`. In a bucket of your own nothing expires by itself.
   * @default - the platform's artifact bucket, in which they expire with its intermediates
   */
  readonly bucket?: IBucket;

  /**
   * Other buckets whose objects may be named as inputs.
   * @default - none: inputs lie under `async/<name>/input/`, or in the messages
   */
  readonly inputBuckets?: IBucket[];

  /**
   * The largest input.
   * @default Size.mebibytes(64)
   */
  readonly maxInputSize?: Size;

  /**
   * How many rows one request may hold.
   * @default 100000
   */
  readonly maxBatchRows?: number;

  /**
   * How many messages the worker is handed at once, up to 10.
   * @default 10
   */
  readonly batchSize?: number;

  /**
   * How many workers run at once, from 2 on: how much it costs at most, and how fast a queue becomes empty.
   * @default 10
   */
  readonly maxConcurrency?: number;

  /**
   * How often a message is handed out before it is put aside.
   * @default 3
   */
  readonly maxReceives?: number;

  /**
   * How long the worker may take for the messages that it is handed at once.
   * @default Duration.minutes(5)
   */
  readonly timeout?: Duration;

  /**
   * The worker's memory in MiB.
   * @default 3008
   */
  readonly memorySizeMiB?: number;

  /**
   * The processor that the worker runs on.
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * Whether the worker's calls are traced by X-Ray.
   * @default true
   */
  readonly tracing?: boolean;

  /**
   * Takes messages that were put aside, instead of a new queue. It has to be encrypted by a key that this queue may use.
   * @default - a new queue that keeps them for 14 days
   */
  readonly deadLetterQueue?: IQueue;

  /**
   * The alarm that sounds when a message was put aside.
   * @default - within 5 minutes, to the platform's notification topic
   */
  readonly deadLetterAlarm?: ServingAlarmOptions;

  /**
   * The role that the worker runs under. It must trust `lambda.amazonaws.com`; what it needs is added to it.
   * @default - a new role with the least that it needs
   */
  readonly role?: IRole;

  /**
   * Takes the worker's logs.
   * @default - a new log group
   */
  readonly logGroup?: ILogGroup;
}

/** What an `AsyncInference` is made of. */
export interface AsyncInferenceProps extends AsyncInferenceOptions {
  /** Where models and answers lie. */
  readonly platform: IModelPlatform;
  /** Whose models it predicts with: it follows the target's deployment record, canaries included. */
  readonly target: IServingTarget;
}
