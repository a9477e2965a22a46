import { ApplicationAutoScalingClient, DeregisterScalableTargetCommand, DescribeScalableTargetsCommand, DescribeScalingActivitiesCommand, DescribeScalingPoliciesCommand, PutScalingPolicyCommand, PutScheduledActionCommand, RegisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApplicationAutoScaling } from '../../../local/services/application-autoscaling/index.ts';
import { step, track } from '../../../local/services/application-autoscaling/decide.ts';
import { createCloudWatch } from '../../../local/services/cloudwatch/index.ts';
import { openBench } from './harness.ts';
import type { Bench } from './harness.ts';
import { manualClock } from './manual-clock.ts';
import type { ManualClock } from './manual-clock.ts';

let bench: Bench;
let clock: ManualClock;
let client: ApplicationAutoScalingClient;
let cloudwatch: CloudWatchClient;
let desiredCount: number;

beforeEach(async () => {
  desiredCount = 1;
  clock = manualClock();
  const ecs = { DescribeServices: () => ({ services: [{ desiredCount }] }), UpdateService: (input: { desiredCount: number }) => ({ service: { desiredCount: (desiredCount = input.desiredCount) } }) };
  bench = await openBench({ modules: [createCloudWatch, createApplicationAutoScaling], services: [{ name: 'ecs', operations: ecs }, { name: 'events', operations: { PutEvents: () => ({}) } }], clock });
  client = new ApplicationAutoScalingClient(bench.client);
  cloudwatch = new CloudWatchClient(bench.client);
  await client.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 1, MaxCapacity: 3 }));
});

afterEach(async () => {
  client.destroy();
  cloudwatch.destroy();
  await bench.close();
});

const target = { ServiceNamespace: 'ecs', ResourceId: 'service/cluster/name', ScalableDimension: 'ecs:service:DesiredCount' } as const;

/** A minute in which a metric had a value, and scaling looked at it. */
async function minute(load?: number): Promise<void> {
  if (load !== undefined) await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'App', MetricData: [{ MetricName: 'Load', Value: load }] }));
  clock.advance(60_000);
  // A look takes some turns of the event loop: it asks CloudWatch and the service.
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a target tracking policy', () => {
  const policy = { ...target, PolicyName: 'track', PolicyType: 'TargetTrackingScaling' } as const;
  const tracking = { TargetValue: 10, CustomizedMetricSpecification: { Namespace: 'App', MetricName: 'Load', Statistic: 'Average' as const }, ScaleOutCooldown: 60, ScaleInCooldown: 60 };

  test('grows after three minutes above its value, up to the most there may be, and shrinks after fifteen below', async () => {
    await client.send(new PutScalingPolicyCommand({ ...policy, TargetTrackingScalingPolicyConfiguration: tracking }));
    for (const load of [25, 25]) await minute(load);
    expect(desiredCount).toBe(1);
    await minute(25);
    expect(desiredCount).toBe(3);
    for (let count = 0; count < 4; count += 1) await minute(50);
    expect(desiredCount).toBe(3);
    for (let count = 0; count < 16; count += 1) await minute(2);
    expect(desiredCount).toBe(1);
    expect((await client.send(new DescribeScalingActivitiesCommand({ ServiceNamespace: 'ecs' }))).ScalingActivities?.map(({ Description }) => Description)).toEqual(['Setting desired capacity to 1.', 'Setting desired capacity to 3.']);
    expect((await client.send(new DescribeScalingPoliciesCommand({ ServiceNamespace: 'ecs' }))).ScalingPolicies).toMatchObject([{ PolicyName: 'track', PolicyType: 'TargetTrackingScaling' }]);
  });

  test('leaves what was set to nothing alone while there is no load, and may be told never to shrink', async () => {
    desiredCount = 0;
    await client.send(new PutScalingPolicyCommand({ ...policy, TargetTrackingScalingPolicyConfiguration: { ...tracking, DisableScaleIn: true } }));
    for (let count = 0; count < 16; count += 1) await minute(1);
    expect(desiredCount).toBe(0);
    desiredCount = 2;
    for (let count = 0; count < 16; count += 1) await minute(1);
    expect(desiredCount).toBe(2);
  });
});

