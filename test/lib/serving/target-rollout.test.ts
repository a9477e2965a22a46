import { Duration } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import { rollOutEnv } from '../../../lambda/roll-out/env.ts';
import { smokeTestEnv } from '../../../lambda/smoke-test/env.ts';
import { InferenceApi, ModelPlatform, Rollout, TargetRollout } from '../../../lib/index.ts';
import type { TargetRolloutProps } from '../../../lib/index.ts';
import { checkPolicies } from '../../../scripts/synth/policies.ts';
import { checkStateMachines } from '../../../scripts/synth/state-machines.ts';
import { checkTaskArguments } from '../../../scripts/synth/task-arguments.ts';
import { templateStack } from '../../../scripts/synth/assembly.ts';
import type { Template as RawTemplate } from '../../../scripts/synth/assembly.ts';
import { machineOf } from '../pipeline/machine.ts';
import { OwnTarget, statementsOf, testStack } from '../support.ts';
import { someAlarm } from '../every-prop/rollout-cases.ts';

function render(options: Partial<TargetRolloutProps> = {}, stack = testStack()) {
  const platform = options.platform ?? new ModelPlatform(stack, 'Platform');
  const rollout = new TargetRollout(stack, 'Rollout', { service: new OwnTarget(platform.artifactBucket), ...options, platform });
  return { stack, rollout, template: Template.fromStack(stack) };
}
const actionsOf = (template: Template, role: RegExp) => [...new Set(statementsOf(template, role).flatMap(({ actions }) => actions))].filter((action) => !/^(logs|xray):/.test(action)).sort();

