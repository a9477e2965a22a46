import { Stack } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { Alias, Function as LambdaFunction, FunctionUrl } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { InferenceEnv } from '../../lambda/inference/env.ts';
import { prefixes, recordKey } from '../../model/spec/layout.ts';
import { ConfigurationError } from '../errors.ts';
import { HandlerFunction } from '../private/handler-function.ts';
import { warnAboveMemoryQuota } from '../private/memory-quota.ts';
import { allowRead, allowToMiss } from '../private/permissions.ts';
import { kebabCase, validate, validateKebabCase } from '../private/validation.ts';
import { ApiAuthorization } from './api-authorization.ts';
import { inferenceDefaults } from './defaults.ts';
import type { InferenceApiProps } from './inference-api-props.ts';
import { ApiKeys } from './private/api-keys.ts';
import { createFrontDoor } from './private/front-doors/create.ts';
import type { FrontDoor } from './private/front-doors/front-door.ts';
import { authorizationVariable, corsVariable } from './private/inference-environment.ts';
import { createAlias, createDeploymentGroup } from './private/live-alias.ts';
import { validateInferenceApi } from './private/validate-inference-api.ts';
import { ServingAlarms } from './serving-alarms.ts';
import { ServingMetrics } from './serving-metrics.ts';
import type { DeploymentRecordLocation, IServingTarget } from './serving-target.ts';
import { TargetRollout } from './target-rollout.ts';

/** A prediction API that answers with the model that its deployment record names, on a Lambda function. It costs nothing while nobody asks. */
export class InferenceApi extends Construct implements IServingTarget {
  readonly targetName: string;
  readonly record: DeploymentRecordLocation;
  readonly revalidateAfter: Duration;
  readonly url: string;
  readonly signedFor?: string;
  /** The HTTP API; undefined behind another front door. */
  readonly httpApi?: HttpApi;
  /** The REST API; undefined behind another front door. */
  readonly restApi?: RestApi;
  /** The function's URL; undefined behind another front door. */
  readonly functionUrl?: FunctionUrl;
  /** Where a record for a domain of one's own has to point; undefined without one. */
  readonly domainTarget?: string;
  /** The function that predicts. */
  readonly function: LambdaFunction;
  /** The alias that requests reach it by; undefined where no prop needs one. */
  readonly alias?: Alias;
  /** How CodeDeploy exchanges the code; undefined where it does not. */
  readonly deploymentGroup?: LambdaDeploymentGroup;
  /** The function's role. */
  readonly role: IRole;
  /** The function's logs. */
  readonly logGroup: ILogGroup;
  /** The API's access logs; a function URL has none. */
  readonly accessLogGroup?: ILogGroup;
  /** What sounds when it is slow, fails, or is asked by nobody. */
  readonly alarms: ServingAlarms;
  readonly rollout: TargetRollout;