test('a step policy is what an alarm does, for as long as it rings', async () => {
  const { physicalId: PolicyArn } = await bench.provision('AWS::ApplicationAutoScaling::ScalingPolicy', 'Steps', {
    PolicyName: 'steps', PolicyType: 'StepScaling', ScalingTargetId: 'service/cluster/name|ecs:service:DesiredCount|ecs',
    StepScalingPolicyConfiguration: { AdjustmentType: 'ChangeInCapacity', Cooldown: 60, StepAdjustments: [{ MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 }, { MetricIntervalLowerBound: 10, ScalingAdjustment: 2 }] },
  });
  await bench.provision('AWS::CloudWatch::Alarm', 'Alarm', { Namespace: 'App', MetricName: 'Load', Statistic: 'Average', Period: 60, EvaluationPeriods: 1, Threshold: 10, ComparisonOperator: 'GreaterThanOrEqualToThreshold', AlarmActions: [PolicyArn] });
  await minute(12);
  expect(desiredCount).toBe(2);
  await minute(12);
  expect(desiredCount).toBe(3);
});

test('a schedule moves the bounds, to and from nothing; the template keeps its target', async () => {
  await bench.provision('AWS::ApplicationAutoScaling::ScalableTarget', 'Target', { ...target, MinCapacity: 1, MaxCapacity: 2, ScheduledActions: [{ ScheduledActionName: 'night', Schedule: 'cron(0 20 * * ? *)', ScalableTargetAction: { MinCapacity: 0, MaxCapacity: 0 } }] });
  await client.send(new PutScheduledActionCommand({ ...target, ScheduledActionName: 'day', Schedule: 'cron(0 7 * * ? *)', ScalableTargetAction: { MinCapacity: 2, MaxCapacity: 3 } }));
  clock.advance(7 * 3_600_000);
  await expect.poll(() => desiredCount).toBe(2);
  clock.advance(13 * 3_600_000);
  await expect.poll(() => desiredCount).toBe(0);
  clock.advance(11 * 3_600_000);
  await expect.poll(() => desiredCount).toBe(2);
  expect((await client.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }))).ScalableTargets).toMatchObject([{ MinCapacity: 2, MaxCapacity: 3 }]);
  await client.send(new DeregisterScalableTargetCommand(target));
  await expect(client.send(new DeregisterScalableTargetCommand(target))).rejects.toMatchObject({ name: 'ObjectNotFoundException' });
  await expect(client.send(new PutScalingPolicyCommand({ ...target, PolicyName: 'x', PolicyType: 'StepScaling', StepScalingPolicyConfiguration: {} }))).rejects.toMatchObject({ name: 'ObjectNotFoundException' });
});

test('steps change capacity by a number, a share, or to a number', () => {
  const steps = [{ MetricIntervalUpperBound: 0, ScalingAdjustment: -50 }, { MetricIntervalLowerBound: 0, ScalingAdjustment: 25 }];
  const by = (AdjustmentType: 'ChangeInCapacity' | 'PercentChangeInCapacity' | 'ExactCapacity', breach: number, current: number) => step({ AdjustmentType, StepAdjustments: steps }, breach, current);
  expect([by('ChangeInCapacity', 1, 3), by('ChangeInCapacity', -1, 3), by('ExactCapacity', 0, 3)]).toEqual([28, 0, 25]);
  expect([by('PercentChangeInCapacity', 1, 8), by('PercentChangeInCapacity', 1, 2), by('PercentChangeInCapacity', -1, 8)]).toEqual([10, 3, 4]);
  expect(step({ StepAdjustments: [] }, 1, 1)).toBeUndefined();
  expect(track([undefined, 20, 20], 10, 2)).toBeUndefined();
  expect(track([20, 20, 20], 10, 2)).toBe(4);
});
