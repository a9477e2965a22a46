import { Stack } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { prefixes, recordKey } from '../../model/spec/layout.ts';
import type { InferenceEnv } from '../../lambda/inference/env.ts';
import { HandlerFunction } from '../private/handler-function.ts';
import { warnAboveMemoryQuota } from '../private/memory-quota.ts';
import { allow, allowRead, allowToMiss } from '../private/permissions.ts';
import { kebabCase, validate, validateInteger, validateKebabCase, validateRange, validateSeconds } from '../private/validation.ts';
import type { Finding } from '../private/validation.ts';
import { inferenceDefaults, inferenceRoutes } from './defaults.ts';
import type { InferenceApiOptions, InferenceApiProps } from './inference-api-props.ts';
import { AccessLogs } from './private/access-logs.ts';
import { ServingAlarms } from './serving-alarms.ts';
import { ServingMetrics } from './serving-metrics.ts';
import type { DeploymentRecordLocation, IServingTarget } from './serving-target.ts';

/** An HTTP API that answers with the model that its deployment record names, on a Lambda function. It costs nothing while nobody asks. */
export class InferenceApi extends Construct implements IServingTarget {
  readonly targetName: string;
  readonly record: DeploymentRecordLocation;
  readonly revalidateAfter: Duration;
  /** The HTTP API. */
  readonly api: HttpApi;
  /** The API's stage, with throttling and access logs. */
  readonly stage: HttpStage;
  /** The function that predicts. */
  readonly function: LambdaFunction;
  /** The function's role. */
  readonly role: IRole;
  /** The function's logs. */
  readonly logGroup: ILogGroup;
  /** The API's access logs. */
  readonly accessLogGroup: ILogGroup;
  /** What sounds when it is slow, fails, or is asked by nobody. */
  readonly alarms: ServingAlarms;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: InferenceApiProps) {
    super(scope, id);
    this.targetName = props.targetName ?? kebabCase(id);
    validate(this, [validateKebabCase('targetName', this.targetName, 40), ...validateNumbers(props)]);

    const { platform } = props;
    const memorySizeMiB = props.memorySizeMiB ?? inferenceDefaults.memorySizeMiB;
    warnAboveMemoryQuota(this, memorySizeMiB, 'memorySizeMiB says so.');
    const maxBatchRows = props.maxBatchRows ?? inferenceDefaults.maxBatchRows;
    this.record = { bucket: platform.artifactBucket, key: recordKey(this.targetName) };
    this.revalidateAfter = props.revalidateAfter ?? inferenceDefaults.revalidateAfter;

    const environment: InferenceEnv = {
      RECORD_BUCKET: this.record.bucket.bucketName,
      RECORD_KEY: this.record.key,
      TARGET_NAME: this.targetName,
      REVALIDATE_SECONDS: String(this.revalidateAfter.toSeconds()),
      MAX_BATCH_ROWS: String(maxBatchRows),
    };
    const handler = new HandlerFunction(this, 'Function', {
      handler: 'inference',
      description: `Predicts with the model that ${this.record.key} names.`,
      environment: { ...environment },
      memorySizeMiB,
      timeout: props.timeout ?? inferenceDefaults.timeout,
      architecture: props.architecture ?? inferenceDefaults.architecture,
      tracing: props.tracing ?? inferenceDefaults.tracing,
      logRetention: platform.logRetention,
      logRemovalPolicy: platform.logRemovalPolicy,
      ...(props.logGroup === undefined ? {} : { logGroup: props.logGroup }),
      ...(props.role === undefined ? {} : { role: props.role }),
      ...(props.reservedConcurrency === undefined ? {} : { reservedConcurrency: props.reservedConcurrency }),
    });
    this.function = handler.function;
    this.role = handler.role;
    this.logGroup = handler.logGroup;
    this.grantServe();

    this.api = new HttpApi(this, 'Api', { description: `Predictions by the target ${this.targetName}.`, createDefaultStage: false });
    const integration = new HttpLambdaIntegration('Function', this.function);
    const authorizer = props.authorizer ?? new HttpIamAuthorizer();
    for (const { method, path } of inferenceRoutes) {
      this.api.addRoutes({ path, methods: [HttpMethod[method]], integration, authorizer });
    }
    const accessLogs = new AccessLogs(this, 'AccessLogs', platform, props.accessLogGroup);
    this.accessLogGroup = accessLogs.logGroup;
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: {
        rateLimit: props.throttlingRateLimit ?? inferenceDefaults.throttlingRateLimit,
        burstLimit: props.throttlingBurstLimit ?? inferenceDefaults.throttlingBurstLimit,
      },
      accessLogSettings: { destination: accessLogs, format: accessLogs.format },
    });
    this.alarms = new ServingAlarms(this, 'Alarms', {
      ...props.alarms,
      platform,
      targetName: this.targetName,
      metrics: ServingMetrics.ofFunction(this.targetName, this.function),
      canaryMetrics: ServingMetrics.ofCanary(this.targetName),
    });
  }

  get url(): string {
    return this.api.apiEndpoint;
  }

  grantInvoke(grantee: IGrantable): void {
    const stack = Stack.of(this);
    allow(grantee, {
      actions: ['execute-api:Invoke'],
      resources: inferenceRoutes.map(({ method, path }) =>
        stack.formatArn({ service: 'execute-api', resource: this.api.apiId, resourceName: `$default/${method}${path}` }),
      ),
    });
  }

  private grantServe(): void {
    const { bucket, key } = this.record;
    allowRead(this.role, bucket, key);
    allowRead(this.role, bucket, `${prefixes.models}*`);
    // Before the first deployment there is no record, and the answer is "not ready" instead of "denied".
    allowToMiss(this.role, bucket);
  }
}

function validateNumbers(props: InferenceApiOptions): Finding[] {
  return [
    validateRange('maxBatchRows', props.maxBatchRows, 1, 10_000),
    validateInteger('maxBatchRows', props.maxBatchRows),
    validateRange('memorySizeMiB', props.memorySizeMiB, 512, 10_240, ' MiB'),
    validateInteger('memorySizeMiB', props.memorySizeMiB),
    validateSeconds('timeout', props.timeout, 1, 29),
    validateSeconds('revalidateAfter', props.revalidateAfter, 1, 300),
    validateRange('throttlingRateLimit', props.throttlingRateLimit, 0, 10_000),
    validateRange('throttlingBurstLimit', props.throttlingBurstLimit, 0, 5_000),
    validateInteger('throttlingBurstLimit', props.throttlingBurstLimit),
    validateRange('reservedConcurrency', props.reservedConcurrency, 0, 100_000),
    validateInteger('reservedConcurrency', props.reservedConcurrency),
  ];
}