  private readonly frontDoor: FrontDoor;
  private readonly keys?: ApiKeys;
  private readonly authorization: ApiAuthorization;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: InferenceApiProps) {
    super(scope, id);
    this.targetName = props.targetName ?? kebabCase(id);
    validate(this, [validateKebabCase('targetName', this.targetName, 40), ...validateInferenceApi(props)]);

    this.authorization = props.authorization ?? ApiAuthorization.iam();
    this.record = { bucket: props.platform.artifactBucket, key: recordKey(this.targetName) };
    this.revalidateAfter = props.revalidateAfter ?? inferenceDefaults.revalidateAfter;
    this.keys = this.createKeys(props);
    const handler = this.createFunction(props);
    this.function = handler.function;
    this.role = handler.role;
    this.logGroup = handler.logGroup;
    this.grantServe();

    this.alarms = new ServingAlarms(this, 'Alarms', {
      ...props.alarms,
      platform: props.platform,
      targetName: this.targetName,
      metrics: ServingMetrics.ofFunction(this.targetName, this.function),
      canaryMetrics: ServingMetrics.ofCanary(this.targetName),
    });
    if (props.provisionedConcurrency !== undefined || props.codeDeployment !== undefined) this.alias = createAlias(this, this.function, props.provisionedConcurrency);
    if (props.codeDeployment !== undefined) {
      const alarms = [this.alarms.latency, this.alarms.errorRate].filter((alarm) => alarm !== undefined);
      this.deploymentGroup = createDeploymentGroup(this, this.alias!, props.codeDeployment, alarms);
    }

    this.frontDoor = createFrontDoor(this, { props, targetName: this.targetName, target: this.alias ?? this.function, authorization: this.authorization._choice });
    this.url = this.frontDoor.url;
    this.httpApi = this.frontDoor.httpApi;
    this.restApi = this.frontDoor.restApi;
    this.functionUrl = this.frontDoor.functionUrl;
    if (this.authorization._choice.kind === 'iam') this.signedFor = this.functionUrl === undefined ? 'execute-api' : 'lambda';
    this.domainTarget = this.frontDoor.domainTarget;
    this.accessLogGroup = this.frontDoor.accessLogGroup;
    this.rollout = new TargetRollout(this, 'Rollout', {
      platform: props.platform,
      service: this,
      // A test that holds neither token nor key goes past the front door.
      ...(this.authorization._choice.kind === 'iam' && this.functionUrl === undefined ? {} : { testedFunction: this.alias ?? this.function }),
      alarms: this.alarms.canary,
      tracing: props.tracing ?? inferenceDefaults.tracing,
      ...(props.rollout === undefined ? {} : { rollout: props.rollout }),
      ...(props.architecture === undefined ? {} : { architecture: props.architecture }),
    });
  }

  /**
   * Lets a principal ask for predictions: by signing its requests, or by the API key of the first client, which it may read.
   * @throws ConfigurationError where callers hold tokens, which no grant can give
   */
  grantInvoke(grantee: IGrantable): void {
    if (this.keys !== undefined) this.keys.grantKey(grantee, [...this.keys.keys.keys()][0]!);
    else if (this.authorization._choice.kind === 'jwt') {
      throw new ConfigurationError(this, ["grantInvoke was asked for, and callers of this API hold a token of its issuer, which no grant can give: let the issuer give one, or use ApiAuthorization.iam() or apiKeys() where a pipeline has to test the API."]);
    } else this.frontDoor.grantInvoke(grantee);
  }

  /**
   * The secret that holds a client's API key, where ApiAuthorization.apiKeys was chosen.
   * @throws ConfigurationError where there is no such client
   */
  apiKey(client: string): ISecret {
    const secret = this.keys?.keys.get(client);
    if (secret !== undefined) return secret;
    throw new ConfigurationError(this, [`There is no API key of '${client}', expected one of the clients of ApiAuthorization.apiKeys: ${[...(this.keys?.keys.keys() ?? [])].join(', ') || 'none'}.`]);
  }

  private createKeys(props: InferenceApiProps): ApiKeys | undefined {
    const choice = this.authorization._choice;
    if (choice.kind !== 'apiKeys') return undefined;
    return new ApiKeys(this, 'ApiKeys', {
      platform: props.platform,
      targetName: this.targetName,
      options: choice.options,
      architecture: props.architecture ?? inferenceDefaults.architecture,
      tracing: props.tracing ?? inferenceDefaults.tracing,
    });
  }

  private createFunction(props: InferenceApiProps): HandlerFunction {
    const { platform } = props;
    const memorySizeMiB = props.memorySizeMiB ?? inferenceDefaults.memorySizeMiB;
    warnAboveMemoryQuota(this, memorySizeMiB, 'memorySizeMiB says so.');
    const architecture = props.architecture ?? inferenceDefaults.architecture;
    const image = props.code?._image(this, architecture);
    const environment: InferenceEnv = {
      RECORD_BUCKET: this.record.bucket.bucketName,
      RECORD_KEY: this.record.key,
      TARGET_NAME: this.targetName,
      REVALIDATE_SECONDS: String(this.revalidateAfter.toSeconds()),
      MAX_BATCH_ROWS: String(props.maxBatchRows ?? inferenceDefaults.maxBatchRows),
      AUTHORIZATION: Stack.of(this).toJsonString(authorizationVariable(this.authorization._choice, this.keys)),
      CORS: JSON.stringify(corsVariable(props, this.authorization._choice)),
      LOG_PAYLOADS: String(props.logPayloads ?? false),
      STREAMING: String(props.frontDoor?._options.streaming ?? false),
    };
    return new HandlerFunction(this, 'Function', {
      handler: 'inference',
      description: `Predicts with the model that ${this.record.key} names.`,
      environment: { ...environment },
      memorySizeMiB,
      timeout: props.timeout ?? inferenceDefaults.timeout,
      architecture,
      tracing: props.tracing ?? inferenceDefaults.tracing,
      logRetention: platform.logRetention,
      logRemovalPolicy: platform.logRemovalPolicy,
      ...(image === undefined ? {} : { image }),
      ...(props.logGroup === undefined ? {} : { logGroup: props.logGroup }),
      ...(props.role === undefined ? {} : { role: props.role }),
      ...(props.reservedConcurrency === undefined ? {} : { reservedConcurrency: props.reservedConcurrency }),
    });
  }

  private grantServe(): void {
    const { bucket, key } = this.record;
    allowRead(this.role, bucket, key);
    allowRead(this.role, bucket, `${prefixes.models}*`);
    // Before the first deployment there is no record, and the answer is "not ready" instead of "denied".
    allowToMiss(this.role, bucket);
    this.keys?.grantCheck(this.role);
  }
}
