import { Duration, TimeZone } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Period } from 'aws-cdk-lib/aws-apigateway';
import { ApiKey } from 'aws-cdk-lib/aws-apigateway';
import { HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { expect } from 'vitest';
import { ApiAuthorization, ApiFrontDoor, InferenceApi, InferenceCode, ModelPlatform, Rollout } from '../../../lib/index.ts';
import type {
  ApiCorsOptions, ApiDomainOptions, ApiKeyAuthorizationOptions, CodeDeploymentOptions, FunctionUrlFrontDoorOptions, InferenceApiOptions, InferenceImageOptions, JwtAuthorizationProps, ProvisionedConcurrencyChange, ProvisionedConcurrencyOptions,
  RestApiFrontDoorOptions, UsagePlanOptions,
} from '../../../lib/index.ts';
import type { Construct, PropCases, Rendered } from './cases.ts';

const roleArn = 'arn:aws:iam::123456789012:role/own';
const webAclArn = 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/own/id';
const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:hook';
const restApi = () => ({ frontDoor: ApiFrontDoor.restApi() });
const environment = (r: Rendered, name: string) => r.property(inference, `Environment.Variables.${name}`, /ApiFunction/);
const text = (value: unknown): string => JSON.stringify(value) ?? '';

const inference = 'AWS::Lambda::Function';

/** Each optional prop of a prediction API. */
export const inferenceApiCases: PropCases<InferenceApiOptions> = {
  targetName: { value: () => 'blue', shows: (r) => r.property(inference, 'Environment.Variables.RECORD_KEY'), as: 'deployments/blue.json' },
  rollout: { value: () => Rollout.canary({ percent: 7, interval: Duration.minutes(9) }), shows: (r) => r.property('AWS::Lambda::Function', 'Environment.Variables.ROLLOUT_PLAN', /RollOut/), as: '{"kind":"canary","percent":7,"intervalSeconds":540}' },
  authorization: { value: () => ApiAuthorization.httpAuthorizer(new HttpNoneAuthorizer()), shows: (r) => r.property('AWS::ApiGatewayV2::Route', 'AuthorizationType'), as: 'NONE' },
  throttlingRateLimit: { value: () => 7, shows: (r) => r.property('AWS::ApiGatewayV2::Stage', 'DefaultRouteSettings.ThrottlingRateLimit'), as: 7 },
  throttlingBurstLimit: { value: () => 0, shows: (r) => r.property('AWS::ApiGatewayV2::Stage', 'DefaultRouteSettings.ThrottlingBurstLimit'), as: 0 },
  logPayloads: { value: () => true, shows: (r) => r.property(inference, 'Environment.Variables.LOG_PAYLOADS'), as: 'true' },
  maxBatchRows: { value: () => 12, shows: (r) => r.property(inference, 'Environment.Variables.MAX_BATCH_ROWS'), as: '12' },
  revalidateAfter: { value: () => Duration.seconds(9), shows: (r) => r.property(inference, 'Environment.Variables.REVALIDATE_SECONDS'), as: '9' },
  memorySizeMiB: { value: () => 2048, shows: (r) => r.property(inference, 'MemorySize'), as: 2048 },
  timeout: { value: () => Duration.seconds(11), shows: (r) => r.property(inference, 'Timeout'), as: 11 },
  architecture: { value: () => Architecture.X86_64, shows: (r) => r.property(inference, 'Architectures'), as: ['x86_64'] },
  reservedConcurrency: { alone: true, value: () => 0, shows: (r) => r.property(inference, 'ReservedConcurrentExecutions'), as: 0 },
  tracing: { value: () => false, shows: (r) => r.property(inference, 'TracingConfig'), as: undefined },
  alarms: { value: () => ({ enabled: false }), shows: (r) => r.count('AWS::CloudWatch::Alarm'), as: 0 },
  role: { alone: true, value: (stack) => Role.fromRoleArn(stack, 'Own', roleArn), shows: (r) => [r.property(inference, 'Role'), r.resource('AWS::IAM::Role', 'Type', /^ApiFunction/)], as: [roleArn, undefined] },
  logGroup: { alone: true, value: (stack) => LogGroup.fromLogGroupName(stack, 'Own', '/own/logs'), shows: (r) => [r.property(inference, 'LoggingConfig.LogGroup'), r.resource('AWS::Logs::LogGroup', 'Type', /^ApiFunction/)], as: ['/own/logs', undefined] },
  accessLogGroup: {
    value: (stack) => LogGroup.fromLogGroupName(stack, 'Own', '/own/access'),
    shows: (r) => [JSON.stringify(r.property('AWS::ApiGatewayV2::Stage', 'AccessLogSettings.DestinationArn')), r.resource('AWS::Logs::LogGroup', 'Type', /AccessLogs/)],
    as: [expect.stringContaining('/own/access'), undefined],
  },
  frontDoor: { alone: true, value: () => ApiFrontDoor.functionUrl(), shows: (r) => [r.count('AWS::Lambda::Url'), r.count('AWS::ApiGatewayV2::Api')], as: [1, 0] },
  domain: { value: (stack) => domain(stack, {}), shows: (r) => r.property('AWS::ApiGatewayV2::DomainName', 'DomainName'), as: 'predictions.example.com' },
  cors: { value: () => ({ allowOrigins: ['https://app.example.com'] }), shows: (r) => r.property('AWS::ApiGatewayV2::Api', 'CorsConfiguration.AllowOrigins'), as: ['https://app.example.com'] },
  webAclArn: { value: () => webAclArn, besides: restApi, shows: (r) => r.property('AWS::WAFv2::WebACLAssociation', 'WebACLArn'), as: webAclArn },
  usagePlan: { value: () => ({ clients: ['mobile'] }), besides: restApi, shows: (r) => [r.count('AWS::ApiGateway::UsagePlan'), r.property('AWS::ApiGateway::Method', 'ApiKeyRequired', /ANY/)], as: [1, true] },
  apiTracing: { value: () => true, besides: restApi, shows: (r) => r.property('AWS::ApiGateway::Stage', 'TracingEnabled'), as: true },
  code: { alone: true, value: () => InferenceCode.image(), shows: (r) => [r.property(inference, 'PackageType'), r.images().length], as: ['Image', 1] },
  provisionedConcurrency: { value: () => ({ instances: 2 }), shows: (r) => r.property('AWS::Lambda::Alias', 'ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions'), as: 2 },
  codeDeployment: { alone: true, value: () => ({}), shows: (r) => r.property('AWS::CodeDeploy::DeploymentGroup', 'DeploymentConfigName'), as: 'CodeDeployDefault.LambdaCanary10Percent5Minutes' },
};

/** A prediction API that has what the table is of. */
const within = <Options>(wrap: (options: Partial<Options>, stack: Stack) => InferenceApiOptions): Construct<Options> => (stack, options) => {
  new InferenceApi(stack, 'Api', { platform: new ModelPlatform(stack, 'Platform'), ...wrap(options, stack) });
};

const domain = (stack: Stack, options: Partial<ApiDomainOptions>): ApiDomainOptions => ({
  domainName: 'predictions.example.com', certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/own'), ...options,
});
export const constructDomain = within<ApiDomainOptions>((options, stack) => ({ domain: domain(stack, options) }));
export const domainCases: PropCases<ApiDomainOptions> = {
  hostedZone: { value: (stack) => HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }), shows: (r) => r.property('AWS::Route53::RecordSet', 'Name'), as: 'predictions.example.com.' },
};