describe('Rollout', () => {
  it.each<[string, () => Rollout, RegExp]>([
    ['no share at all', () => Rollout.canary({ percent: 0, interval: Duration.minutes(5) }), /Rollout.canary: percent is 0, expected a number above 0 and below 100/],
    ['all of it as a canary', () => Rollout.canary({ percent: 100, interval: Duration.minutes(5) }), /percent is 100.*allAtOnce/],
    ['a share that is no number', () => Rollout.canary({ percent: Number.NaN, interval: Duration.minutes(5) }), /percent is null/],
    ['a step of more than a half', () => Rollout.linear({ stepPercent: 51, interval: Duration.minutes(5) }), /Rollout.linear: stepPercent is 51, expected a number from 1 to 50/],
    ['an interval that no alarm sees', () => Rollout.canary({ percent: 5, interval: Duration.seconds(59) }), /interval is .*59.*, expected whole seconds, from a minute to 7 days/],
    ['an interval of weeks', () => Rollout.canary({ percent: 5, interval: Duration.days(8) }), /from a minute to 7 days/],
    ['steps of months', () => Rollout.linear({ stepPercent: 1, interval: Duration.days(1) }), /steps that take 14 days together at most, found 99 days/],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('is the plan that the machine follows', () => {
    expect(JSON.stringify([Rollout.allAtOnce(), Rollout.canary({ percent: 5, interval: Duration.minutes(10) }), Rollout.linear({ stepPercent: 25, interval: Duration.hours(1) })])).toBe(
      '[{"kind":"allAtOnce"},{"kind":"canary","percent":5,"intervalSeconds":600},{"kind":"linear","stepPercent":25,"intervalSeconds":3600}]',
    );
  });
});

describe('TargetRollout', () => {
  it('gives each function and the machine the least that they need', () => {
    const stack = testStack();
    const { template } = render({ alarms: [someAlarm(stack, 'Alarm')] }, stack);
    expect(actionsOf(template, /RolloutRollOutRole/)).toEqual(['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:PutObject']);
    expect(actionsOf(template, /RolloutSmokeTestRole/)).toEqual(['execute-api:Invoke', 's3:GetObject', 's3:GetObjectVersion']);
    expect(actionsOf(template, /RolloutStateMachineRole/)).toEqual(['cloudwatch:DescribeAlarms', 'lambda:InvokeFunction', 'sns:Publish']);
    const writes = statementsOf(template, /RolloutRollOutRole/).filter(({ actions }) => actions.includes('s3:PutObject')).flatMap(({ resources }) => resources);
    expect(writes.join()).toContain('/deployments/own.json');
    expect(writes).toHaveLength(1);
  });

  it('lets the machine use the key of the topic', () => {
    const stack = testStack();
    const platform = new ModelPlatform(stack, 'Platform', { encryptionKey: new Key(stack, 'Key') });
    expect(actionsOf(render({ platform }, stack).template, /RolloutStateMachineRole/)).toContain('kms:GenerateDataKey');
  });

  it('makes a machine that Step Functions takes', async () => {
    const stack = testStack();
    const { template } = render({ alarms: [someAlarm(stack, 'Alarm')] }, stack);
    const definitions = [{ where: 'rollout', machine: machineOf(template) }];
    expect(checkStateMachines(definitions).findings).toEqual([]);
    expect((await checkTaskArguments(definitions)).findings).toEqual([]);
    expect((await checkPolicies([templateStack('Stack', template.toJSON() as RawTemplate)])).findings).toEqual([]);
  });

  it('hands its functions their environment', () => {
    const { template } = render();
    const names = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Object.keys((Properties as { Environment: { Variables: object } }).Environment.Variables).filter((name) => !name.startsWith('POWERTOOLS_')).sort());
    expect(names).toEqual([[...rollOutEnv].sort(), [...smokeTestEnv].sort()]);
  });

  it('tests for as long as readers may go on with the record that they have, and waits so long after a rollback', () => {
    const seconds = (revalidateAfter: Duration) => {
      const stack = testStack();
      const platform = new ModelPlatform(stack, 'Platform');
      const api = new InferenceApi(stack, 'Api', { platform, revalidateAfter });
      const { States } = machineOf(Template.fromStack(stack)) as unknown as { States: Record<string, { TimeoutSeconds: number; Seconds: number }> };
      expect(api.rollout.plan.toJSON()).toEqual({ kind: 'allAtOnce' });
      return [States['SmokeTest']?.TimeoutSeconds, States['WaitForReaders']?.Seconds];
    };
    expect(seconds(Duration.seconds(5))).toEqual([150, 6]);
    expect(seconds(Duration.seconds(300))).toEqual([420, 301]);
  });

  it('tells the command line where to find it', () => {
    const { stack, rollout } = render();
    const text = JSON.stringify(stack.resolve(rollout.reference));
    for (const part of ['\\"target\\":\\"own\\"', 'https://predictions.example.com', 'deployments/own.json', 'RolloutStateMachine']) expect(text.replaceAll('\\\\', '\\')).toContain(part);
  });

  it('lets a person start and follow it', () => {
    const stack = testStack();
    const platform = new ModelPlatform(stack, 'Platform');
    const rollout = new TargetRollout(stack, 'Rollout', { platform, service: new OwnTarget(platform.artifactBucket) });
    rollout.grantStart(new Role(stack, 'Person', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    expect(actionsOf(Template.fromStack(stack), /^Person/)).toEqual(['s3:GetObject', 's3:GetObjectVersion', 'states:DescribeExecution', 'states:GetExecutionHistory', 'states:StartExecution']);
  });

  it('warns of steps in which no alarm can sound', () => {
    const stack = testStack();
    render({ rollout: Rollout.canary({ percent: 10, interval: Duration.minutes(2) }), alarms: [someAlarm(stack, 'Alarm')] }, stack);
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('Each share of the rollout stays for 120 s'));
    const other = testStack();
    render({ rollout: Rollout.canary({ percent: 10, interval: Duration.minutes(4) }), alarms: [someAlarm(other, 'Alarm')] }, other);
    Annotations.fromStack(other).hasNoWarning('*', Match.stringLikeRegexp('rollout'));
  });

  it.each<[string, (stack: ReturnType<typeof testStack>) => Partial<TargetRolloutProps>, RegExp]>([
    ['more alarms than one call takes', (stack) => ({ alarms: Array.from({ length: 101 }, (_, index) => someAlarm(stack, `Alarm${String(index)}`)) }), /alarms are 101, expected 100 at most/],
    ['subnets without a network', () => ({ vpcSubnets: {} }), /vpcSubnets or securityGroups are set without a vpc/],
    ['a test of no time', () => ({ smokeTestTimeout: Duration.seconds(1) }), /smokeTestTimeout is 1 s, expected 10 to 900 s/],
    ['a driver that is given up at once', () => ({ driver: { function: undefined as never, deadline: Duration.seconds(5), pollInterval: Duration.seconds(0), timeout: Duration.hours(1) } }), /3 problems\n.*driver's timeout is 3600 s.*\n.*driver's pollInterval is 0 s.*\n.*driver's deadline is 5 s/],
  ])('refuses %s', (_, options, message) => {
    const stack = testStack();
    expect(() => render(options(stack), stack)).toThrow(message);
  });
});
