import type { Duration, TimeZone } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { IModelPlatform } from '../platform/model-platform.ts';
import type { ServingImage } from '../registry/serving-image.ts';
import type { EndpointUpdate } from './endpoint-update.ts';
import type { EndpointVariant } from './endpoint-variant.ts';
import type { Rollout } from './rollout.ts';
import type { ServingAlarmsOptions } from './serving-alarms-props.ts';

/** How the instances of an endpoint scale with its requests. */
export interface EndpointScalingOptions {
  /** The fewest instances, at least 1. */
  readonly minInstances: number;
  /** The most instances. */
  readonly maxInstances: number;

  /**
   * How many requests an instance serves in a minute before there are more.
   * @default 1000
   */
  readonly invocationsPerInstance?: number;

  /**
   * How long after a change there may be fewer instances.
   * @default Duration.minutes(5)
   */
  readonly scaleInCooldown?: Duration;

  /**
   * How long after a change there may be more instances.
   * @default Duration.minutes(1)
   */
  readonly scaleOutCooldown?: Duration;
}

/** What of the requests and answers is written to S3, as JSON lines under `captured/<target>/` of the artifact bucket. */
export interface DataCaptureOptions {
  /**
   * Of how many requests, in percent: 1 to 100.
   * @default 100
   */
  readonly samplingPercent?: number;

  /**
   * Whether requests are written.
   * @default true
   */
  readonly requests?: boolean;

  /**
   * Whether answers are written.
   * @default true
   */
  readonly responses?: boolean;
}

/** When an endpoint is up. While it is stopped it does not exist, and its callers hear so. */
export interface EndpointScheduleOptions {
  /** When it is made from its deployment record. */
  readonly start: ScheduleExpression;
  /** When it is deleted. */
  readonly stop: ScheduleExpression;

  /**
   * The time zone of both.
   * @default - that of each expression, or UTC
   */
  readonly timeZone?: TimeZone;
}

/** What an `InferenceEndpoint` may be told besides its platform. */
export interface InferenceEndpointOptions {
  /**
   * The target's name, kebab-case: it becomes the deployment record's key, `deployments/<target>.json`.
   * @default - the construct's id in kebab-case
   */
  readonly targetName?: string;

  /**
   * How traffic moves to a new model version. The first version of a target always serves at once; a serverless endpoint, which has one variant, takes each new one all at once,
   * after it was tried out on an endpoint beside it.
   * @default Rollout.allAtOnce() - all requests, as soon as the version was tried out
   */
  readonly rollout?: Rollout;

  /**
   * The endpoint's name in SageMaker, up to 43 characters in lower case.
   * @default - a name of the stack and the construct, unique per time that the stack is made
   */
  readonly endpointName?: string;

  /**
   * On what it runs.
   * @default EndpointVariant.serverless()
   */
  readonly variant?: EndpointVariant;

  /**
   * On what the canary runs while there is one.
   * @default - as the endpoint itself, on one instance
   */
  readonly canaryVariant?: EndpointVariant;

  /**
   * The image that serves.
   * @default - ServingImage.modelServer() for the variant's processor
   */
  readonly image?: ServingImage;

  /**
   * How SageMaker moves the traffic when the stable model changes.
   * @default - all at once, without a look at alarms: rollouts try versions out, and watch the canary's alarms
   */
  readonly update?: EndpointUpdate;

  /**
   * By which alarms SageMaker turns an update back, up to 10. They need `update`.
   * @default - those on latency and errors of `alarms`
   */
  readonly updateAlarms?: IAlarm[];

  /**
   * How the number of instances follows the requests.
   * @default - it stays as the variant says
   */
  readonly scaling?: EndpointScalingOptions;

  /**
   * What of the requests and answers is kept.
   * @default - nothing
   */
  readonly dataCapture?: DataCaptureOptions;

  /**
   * The network that the containers are in. What they need of AWS has to be reachable from there: nothing, as long as `networkIsolation` is on.
   * @default - none of yours
   */
  readonly vpc?: IVpc;

  /**
   * In which subnets.
   * @default - the private ones of `vpc`
   */
  readonly subnets?: SubnetSelection;

  /**
   * The containers' security groups.
   * @default - one that lets nothing in
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Whether containers are cut off from every network: they get requests and nothing else.
   * @default true; serverless inference knows no isolation
   */
  readonly networkIsolation?: boolean;

  /**
   * Encrypts the volumes of the instances. Types with disks of their own encrypt these themselves, and take no key.
   * @default - SageMaker's own key
   */
  readonly volumeKey?: IKey;

  /**
   * Makes the endpoint and deletes it at certain times.
   * @default - it is up from its first deployment on
   */
  readonly schedule?: EndpointScheduleOptions;

  /**
   * What sounds when the target is slow, fails, or is asked by nobody, and by what a rollout takes a canary back.
   * @default - the alarms of ServingAlarms, which tell the platform's notification topic
   */
  readonly alarms?: ServingAlarmsOptions;

  /**
   * The role that the containers run under. It must trust `sagemaker.amazonaws.com`; what it needs is added to it.
   * @default - a new role with the least that it needs
   */
  readonly executionRole?: IRole;

  /**
   * Whether the calls of the function that drives the endpoint are traced by X-Ray.
   * @default true
   */
  readonly tracing?: boolean;

  /**
   * Takes the logs of the function that drives the endpoint.
   * @default - a new log group
   */
  readonly logGroup?: ILogGroup;
}

/** What an `InferenceEndpoint` is made of. */
export interface InferenceEndpointProps extends InferenceEndpointOptions {
  /** Where models and deployment records lie. */
  readonly platform: IModelPlatform;
}
