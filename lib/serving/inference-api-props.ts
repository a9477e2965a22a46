import type { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IModelPlatform } from '../platform/model-platform.ts';
import type { ApiAuthorization } from './api-authorization.ts';
import type { ApiFrontDoor } from './api-front-door.ts';
import type { ApiCorsOptions, ApiDomainOptions, CodeDeploymentOptions, ProvisionedConcurrencyOptions, UsagePlanOptions } from './api-options.ts';
import type { InferenceCode } from './inference-code.ts';
import type { Rollout } from './rollout.ts';
import type { ServingAlarmsOptions } from './serving-alarms-props.ts';

/** What an `InferenceApi` may be told besides its platform. */
export interface InferenceApiOptions {
  /**
   * The target's name, kebab-case: it becomes the deployment record's key, `deployments/<target>.json`.
   * @default - the construct's id in kebab-case
   */
  readonly targetName?: string;

  /**
   * How traffic moves to a new model version. The first version of a target always serves at once.
   * @default Rollout.allAtOnce() - all requests, as soon as the version was tried out
   */
  readonly rollout?: Rollout;

  /**
   * Where requests come in.
   * @default ApiFrontDoor.httpApi()
   */
  readonly frontDoor?: ApiFrontDoor;

  /**
   * Who may call the API.
   * @default - ApiAuthorization.iam(): callers sign their requests, and `grantInvoke` lets one call
   */
  readonly authorization?: ApiAuthorization;

  /**
   * A name of the API's own. Not of a function URL.
   * @default - the name that AWS gives it
   */
  readonly domain?: ApiDomainOptions;

  /**
   * Which pages of other origins may call it from a browser.
   * @default - none
   */
  readonly cors?: ApiCorsOptions;

  /**
   * How many requests a second the API takes over time. A function URL has no such bound.
   * @default 50
   */
  readonly throttlingRateLimit?: number;

  /**
   * How many requests the API takes at once. A function URL has no such bound: `reservedConcurrency` is one.
   * @default 100
   */
  readonly throttlingBurstLimit?: number;

  /**
   * The ARN of the regional web ACL (AWS WAF) in front of it. Of a REST API alone.
   * @default - none
   */
  readonly webAclArn?: string;

  /**
   * How much each client may ask. Of a REST API alone.
   * @default - as much as the API takes
   */
  readonly usagePlan?: UsagePlanOptions;

  /**
   * Whether X-Ray traces begin at the API, and not at the function. Of a REST API alone.
   * @default false
   */
  readonly apiTracing?: boolean;

  /**
   * The function's code: a bundle, or a container image.
   * @default InferenceCode.bundle()
   */
  readonly code?: InferenceCode;

  /**
   * Environments that are kept warm, which are paid for by the hour.
   * @default - none: the first request after a pause waits for a start
   */
  readonly provisionedConcurrency?: ProvisionedConcurrencyOptions;

  /**
   * Shifts requests to a new version of the code step by step, and takes it back by itself where an alarm sounds.
   * @default - all requests meet the new code at once
   */
  readonly codeDeployment?: CodeDeploymentOptions;

  /**
   * Whether the function's log holds what is asked and answered. Such rows may be private, and whoever reads the log reads them.
   * @default false
   */
  readonly logPayloads?: boolean;

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
   * How long one request may take: at most 29 seconds, or 15 minutes behind a function URL.
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
   * Takes the API's access logs, a JSON line a request. A function URL writes none.
   * @default - a new log group
   */
  readonly accessLogGroup?: ILogGroup;
}

/** What an `InferenceApi` is made of. */
export interface InferenceApiProps extends InferenceApiOptions {
  /** Where models and deployment records lie. */
  readonly platform: IModelPlatform;
}
