import { Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { expect } from 'vitest';
import { ModelPlatform, Rollout, TargetRollout } from '../../../lib/index.ts';
import type { DeploymentDriver, TargetRolloutProps } from '../../../lib/index.ts';
import { OwnTarget } from '../support.ts';
import type { PropCases } from './cases.ts';

const ownFunction = (stack: Stack, name: string) => LambdaFunction.fromFunctionArn(stack, name, `arn:aws:lambda:us-east-1:123456789012:function:${name}`);
const roleArn = 'arn:aws:iam::123456789012:role/own';
const fn = 'AWS::Lambda::Function';
const network = (stack: Stack) => (stack.node.tryFindChild('Vpc') as Vpc | undefined) ?? new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'private', subnetType: SubnetType.PRIVATE_ISOLATED }, { name: 'other', subnetType: SubnetType.PRIVATE_ISOLATED }] });

/** A rollout of a target of the user's own making. */
export function constructRollout(stack: Stack, props: Partial<TargetRolloutProps>): void {
  const platform = new ModelPlatform(stack, 'Platform');
  new TargetRollout(stack, 'Rollout', { platform, service: new OwnTarget(platform.artifactBucket), ...props });
}

/** Each optional prop of a rollout. */
export const rolloutCases: PropCases<TargetRolloutProps> = {
  rollout: { value: () => Rollout.linear({ stepPercent: 20, interval: Duration.minutes(5) }), shows: (r) => r.property(fn, 'Environment.Variables.ROLLOUT_PLAN', /RollOut/), as: '{"kind":"linear","stepPercent":20,"intervalSeconds":300}' },
  alarms: { value: (stack) => [Alarm.fromAlarmArn(stack, 'Own', 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:own')], shows: (r) => [r.state('WatchAlarms', 'Arguments.AlarmNames'), r.allowed(/RolloutStateMachineRole/, 'cloudwatch:DescribeAlarms')], as: [['own'], ['arn:aws:cloudwatch:us-east-1:123456789012:alarm:own']] },
  driver: { value: (stack) => ({ function: ownFunction(stack, 'driver') }), shows: (r) => [r.state('ApplyDeployment', 'Arguments.FunctionName'), r.allowed(/RolloutStateMachineRole/, 'lambda:InvokeFunction')], as: ['arn:aws:lambda:us-east-1:123456789012:function:driver', expect.arrayContaining(['arn:aws:lambda:us-east-1:123456789012:function:driver'])] },
  smokeTestFunction: { alone: true, value: (stack) => ownFunction(stack, 'tester'), shows: (r) => [r.state('SmokeTest', 'Arguments.FunctionName'), r.count(fn)], as: ['arn:aws:lambda:us-east-1:123456789012:function:tester', 1] },
  testedFunction: { alone: true, value: (stack) => ownFunction(stack, 'served'), shows: (r) => [r.property(fn, 'Environment.Variables.ENDPOINT_URL', /SmokeTest/), r.allowed(/SmokeTestRole/, 'lambda:InvokeFunction')], as: ['arn:aws:lambda:us-east-1:123456789012:function:served', ['arn:aws:lambda:us-east-1:123456789012:function:served']] },
  smokeTestTimeout: { value: () => Duration.seconds(77), shows: (r) => [r.state('SmokeTest', 'TimeoutSeconds'), r.property(fn, 'Timeout', /SmokeTest/)], as: [107, 77] },
  vpc: { alone: true, value: network, shows: (r) => [typeof r.property(fn, 'VpcConfig.SubnetIds', /SmokeTest/), r.allowed(/SmokeTestRole/, 'ec2:CreateNetworkInterface')], as: ['object', ['*']] },
  vpcSubnets: { besides: (stack) => ({ vpc: network(stack) }), value: () => ({ subnetGroupName: 'other' }), shows: (r) => JSON.stringify(r.property(fn, 'VpcConfig.SubnetIds', /SmokeTest/)).includes('private'), as: false },
  securityGroups: { besides: (stack) => ({ vpc: network(stack) }), value: (stack) => [SecurityGroup.fromSecurityGroupId(stack, 'Own', 'sg-own')], shows: (r) => r.property(fn, 'VpcConfig.SecurityGroupIds', /SmokeTest/), as: ['sg-own'] },
  stateMachineRole: { alone: true, value: (stack) => Role.fromRoleArn(stack, 'Own', roleArn), shows: (r) => r.property('AWS::StepFunctions::StateMachine', 'RoleArn'), as: roleArn },
  stateMachineLogGroup: { value: (stack) => LogGroup.fromLogGroupName(stack, 'OwnLogs', '/own/logs'), shows: (r) => JSON.stringify(r.property('AWS::StepFunctions::StateMachine', 'LoggingConfiguration')), as: expect.stringContaining('/own/logs') },
  architecture: { value: () => Architecture.X86_64, shows: (r) => [r.property(fn, 'Architectures', /RollOut/), r.property(fn, 'Architectures', /SmokeTest/)], as: [['x86_64'], ['x86_64']] },
  tracing: { value: () => false, shows: (r) => [r.property('AWS::StepFunctions::StateMachine', 'TracingConfiguration.Enabled'), r.property(fn, 'TracingConfig', /RollOut/)], as: [false, undefined] },
};

/** Each optional prop of what drives a deployment. */
export const driverCases: PropCases<DeploymentDriver> = {
  timeout: { value: () => Duration.seconds(33), shows: (r) => r.state('ApplyDeployment', 'TimeoutSeconds'), as: 63 },
  pollInterval: { value: () => Duration.seconds(20), shows: (r) => r.state('WaitForDeployment', 'Seconds'), as: 20 },
  deadline: { alone: true, value: () => Duration.minutes(10), shows: (r) => JSON.stringify(r.state('CheckApplied', 'Choices')), as: expect.stringContaining('$applied >= 40 ') },
};

export function constructDriver(stack: Stack, driver: Partial<DeploymentDriver>): void {
  constructRollout(stack, { driver: { function: ownFunction(stack, 'driver'), ...driver } });
}

/** An alarm on something. */
export const someAlarm = (stack: Stack, id: string): Alarm => new Alarm(stack, id, { metric: new Metric({ namespace: 'Own', metricName: 'Errors' }), threshold: 1, evaluationPeriods: 1 });
