import type { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Rollout } from './rollout.ts';

/** Where the object lies that says which model is served: its versions are the audit trail. */
export interface DeploymentRecordLocation {
  /** The versioned bucket that holds the record. */
  readonly bucket: IBucket;
  /** `deployments/<target>.json`. */
  readonly key: string;
}

/** What serves the model that a deployment record names, and answers predictions. */
export interface IPredictionService {
  /** The target's name. */
  readonly targetName: string;
  /** Where its deployment record lies. */
  readonly record: DeploymentRecordLocation;
  /** The base URL of its prediction API. */
  readonly url: string;
  /**
   * The service that callers sign their requests to `url` for, such as `execute-api`.
   * @default - requests are not signed
   */
  readonly signedFor?: string;
  /** How long it may serve on after the record has changed. */
  readonly revalidateAfter: Duration;
  /** Lets a principal ask for predictions. */
  grantInvoke(grantee: IGrantable): void;
}

/** What brings new versions to a target, step by step. */
export interface ITargetRollout {
  /** Brings a deployment to its end, or takes it back; pipelines and the command line start it. */
  readonly stateMachine: IStateMachine;
  /** How traffic moves to a new version. */
  readonly plan: Rollout;
}

/** Something that serves models, with what brings new versions to it. */
export interface IServingTarget extends IPredictionService {
  /** What brings new versions to it. `new TargetRollout(..)` makes one for a target of your own. */
  readonly rollout: ITargetRollout;
}
