import { Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import { decideApprovalEnv } from '../../../lambda/decide-approval/env.ts';
import { releaseModelEnv } from '../../../lambda/release-model/env.ts';
import { requestApprovalEnv } from '../../../lambda/request-approval/env.ts';
import { Approval, InferenceApi, ModelPlatform, ModelRegistry, Rollout, TrainingPipeline } from '../../../lib/index.ts';
import type { TrainingPipelineProps } from '../../../lib/index.ts';
import { machineOf } from './machine.ts';
import { ground, learning, OwnTarget, statementsOf, testStack } from '../support.ts';

/** A pipeline whose production is an API of its own. */
function render(options: Partial<TrainingPipelineProps> = {}, stack: Stack = testStack(), { platform, registry } = ground(stack)) {
  const productionTarget = new InferenceApi(stack, 'Production', { platform });
  const pipeline = new TrainingPipeline(stack, 'Flights', { platform, registry, target: new OwnTarget(platform.artifactBucket), ...learning, productionTarget, ...options });
  const template = Template.fromStack(stack);
  return { pipeline, template, machine: machineOf(template) };
}

const lambdaBasics = ['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const actionsOf = (template: Template, role: RegExp) => [...new Set(statementsOf(template, role).flatMap(({ actions }) => actions))].filter((action) => !lambdaBasics.includes(action)).sort();
const placesOf = (template: Template, role: RegExp, action: string) =>
  statementsOf(template, role).filter(({ actions }) => actions.includes(action)).flatMap(({ resources }) => resources.map((resource) => /"\/([^"]*)"\]/.exec(resource)?.[1] ?? resource)).sort();
const environmentOf = (template: Template, description: string) =>
  Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Description: description } })).map((found) => Object.keys((found as { Properties: { Environment: { Variables: object } } }).Properties.Environment.Variables).filter((name) => !name.startsWith('POWERTOOLS_')).sort());

describe('production with a person who decides', () => {
  const { pipeline, template, machine } = render({ approval: Approval.manual({ timeout: Duration.hours(36) }) });

  it('exposes what it makes', () => {
    expect([pipeline.requestApprovalFunction, pipeline.releaseModelFunction, pipeline.decideApprovalFunction, pipeline.packageDecidedRule].every((made) => made !== undefined)).toBe(true);
  });

  it('waits as long as it is told, which does not count as running time', () => {
    expect(machine.States['AwaitApproval']).toMatchObject({ TimeoutSeconds: 36 * 3600 });
    expect((machine as unknown as { TimeoutSeconds: number }).TimeoutSeconds).toBe((12 + 36) * 3600);
    expect(machine.States['RegisterModel']).toMatchObject({ Arguments: { Payload: { approvalStatus: 'PendingManualApproval' } } });
  });

  it('has time for the plans of its targets', () => {
    const stack = testStack();
    const { platform, registry } = ground(stack);
    const [staging, live] = [new InferenceApi(stack, 'Staging', { platform, targetName: 'staging' }), new InferenceApi(stack, 'Live', { platform, rollout: Rollout.canary({ percent: 10, interval: Duration.hours(2) }) })];
    const { machine: rendered } = render({ target: staging, productionTarget: live }, stack, { platform, registry });
    expect((rendered as unknown as { TimeoutSeconds: number }).TimeoutSeconds).toBe((12 + 2 + 6) * 3600);
    expect(rendered.States['RollOutToProduction']).toMatchObject({ TimeoutSeconds: 8 * 3600, Resource: 'arn:aws:states:::states:startExecution.sync:2' });
  });

  it('hands each function its environment', () => {
    expect(environmentOf(template, 'Asks people whether a model may serve production.')).toEqual([[...requestApprovalEnv].sort()]);
    expect(environmentOf(template, 'Makes production serve the highest approved model.')).toEqual([[...releaseModelEnv].sort()]);
    expect(environmentOf(template, 'Carries out what people decide on models in the registry.')).toEqual([[...decideApprovalEnv].sort()]);
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: Match.objectLike({ RECORD_KEY: 'deployments/production.json', MODEL_PACKAGE_GROUP: Match.anyValue() }) } });
  });

  it('gives each function the least that it needs', () => {
    const objects = ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:PutObject'];
    const answers = ['states:SendTaskFailure', 'states:SendTaskSuccess'];
    expect(actionsOf(template, /^FlightsReleaseRequestApprovalRole/)).toEqual([...objects, 'sagemaker:DescribeModelPackage', 'sns:Publish', ...answers].sort());
    expect(actionsOf(template, /^FlightsReleaseReleaseModelRole/)).toEqual([...objects, 'sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages'].sort());
    expect(actionsOf(template, /^FlightsReleaseDecideApprovalRole/)).toEqual([...objects, 'sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages', 'sns:Publish', 'sqs:SendMessage', 'states:DescribeExecution', 'states:StartExecution', ...answers].sort());
    expect(placesOf(template, /RequestApprovalRole/, 's3:PutObject')).toEqual(['approvals/flights/*']);
    expect(placesOf(template, /RequestApprovalRole/, 's3:GetObject')).toEqual(['approvals/flights/*', 'reports/flights/*']);
    expect(placesOf(template, /ReleaseModelRole/, 's3:PutObject')).toEqual(['approvals/flights/*', 'deployments/production.json']);
    expect(placesOf(template, /DecideApprovalRole/, 's3:PutObject')).toEqual(['approvals/flights/*', 'deployments/production.json']);
    expect(placesOf(template, /DecideApprovalRole/, 's3:GetObject')).toEqual(['approvals/flights/*', 'deployments/production.json', 'models/flights/*']);
  });

  it('lets no function of its own approve a model', () => {
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).not.toContain('UpdateModelPackage');
  });

  it('lets the state machine call the new functions', () => {
    const invoke = statementsOf(template, /^FlightsStateMachineRole/).find(({ actions }) => actions.includes('lambda:InvokeFunction'))?.resources.join() ?? '';
    for (const name of ['RequestApproval', 'ReleaseModel']) expect(invoke).toContain(`FlightsRelease${name}`);
    expect(invoke).not.toContain('DecideApproval');
  });

  it('hears of every decision on its group, tries again, and loses none', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.sagemaker'], 'detail-type': ['SageMaker Model Package State Change'], detail: { ModelPackageGroupName: [Match.anyValue()] } },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue(), RetryPolicy: { MaximumEventAgeInSeconds: 7200, MaximumRetryAttempts: 10 } })],
    });
    template.hasResourceProperties('AWS::Lambda::Function', { Description: 'Carries out what people decide on models in the registry.', DeadLetterConfig: Match.anyValue() });
  });
});

