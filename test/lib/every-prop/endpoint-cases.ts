import { Duration, TimeZone } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { EndpointUpdate, EndpointVariant, InferenceEndpoint, ModelPlatform, Rollout, ServingImage } from '../../../lib/index.ts';
import type {
  DataCaptureOptions, EndpointInstanceOptions, EndpointRollingOptions, EndpointScalingOptions, EndpointScheduleOptions, EndpointServerlessOptions, EndpointStepOptions, EndpointUpdateOptions, InferenceEndpointOptions,
} from '../../../lib/index.ts';
import type { EndpointSpec } from '../../../model/spec/endpoint.ts';
import type { PropCases, Rendered } from './cases.ts';

/** What an endpoint's driver is told, with references by their logical ids. */
export function specOf(rendered: Pick<Rendered, 'property'>): EndpointSpec {
  const text = rendered.property('AWS::Lambda::Function', 'Environment.Variables.ENDPOINT', /Driver/) as { 'Fn::Join': [string, (string | Record<string, unknown>)[]] } | string;
  const parts = typeof text === 'string' ? [text] : text['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : String([Object.values(part)[0]].flat()[0]))).join('')) as EndpointSpec;
}

const instances = EndpointVariant.instances('ml.c7g.large', { count: 2 });
const onInstances = () => ({ variant: instances });
const network = (stack: Stack) => Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['private-1', 'private-2'], publicSubnetIds: ['public-1', 'public-2'] });
const inNetwork = (stack: Stack) => ({ ...onInstances(), vpc: network(stack) });
const weekdays = { start: ScheduleExpression.expression('cron(0 7 ? * MON-FRI *)'), stop: ScheduleExpression.expression('cron(0 19 ? * MON-FRI *)') };
const keyArn = 'arn:aws:kms:us-east-1:123456789012:key/own';

/** An endpoint on a platform of its stack. */
export function constructEndpoint(stack: Stack, options: Partial<InferenceEndpointOptions>): void {
  new InferenceEndpoint(stack, 'Endpoint', { platform: new ModelPlatform(stack, 'Platform'), ...options });
}