const cors = (name: string) => (r: Rendered) => r.property('AWS::ApiGatewayV2::Api', `CorsConfiguration.${name}`);
export const constructCors = within<ApiCorsOptions>((options) => ({ cors: { allowOrigins: ['*'], ...options } }));
export const corsCases: PropCases<ApiCorsOptions> = {
  allowHeaders: { value: () => ['x-own'], shows: cors('AllowHeaders'), as: ['x-own'] },
  exposeHeaders: { value: () => ['x-seen'], shows: cors('ExposeHeaders'), as: ['x-seen'] },
  maxAge: { value: () => Duration.seconds(0), shows: cors('MaxAge'), as: 0 },
};

const plan = (name: string) => (r: Rendered) => r.property('AWS::ApiGateway::UsagePlan', name);
export const constructUsagePlan = within<UsagePlanOptions>((options) => ({ ...restApi(), usagePlan: { clients: ['mobile'], ...options } }));
export const usagePlanCases: PropCases<UsagePlanOptions> = {
  apiKeys: { value: (stack) => [ApiKey.fromApiKeyId(stack, 'Own', 'own-key')], shows: (r) => text(Object.values(r.template.findResources('AWS::ApiGateway::UsagePlanKey'))).includes('own-key'), as: true },
  rateLimit: { value: () => 3, shows: plan('Throttle.RateLimit'), as: 3 },
  burstLimit: { value: () => 0, shows: plan('Throttle.BurstLimit'), as: 0 },
  quota: { value: () => ({ limit: 9, period: Period.DAY }), shows: plan('Quota'), as: { Limit: 9, Period: 'DAY' } },
};

export const constructProvisioned = within<ProvisionedConcurrencyOptions>((options) => ({ provisionedConcurrency: { instances: 1, ...options } }));
const scalable = (name: string) => (r: Rendered) => r.property('AWS::ApplicationAutoScaling::ScalableTarget', name);
export const provisionedCases: PropCases<ProvisionedConcurrencyOptions> = {
  maxInstances: { value: () => 4, shows: scalable('MaxCapacity'), as: 4 },
  targetUtilizationPercent: {
    value: () => 40, besides: () => ({ maxInstances: 4 }),
    shows: (r) => r.property('AWS::ApplicationAutoScaling::ScalingPolicy', 'TargetTrackingScalingPolicyConfiguration.TargetValue'), as: 0.4,
  },
  changes: { value: () => [{ schedule: Schedule.cron({ hour: '8', minute: '0' }), instances: 3 }], shows: (r) => (scalable('ScheduledActions')(r) as unknown[] | undefined)?.length, as: 1 },
};