describe('production without a person', () => {
  it('is released to at once; a rejection in the registry is heard all the same', () => {
    const { pipeline, template, machine } = render();
    expect(machine.States).not.toHaveProperty('AwaitApproval');
    expect(machine.States['CheckStaging']).toMatchObject({ Default: 'DeployToProduction' });
    expect(machine.States['RegisterModel']).toMatchObject({ Arguments: { Payload: { approvalStatus: 'Approved' } } });
    expect(pipeline.requestApprovalFunction).toBeUndefined();
    expect(pipeline.packageDecidedRule).toBeDefined();
    expect(actionsOf(template, /RequestApprovalRole/)).toEqual([]);
    expect(render({ approval: Approval.automatic() }).machine.States).not.toHaveProperty('AwaitApproval');
  });

  it('is not there unless it is asked for', () => {
    const stack = testStack();
    const { platform, registry } = ground(stack);
    const pipeline = new TrainingPipeline(stack, 'Flights', { platform, registry, target: new OwnTarget(platform.artifactBucket), ...learning });
    expect([pipeline.releaseModelFunction, pipeline.decideApprovalFunction, pipeline.packageDecidedRule]).toEqual([undefined, undefined, undefined]);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('approvals/');
  });
});

it('waits for a week by itself', () => {
  expect(render({ approval: Approval.manual() }).machine.States['AwaitApproval']).toMatchObject({ TimeoutSeconds: 7 * 86_400 });
});

it('uses the platform\'s key wherever it reads, writes and tells', () => {
  const stack = testStack();
  const platform = new ModelPlatform(stack, 'Platform', { encryptionKey: new Key(stack, 'Key') });
  const { template } = render({ approval: Approval.manual() }, stack, { platform, registry: new ModelRegistry(stack, 'Registry') });
  for (const role of [/RequestApprovalRole/, /ReleaseModelRole/, /DecideApprovalRole/]) expect(actionsOf(template, role)).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey']));
});

describe('what is refused', () => {
  const refused = (options: (stack: Stack, platform: ModelPlatform) => Partial<TrainingPipelineProps>) => () => {
    const stack = testStack();
    const { platform, registry } = ground(stack);
    new TrainingPipeline(stack, 'Flights', { platform, registry, target: new OwnTarget(platform.artifactBucket), ...learning, ...options(stack, platform) });
  };

  it('a person who decides on what is served already', () => {
    expect(refused(() => ({ approval: Approval.manual() }))).toThrow(/approval is manual, but there is no productionTarget: .* Add the API of your users as productionTarget/);
  });

  it('production that is staging', () => {
    expect(refused((_, platform) => ({ productionTarget: new OwnTarget(platform.artifactBucket) }))).toThrow(/productionTarget and target are one \(deployments\/own\.json\), expected two/);
  });

  it('a wait that no run could have', () => {
    const wait = (timeout: Duration) => refused((stack, platform) => ({ approval: Approval.manual({ timeout }), productionTarget: new InferenceApi(stack, 'Production', { platform }) }));
    expect(wait(Duration.seconds(5))).toThrow(/approval's timeout is 5/);
    expect(wait(Duration.days(365))).toThrow(/approval's timeout/);
    expect(wait(Duration.days(364))).not.toThrow();
    const together = refused((stack, platform) => ({ timeout: Duration.days(2), approval: Approval.manual({ timeout: Duration.days(364) }), productionTarget: new InferenceApi(stack, 'Production', { platform }) }));
    expect(together).toThrow(/timeout is 172800 s and approval's timeout 31449600 s, expected at most 31536000 s together/);
  });
});

it('lets a person approve, and add nothing', () => {
  const stack = testStack();
  const { registry } = ground(stack);
  const reviewer = new Role(stack, 'Reviewer', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  registry.grantApprove(reviewer);
  ModelRegistry.fromModelPackageGroupName(stack, 'Other', 'other').grantApprove(reviewer);
  const template = Template.fromStack(stack);
  expect(actionsOf(template, /^Reviewer/)).toEqual(['sagemaker:DescribeModelPackage', 'sagemaker:DescribeModelPackageGroup', 'sagemaker:ListModelPackages', 'sagemaker:UpdateModelPackage']);
});
