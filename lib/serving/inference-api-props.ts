import type { Duration } from 'aws-cdk-lib';
import type { IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IModelPlatform } from '../platform/model-platform.ts';
import type { ServingAlarmsOptions } from './serving-alarms-props.ts';

/** What an `InferenceApi` may be told besides its platform. */
export interface InferenceApiOptions {
  /**
   * The target's name, kebab-case: it becomes the deployment record's key, `deployments/<target>.json`.
   * @default - the construct's id in kebab-case
   */
  readonly targetName?: string;

  /**
   * Who may call the API.
   * @default - IAM: callers sign their requests and need `execute-api:Invoke` (`grantInvoke`)
   */
  readonly authorizer?: IHttpRouteAuthorizer;

  /**
   * How many requests a second the API takes over time.
   * @default 50
   */
  readonly throttlingRateLimit?: number;

  /**
   * How many requests the API takes at once.
   * @default 100
   */
  readonly throttlingBurstLimit?: number;

  /**
   * How many rows one `POST /predict/batch` may hold.
   * @default 100
   */
  readonly maxBatchRows?: number;

  /**
   * How long a deployment record is trusted before it is read again: how long an old version may serve on.
   * @default Duration.seconds(5)
   */
  readonly revalidateAfter?: Duration;

  /**
   * The function's memory in MiB; its share of a CPU grows with it.
   * @default 1769
   */
  readonly memorySizeMiB?: number;

  /**
   * How long one request may take, at most 29 seconds.
   * @default Duration.seconds(29)
   */
  readonly timeout?: Duration;

  /**
   * The processor that the function runs on.
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * How many calls the function may run at once: a bound on its cost, and a part of the account's limit that no other function can take.
   * @default - the account's limit
   */
  readonly reservedConcurrency?: number;

  /**
   * Whether the function's calls are traced by X-Ray.
   * @default true
   */
  readonly tracing?: boolean;

  /**
   * What sounds when the target is slow, fails, or is asked by nobody, and by what a rollout takes a canary back.
   * @default - the alarms of ServingAlarms, which tell the platform's notification topic
   */
  readonly alarms?: ServingAlarmsOptions;

  /**
   * The role that the function runs under. It must trust `lambda.amazonaws.com`; what it needs is added to it.
   * @default - a new role with the least that it needs
   */
  readonly role?: IRole;

  /**
   * Takes the function's logs.
   * @default - a new log group
   */
  readonly logGroup?: ILogGroup;

  /**
   * Takes the API's access logs, a JSON line a request.
   * @default - a new log group
   */
  readonly accessLogGroup?: ILogGroup;
}

/** What an `InferenceApi` is made of. */
export interface InferenceApiProps extends InferenceApiOptions {
  /** Where models and deployment records lie. */
  readonly platform: IModelPlatform;
}
