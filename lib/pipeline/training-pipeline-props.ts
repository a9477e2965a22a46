import type { Duration } from 'aws-cdk-lib';
import type { Schedule } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Dataset } from '../../model/spec/dataset.ts';
import type { Feature } from '../../model/spec/feature.ts';
import type { Split } from '../../model/spec/split.ts';
import type { IModelPlatform } from '../platform/model-platform.ts';
import type { IModelRegistry } from '../registry/model-registry.ts';
import type { IServingTarget } from '../serving/serving-target.ts';
import type { Algorithm } from '../training/algorithm.ts';
import type { DataOptions } from './data-options.ts';
import type { EvaluationOptions } from './evaluation-options.ts';
import type { RegistrationOptions } from './registration-options.ts';
import type { ReleaseOptions } from './release-options.ts';
import type { TrainingJobOptions } from './training-job-options.ts';
import type { TuningPipelineOptions } from './tuning-options.ts';

/** What a pipeline learns, and how. */
export interface TrainingPipelineOptions extends DataOptions, TrainingJobOptions, EvaluationOptions, RegistrationOptions, ReleaseOptions, TuningPipelineOptions {
  /** The raw columns of the training data, and the label. */
  readonly dataset: Dataset;

  /** What the model sees of a row. */
  readonly features: Feature[];

  /** How the model is learned. */
  readonly algorithm: Algorithm;

  /**
   * The pipeline's name, kebab-case, at most 32 characters: a part of keys, of job names and of the model's name.
   * @default - the construct's id in kebab-case
   */
  readonly pipelineName?: string;

  /**
   * How rows are shared out: by a hash of each row, by time, or by group.
   * @default Split.byRowHash() - 80 % training, 10 % validation, 10 % test
   */
  readonly split?: Split;

  /**
   * When a whole run is stopped; the time in which it waits for an approval does not count.
   * @default Duration.hours(12)
   */
  readonly timeout?: Duration;

  /**
   * Whether a new object under the pipeline's prefix of the data bucket starts a run.
   * @default true
   */
  readonly autoStart?: boolean;

  /**
   * When a run on the newest object is started besides.
   * @default - no schedule
   */
  readonly schedule?: Schedule;

  /**
   * Whether runs and functions are traced by X-Ray.
   * @default true
   */
  readonly tracing?: boolean;

  /**
   * Whether the run's log holds the input and output of each state. They hold a row of data (the smoke test's) and, with manual
   * approval, the token that answers the waiting run: who reads the log and may call `states:SendTaskSuccess` can end the wait (what is released, the registry alone says).
   * @default false
   */
  readonly logExecutionData?: boolean;

  /**
   * The processor that the functions run on.
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * The role that the state machine runs under. It must trust `states.amazonaws.com`; what it needs is added to it.
   * @default - a new role with the least that it needs
   */
  readonly stateMachineRole?: IRole;

  /**
   * Takes the state machine's logs. Its name should start with `/aws/vendedlogs/`.
   * @default - a new log group under /aws/vendedlogs/states/
   */
  readonly stateMachineLogGroup?: ILogGroup;

  /**
   * Takes events that could not be handled.
   * @default - a new queue that keeps them for 14 days
   */
  readonly deadLetterQueue?: IQueue;
}

/** What a `TrainingPipeline` is made of. */
export interface TrainingPipelineProps extends TrainingPipelineOptions {
  /** Where data and models lie, and who is told. */
  readonly platform: IModelPlatform;

  /** Where models that pass their gates are registered. */
  readonly registry: IModelRegistry;

  /** What serves the model: staging, where there is a `productionTarget` as well. */
  readonly target: IServingTarget;
}