const change = { schedule: Schedule.cron({ hour: '8', minute: '0' }), instances: 3 };
export const constructChange = within<ProvisionedConcurrencyChange>((options) => ({ provisionedConcurrency: { instances: 1, changes: [{ ...change, ...options }] } }));
const action = (name: string) => (r: Rendered) => (scalable('ScheduledActions')(r) as Record<string, unknown>[])[0]?.[name];
export const changeCases: PropCases<ProvisionedConcurrencyChange> = {
  maxInstances: { value: () => 5, shows: action('ScalableTargetAction'), as: { MinCapacity: 3, MaxCapacity: 5 } },
  timeZone: { value: () => TimeZone.EUROPE_BERLIN, shows: action('Timezone'), as: 'Europe/Berlin' },
};

const group = (name: string) => (r: Rendered) => r.property('AWS::CodeDeploy::DeploymentGroup', name);
const hook = (stack: Stack) => LambdaFunction.fromFunctionAttributes(stack, 'Hook', { functionArn, sameEnvironment: true });
const updatePolicy = (r: Rendered) => text(r.resource('AWS::Lambda::Alias', 'UpdatePolicy.CodeDeployLambdaAliasUpdate'));
export const constructDeployment = within<CodeDeploymentOptions>((codeDeployment) => ({ codeDeployment }));
export const deploymentCases: PropCases<CodeDeploymentOptions> = {
  shift: { value: () => LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE, shows: group('DeploymentConfigName'), as: 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute' },
  alarms: { value: (stack) => [Alarm.fromAlarmName(stack, 'Own', 'own-alarm')], shows: group('AlarmConfiguration.Alarms'), as: [{ Name: 'own-alarm' }] },
  preTraffic: { alone: true, value: hook, shows: (r) => updatePolicy(r).includes('BeforeAllowTrafficHook'), as: true },
  postTraffic: { alone: true, value: hook, shows: (r) => updatePolicy(r).includes('AfterAllowTrafficHook'), as: true },
};

export const constructUrl = within<FunctionUrlFrontDoorOptions>((options) => ({ frontDoor: ApiFrontDoor.functionUrl(options) }));
export const urlCases: PropCases<FunctionUrlFrontDoorOptions> = {
  streaming: { value: () => true, shows: (r) => [r.property('AWS::Lambda::Url', 'InvokeMode'), environment(r, 'STREAMING')], as: ['RESPONSE_STREAM', 'true'] },
};

export const constructRest = within<RestApiFrontDoorOptions>((options) => ({ frontDoor: ApiFrontDoor.restApi(options) }));
export const restCases: PropCases<RestApiFrontDoorOptions> = {
  accountCloudWatchRole: { value: () => false, shows: (r) => r.count('AWS::ApiGateway::Account'), as: 0 },
};

export const constructJwt = within<JwtAuthorizationProps>((props) => ({ authorization: ApiAuthorization.jwt({ issuer: 'https://issuer.example.com', audience: ['own'], ...props }) }));
const authorization = (r: Rendered) => JSON.parse(String(environment(r, 'AUTHORIZATION'))) as Record<string, unknown>;
export const jwtCases: PropCases<JwtAuthorizationProps> = {
  scopes: { value: () => ['predict'], shows: (r) => authorization(r)['scopes'], as: ['predict'] },
  jwksUri: { value: () => 'https://issuer.example.com/keys', shows: (r) => authorization(r)['jwksUri'], as: 'https://issuer.example.com/keys' },
};

export const constructKeys = within<ApiKeyAuthorizationOptions>((options) => ({ authorization: ApiAuthorization.apiKeys(options) }));
export const keyCases: PropCases<ApiKeyAuthorizationOptions> = {
  clients: { value: () => ['mobile', 'partner'], shows: (r) => r.count('AWS::SecretsManager::Secret'), as: 4 },
  header: { value: () => 'x-own-key', shows: (r) => text(environment(r, 'AUTHORIZATION')).includes('x-own-key'), as: true },
  rotateEvery: { value: () => Duration.days(7), shows: (r) => r.property('AWS::SecretsManager::RotationSchedule', 'RotationRules.ScheduleExpression'), as: 'rate(7 days)' },
  gracePeriod: { value: () => Duration.hours(2), shows: (r) => r.property(inference, 'Environment.Variables.GRACE_SECONDS', /Rotation/), as: '7200' },
};

export const constructImage = within<InferenceImageOptions>((options) => ({ code: InferenceCode.image(options) }));
export const imageCases: PropCases<InferenceImageOptions> = {
  baseImage: { value: () => 'registry.example/lambda:24', shows: (r) => r.images(), as: [expect.objectContaining({ dockerBuildArgs: { BASE_IMAGE: 'registry.example/lambda:24' } })] },
};
