import { Duration } from 'aws-cdk-lib';

/** What `Approval.manual` may be told. */
export interface ManualApprovalOptions {
  /**
   * How long a run waits for a decision, from a minute to 364 days; then it ends as `ApprovalTimedOut`. The version stays pending, and a later approval
   * still releases it.
   * @default Duration.days(7)
   */
  readonly timeout?: Duration;
}

/** Who decides that a model may serve production. */
export class Approval {
  /** The gates and the test of staging alone. */
  static automatic(): Approval {
    return new Approval(undefined);
  }

  /** A person, on top of gates and staging: by `slipway approve`, in the registry of SageMaker Studio, or by the AWS CLI. */
  static manual(options: ManualApprovalOptions = {}): Approval {
    return new Approval(options.timeout ?? defaultTimeout);
  }

  /**
   * How long a run waits for a person; undefined where none is asked.
   * @internal
   */
  readonly timeout: Duration | undefined;

  private constructor(timeout: Duration | undefined) {
    this.timeout = timeout;
  }
}

const defaultTimeout = Duration.days(7);
