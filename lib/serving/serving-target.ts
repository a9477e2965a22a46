import type { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** Where the object lies that says which model is served: its versions are the audit trail. */
export interface DeploymentRecordLocation {
  /** The versioned bucket that holds the record. */
  readonly bucket: IBucket;
  /** `deployments/<target>.json`. */
  readonly key: string;
}

/** Something that serves the model that its deployment record names. */
export interface IServingTarget {
  /** The target's name. */
  readonly targetName: string;
  /** Where its deployment record lies. */
  readonly record: DeploymentRecordLocation;
  /** The base URL of its prediction API. */
  readonly url: string;
  /** How long it may serve on after the record has changed. */
  readonly revalidateAfter: Duration;
  /** Lets a principal ask for predictions. */
  grantInvoke(grantee: IGrantable): void;
}
