import type { Duration } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IModelPlatform } from '../platform/model-platform.ts';
import type { Rollout } from './rollout.ts';
import type { IPredictionService } from './serving-target.ts';

/**
 * Brings to its record what does not follow it by itself. The function is handed `{"rollout": {..}}`, reads the record, takes the next step towards it where one is due, and answers
 * at once `{"settled": boolean, "status": "APPLIED" | "APPLYING" | "FAILED", "reason"?}`. It is called again until it has settled.
 */
export interface DeploymentDriver {
  /** The function. */
  readonly function: IFunction;

  /**
   * How long one call of it may take.
   * @default Duration.minutes(2)
   */
  readonly timeout?: Duration;

  /**
   * How long there is between two calls.
   * @default Duration.seconds(15)
   */
  readonly pollInterval?: Duration;

  /**
   * When a change counts as stuck: the version is withdrawn from the record, people are told, and nothing further is sent.
   * @default Duration.hours(1)
   */
  readonly deadline?: Duration;
}

/** What a `TargetRollout` is made of. */
export interface TargetRolloutProps {
  /** Where models and deployment records lie, and who is told of a rollback. */
  readonly platform: IModelPlatform;

  /** What serves. */
  readonly service: IPredictionService;

  /**
   * How traffic moves to a new version.
   * @default Rollout.allAtOnce() - all requests, as soon as the version was tried out
   */
  readonly rollout?: Rollout;

  /**
   * The alarms that take a version back, as a rule those on the canary: one that is in alarm when a rollout begins, or comes into alarm before its end. An alarm without data
   * takes nothing back.
   * @default - none: the test of the version alone decides
   */
  readonly alarms?: IAlarm[];

  /**
   * Brings what serves to its record.
   * @default - what serves follows its record by itself
   */
  readonly driver?: DeploymentDriver;

  /**
   * Tests a version. It is handed `{"model": {"modelName", "modelVersion"}, "byVersion": boolean, "sample"? | "rows"?}` (an S3 URI of rows, or rows), asks for predictions by this very
   * version where `byVersion` is true and as everybody does otherwise, waits until the version answers, answers `{"url", "input", "prediction", "modelVersion", "latencyMs"}`, and throws
   * where the version fails.
   * @default - a function that asks `service.url`, with its requests signed
   */
  readonly smokeTestFunction?: IFunction;

  /**
   * Tests a version by invoking this function with the HTTP events of its front door, and not by `service.url`: where callers of the URL need what a test does not
   * have, such as a token.
   * @default - `service.url` is asked
   */
  readonly testedFunction?: IFunction;

  /**
   * How long one test may take.
   * @default - two minutes, or longer where `service.revalidateAfter` asks for it
   */
  readonly smokeTestTimeout?: Duration;

  /**
   * The network from which `service.url` can be reached.
   * @default - none: it is public
   */
  readonly vpc?: IVpc;

  /**
   * The subnets of the function that tests, where there is a `vpc`.
   * @default - the private ones
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups of the function that tests, where there is a `vpc`.
   * @default - a new one that lets everything out
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The role that rollouts run under. It must trust `states.amazonaws.com`; what it needs is added to it.
   * @default - a new role with the least that it needs
   */
  readonly stateMachineRole?: IRole;

  /**
   * Takes the rollouts' logs.
   * @default - a new log group
   */
  readonly stateMachineLogGroup?: ILogGroup;

  /**
   * The processor that the functions run on.
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * Whether rollouts and their functions are traced by X-Ray.
   * @default true
   */
  readonly tracing?: boolean;
}