/** Each optional prop of an endpoint. */
export const endpointCases: PropCases<InferenceEndpointOptions> = {
  targetName: { value: () => 'blue', shows: (r) => r.property('AWS::Lambda::Function', 'Environment.Variables.RECORD_KEY', /Driver/), as: 'deployments/blue.json' },
  rollout: { besides: onInstances, value: () => Rollout.canary({ percent: 7, interval: Duration.minutes(9) }), shows: (r) => r.property('AWS::Lambda::Function', 'Environment.Variables.ROLLOUT_PLAN', /RollOut/), as: '{"kind":"canary","percent":7,"intervalSeconds":540}' },
  endpointName: { value: () => 'own-endpoint', shows: (r) => [specOf(r).endpointName, r.property('AWS::CloudWatch::Alarm', 'Metrics', /ErrorRate/) === undefined], as: ['own-endpoint', false] },
  variant: { alone: true, value: () => instances, shows: (r) => specOf(r).stable, as: { instances: { type: 'ml.c7g.large', count: 2 } } },
  canaryVariant: { besides: onInstances, value: () => EndpointVariant.instances('ml.m7g.large', { count: 3 }), shows: (r) => specOf(r).canary, as: { instances: { type: 'ml.m7g.large', count: 3 } } },
  image: {
    value: () => ServingImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/own:1', { environment: { A: 'b' } }),
    shows: (r) => [specOf(r).image, specOf(r).environment, r.allowed(/ExecutionRole/, 'ecr:BatchGetImage')],
    as: ['123456789012.dkr.ecr.us-east-1.amazonaws.com/own:1', { A: 'b' }, ['arn:aws:ecr:us-east-1:123456789012:repository/own']],
  },
  update: { besides: onInstances, value: () => EndpointUpdate.canary(10), shows: (r) => [specOf(r).update?.kind, specOf(r).alarms.length, r.allowed(/ExecutionRole/, 'cloudwatch:DescribeAlarms').length], as: ['canary', 2, 2] },
  updateAlarms: {
    besides: () => ({ ...onInstances(), update: EndpointUpdate.canary(10) }),
    value: (stack) => [Alarm.fromAlarmArn(stack, 'Own', 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:own')],
    shows: (r) => [specOf(r).alarms, r.allowed(/ExecutionRole/, 'cloudwatch:DescribeAlarms')],
    as: [['own'], ['arn:aws:cloudwatch:us-east-1:123456789012:alarm:own']],
  },
  scaling: { besides: onInstances, value: () => ({ minInstances: 2, maxInstances: 5 }), shows: (r) => [specOf(r).scaling?.maximum, r.allowed(/Driver/, 'application-autoscaling:RegisterScalableTarget').length], as: [5, 1] },
  dataCapture: { besides: onInstances, value: () => ({}), shows: (r) => [specOf(r).capture?.samplingPercent, r.allowed(/ExecutionRole/, 's3:PutObject').length], as: [100, 1] },
  vpc: {
    besides: onInstances,
    value: network,
    shows: (r) => [specOf(r).network?.subnets, specOf(r).network?.securityGroups.length, r.allowed(/ExecutionRole/, 'ec2:CreateNetworkInterface')],
    as: [['private-1', 'private-2'], 1, ['*']],
  },
  subnets: { besides: inNetwork, value: () => ({ subnetType: SubnetType.PUBLIC }), shows: (r) => specOf(r).network?.subnets, as: ['public-1', 'public-2'] },
  securityGroups: { besides: inNetwork, value: (stack) => [SecurityGroup.fromSecurityGroupId(stack, 'Own', 'sg-own')], shows: (r) => [specOf(r).network?.securityGroups, r.count('AWS::EC2::SecurityGroup')], as: [['sg-own'], 0] },
  networkIsolation: { besides: onInstances, value: () => false, shows: (r) => specOf(r).isolated, as: false },
  volumeKey: { besides: onInstances, value: (stack) => Key.fromKeyArn(stack, 'Own', keyArn), shows: (r) => [specOf(r).volumeKeyId, r.allowed(/Driver/, 'kms:CreateGrant')], as: [keyArn, [keyArn]] },
  schedule: { besides: onInstances, value: () => weekdays, shows: (r) => [r.property('AWS::Scheduler::Schedule', 'ScheduleExpression', /Start/), r.property('AWS::Scheduler::Schedule', 'Target.Input', /Stop/)], as: ['cron(0 7 ? * MON-FRI *)', '{"action":"stop"}'] },
  alarms: { value: () => ({ noInvocations: { enabled: false } }), shows: (r) => r.property('AWS::CloudWatch::Alarm', 'Threshold', /NoInvocations/), as: undefined },
  executionRole: { alone: true, value: (stack) => Role.fromRoleArn(stack, 'Own', 'arn:aws:iam::123456789012:role/own'), shows: (r) => [specOf(r).roleArn, r.allowed(/Driver/, 'iam:PassRole')], as: ['arn:aws:iam::123456789012:role/own', ['arn:aws:iam::123456789012:role/own']] },
  tracing: { value: () => false, shows: (r) => r.property('AWS::Lambda::Function', 'TracingConfig', /Driver/), as: undefined },
  logGroup: { value: (stack) => LogGroup.fromLogGroupName(stack, 'OwnLogs', 'own-logs'), shows: (r) => r.property('AWS::Lambda::Function', 'LoggingConfig.LogGroup', /Driver/), as: 'own-logs' },
};

/** Each optional prop of a variant on instances. */
export const instanceCases: PropCases<EndpointInstanceOptions> = {
  count: { value: () => 3, shows: (r) => specOf(r).stable.instances?.count, as: 3 },
  startupTimeout: { value: () => Duration.minutes(3), shows: (r) => [specOf(r).stable.startupSeconds, specOf(r).canary.startupSeconds], as: [180, 180] },
  downloadTimeout: { value: () => Duration.minutes(4), shows: (r) => [specOf(r).stable.downloadSeconds, specOf(r).canary.downloadSeconds], as: [240, 240] },
};

/** Each optional prop of a serverless variant. */
export const serverlessCases: PropCases<EndpointServerlessOptions> = {
  memorySizeMiB: { value: () => 4096, shows: (r) => specOf(r).stable.serverless?.memorySizeMb, as: 4096 },
  maxConcurrency: { value: () => 50, shows: (r) => specOf(r).stable.serverless?.maxConcurrency, as: 50 },
  provisionedConcurrency: { value: () => 2, shows: (r) => specOf(r).stable.serverless?.provisionedConcurrency, as: 2 },
};

const updated = (r: Rendered) => specOf(r).update as Record<string, unknown> | undefined;

/** Each optional prop of an update at once. */
export const updateCases: PropCases<EndpointUpdateOptions> = {
  bakeTime: { value: () => Duration.minutes(7), shows: (r) => updated(r)?.['bakeSeconds'], as: 420 },
  timeout: { value: () => Duration.hours(2), shows: (r) => updated(r)?.['timeoutSeconds'], as: 7200 },
};

/** Each optional prop of an update in steps. */
export const stepCases: PropCases<EndpointStepOptions> = { ...updateCases, waitTime: { value: () => Duration.minutes(8), shows: (r) => updated(r)?.['waitSeconds'], as: 480 } };

/** Each optional prop of a rolling update. */
export const rollingCases: PropCases<EndpointRollingOptions> = {
  waitTime: stepCases.waitTime,
  timeout: stepCases.timeout,
  rollbackPercent: { value: () => 20, shows: (r) => updated(r)?.['rollbackPercent'], as: 20 },
};

/** Each optional prop of a scaling. */
export const scalingCases: PropCases<EndpointScalingOptions> = {
  invocationsPerInstance: { value: () => 70, shows: (r) => specOf(r).scaling?.invocations, as: 70 },
  scaleInCooldown: { value: () => Duration.minutes(9), shows: (r) => specOf(r).scaling?.scaleInSeconds, as: 540 },
  scaleOutCooldown: { value: () => Duration.seconds(9), shows: (r) => specOf(r).scaling?.scaleOutSeconds, as: 9 },
};

/** Each optional prop of data capture. */
export const captureCases: PropCases<DataCaptureOptions> = {
  samplingPercent: { value: () => 20, shows: (r) => specOf(r).capture?.samplingPercent, as: 20 },
  requests: { value: () => false, shows: (r) => specOf(r).capture?.input, as: false },
  responses: { alone: true, value: () => false, shows: (r) => specOf(r).capture?.output, as: false },
};

/** Each optional prop of a schedule. */
export const scheduleCases: PropCases<EndpointScheduleOptions> = {
  timeZone: { value: () => TimeZone.EUROPE_BERLIN, shows: (r) => [r.property('AWS::Scheduler::Schedule', 'ScheduleExpressionTimezone', /Start/), r.property('AWS::Scheduler::Schedule', 'ScheduleExpressionTimezone', /Stop/)], as: ['Europe/Berlin', 'Europe/Berlin'] },
};

export const constructInstances = (stack: Stack, options: Partial<EndpointInstanceOptions>) => { constructEndpoint(stack, { variant: EndpointVariant.instances('ml.c7g.large', options) }); };
export const constructServerless = (stack: Stack, options: Partial<EndpointServerlessOptions>) => { constructEndpoint(stack, { variant: EndpointVariant.serverless(options) }); };
export const constructUpdate = (update: (options: Partial<EndpointStepOptions> & Partial<EndpointRollingOptions>) => EndpointUpdate) => (stack: Stack, options: Partial<EndpointStepOptions>) => { constructEndpoint(stack, { variant: instances, update: update(options) }); };
export const constructScaling = (stack: Stack, options: Partial<EndpointScalingOptions>) => { constructEndpoint(stack, { variant: instances, scaling: { minInstances: 1, maxInstances: 4, ...options } }); };
export const constructCapture = (stack: Stack, options: Partial<DataCaptureOptions>) => { constructEndpoint(stack, { variant: instances, dataCapture: options }); };
export const constructSchedule = (stack: Stack, options: Partial<EndpointScheduleOptions>) => { constructEndpoint(stack, { variant: instances, schedule: { ...weekdays, ...options } }); };
