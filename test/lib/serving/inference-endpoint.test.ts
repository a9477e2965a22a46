import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driveEndpointEnv } from '../../../lambda/drive-endpoint/env.ts';
import { DeclarationError, EndpointUpdate, EndpointVariant, InferenceEndpoint, ServingImage } from '../../../lib/index.ts';
import type { InferenceEndpointOptions } from '../../../lib/index.ts';
import { checkDeployment } from '../../../local/services/sagemaker/hosting/traffic-steps.ts';
import type { ConfigInput, DeploymentInput } from '../../../local/services/sagemaker/hosting/record.ts';
import { deploymentConfig } from '../../../lambda/drive-endpoint/requests.ts';
import { Rendered } from '../every-prop/cases.ts';
import { specOf } from '../every-prop/endpoint-cases.ts';
import { ground, statementsOf, testStack } from '../support.ts';

function render(options: InferenceEndpointOptions = {}) {
  const stack = testStack();
  new InferenceEndpoint(stack, 'Staging', { platform: ground(stack).platform, ...options });
  return { template: Template.fromStack(stack), rendered: new Rendered(stack) };
}

const two = EndpointVariant.instances('ml.c7g.large', { count: 2 });

describe('InferenceEndpoint by itself', () => {
  const { template, rendered } = render();

  it('is serverless: nothing in it is billed while nobody asks', () => {
    expect(specOf(rendered)).toMatchObject({ stable: { serverless: { memorySizeMb: 2048, maxConcurrency: 10 } }, canary: { serverless: {} }, isolated: false, alarms: [], tags: {} });
    for (const type of ['AWS::SageMaker::Endpoint', 'AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::Model']) template.resourceCountIs(type, 0);
    const [image] = rendered.images();
    expect(image).toMatchObject({ platform: 'linux/amd64' });
  });

  it('tells its driver all that it reads, and lets it do what it does, with this endpoint alone', () => {
    const variables = rendered.property('AWS::Lambda::Function', 'Environment.Variables', /Driver/);
    for (const name of driveEndpointEnv) expect(variables).toHaveProperty(name);
    const statements = statementsOf(template, /^StagingDriverRole/);
    expect([...new Set(statements.flatMap(({ actions }) => actions))].sort()).toEqual([
      'iam:PassRole', 'logs:CreateLogStream', 'logs:PutLogEvents', 's3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:PutObject', 'sagemaker:AddTags', 'sagemaker:CreateEndpoint', 'sagemaker:CreateEndpointConfig',
      'sagemaker:CreateModel', 'sagemaker:DeleteEndpoint', 'sagemaker:DeleteEndpointConfig', 'sagemaker:DeleteModel', 'sagemaker:DescribeEndpoint', 'sagemaker:DescribeEndpointConfig', 'sagemaker:DescribeModel',
      'sagemaker:ListEndpointConfigs', 'sagemaker:ListModels', 'sagemaker:UpdateEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments',
    ]);
    const pass = statements.find(({ actions }) => actions.includes('iam:PassRole'));
    expect(pass).toMatchObject({ condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } } });
    expect(pass?.resources.join()).toContain('StagingExecutionRole');
    for (const { actions, resources } of statements) if (actions.some((action) => action.startsWith('sagemaker:') && !action.startsWith('sagemaker:List'))) expect(resources).not.toContain('*');
    const written = statements.filter(({ actions }) => actions.includes('s3:PutObject')).flatMap(({ resources }) => resources);
    expect(written.map((resource) => /"\/([^"]+)"/.exec(resource)?.[1]).sort()).toEqual(['deployments/staging/endpoint.json', 'deployments/staging/trial.json']);
  });

  it('lets its containers read models, write their logs and metrics, and nothing else', () => {
    const statements = statementsOf(template, /^StagingExecutionRole/);
    expect([...new Set(statements.flatMap(({ actions }) => actions))].sort()).toEqual([
      'cloudwatch:PutMetricData', 'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer', 'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams',
      'logs:PutLogEvents', 's3:GetObject', 's3:GetObjectVersion', 's3:ListBucket',
    ]);
    template.hasResourceProperties('AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'sagemaker.amazonaws.com' } }] } });
  });

  it('is driven on whenever it has come to rest', () => {
    template.hasResourceProperties('AWS::Events::Rule', { EventPattern: { 'detail-type': ['SageMaker Endpoint State Change'], detail: { EndpointStatus: ['IN_SERVICE', 'FAILED'] } } });
  });

  it('tells where its record lies and how it is called, and grants calling it alone', () => {
    const stack = testStack();
    const endpoint = new InferenceEndpoint(stack, 'Staging', { platform: ground(stack).platform });
    expect(endpoint.record.key).toBe('deployments/staging.json');
    endpoint.grantInvoke(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    const [statement] = statementsOf(Template.fromStack(stack), /^Caller/);
    expect(statement?.actions).toEqual(['sagemaker:InvokeEndpoint']);
    expect(stack.resolve(endpoint.endpointArn)).toEqual(JSON.parse(statement?.resources[0] ?? ''));
    expect(stack.resolve(endpoint.url)).toMatchObject({ 'Fn::Join': ['', expect.arrayContaining(['https://runtime.sagemaker.us-east-1.'])] });
  });
});

describe('InferenceEndpoint on instances', () => {
  it('has alarms on both variants and on the canary, in microseconds', () => {
    const { template } = render({ variant: two, canaryVariant: EndpointVariant.instances('ml.c7g.xlarge') });
    const alarms = Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(([id, { Properties }]) => [id.replace(/^StagingAlarms|[0-9A-F]{8}$/g, ''), Properties as { Threshold: number }] as const);
    expect(alarms.map(([id]) => id).sort()).toEqual(['CanaryErrorRate', 'CanaryLatency', 'ErrorRate', 'Latency', 'NoInvocations']);
    expect(alarms.find(([id]) => id === 'Latency')?.[1].Threshold).toBe(500_000);
  });

  it('brings its own of everything', () => {
    const stack = testStack();
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['s1', 's2'] });
    const role = new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    const group = SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1');
    const alarm = Alarm.fromAlarmArn(stack, 'Alarm', 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:mine');
    const endpoint = new InferenceEndpoint(stack, 'Staging', {
      platform: ground(stack).platform, variant: two, image: ServingImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1'), executionRole: role, vpc, subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS }, securityGroups: [group],
      volumeKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:123456789012:key/mine'), update: EndpointUpdate.rolling(50), updateAlarms: [alarm], scaling: { minInstances: 2, maxInstances: 4 }, dataCapture: { responses: false },
      schedule: { start: ScheduleExpression.rate(Duration.days(1)), stop: ScheduleExpression.rate(Duration.days(2)) },
    });
    const rendered = new Rendered(stack);
    expect(endpoint.executionRole).toBe(role);
    expect(endpoint.securityGroups).toEqual([group]);
    expect(specOf(rendered)).toMatchObject({
      roleArn: expect.stringContaining('Mine'), network: { subnets: ['s1', 's2'], securityGroups: ['sg-1'] }, volumeKeyId: 'arn:aws:kms:us-east-1:123456789012:key/mine', isolated: true, alarms: ['mine'],
      update: { kind: 'rolling', percent: 50 }, capture: { destination: expect.stringMatching(/^s3:\/\/.+\/captured\/staging\/$/), input: true, output: false },
    });
    rendered.template.resourceCountIs('AWS::Scheduler::Schedule', 2);
    rendered.template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  });

  it('runs the processor that its instances have', () => {
    for (const [type, platform] of [['ml.c7g.large', 'linux/arm64'], ['ml.m6gd.xlarge', 'linux/arm64'], ['ml.c7i.large', 'linux/amd64'], ['ml.g5.xlarge', 'linux/amd64'], ['ml.g4dn.xlarge', 'linux/amd64']]) {
      const { rendered } = render({ variant: EndpointVariant.instances(String(type)) });
      expect([type, (rendered.images()[0] as { platform: string }).platform]).toEqual([type, platform]);
    }
  });
});

describe('what SageMaker would refuse is refused at synth', () => {
  const cases: [string, InferenceEndpointOptions, RegExp][] = [
    ['a target name', { targetName: 'Blue' }, /targetName is 'Blue'/],
    ['an endpoint name', { endpointName: 'Mine' }, /endpointName is 'Mine'/],
    ['a name that leaves no room', { endpointName: 'a'.repeat(44) }, /at most 43/],
    ['a mixture of kinds', { variant: two, canaryVariant: EndpointVariant.serverless() }, /cannot mix/],
    ['scaling of a serverless endpoint', { scaling: { minInstances: 1, maxInstances: 2 } }, /scaling is set on a serverless endpoint/],
    ['a network of a serverless endpoint', { networkIsolation: true }, /networkIsolation is set on a serverless endpoint/],
    ['steps on a serverless endpoint', { update: EndpointUpdate.canary(10) }, /update is canary on a serverless endpoint/],
    ['steps on one instance', { variant: EndpointVariant.instances('ml.c7g.large'), update: EndpointUpdate.linear(50) }, /linear on 1 instance, expected at least 2/],
    ['steps without alarms', { variant: two, update: EndpointUpdate.canary(10), alarms: { enabled: false } }, /expected updateAlarms/],
    ['steps with no alarms', { variant: two, update: EndpointUpdate.canary(10), updateAlarms: [] }, /updateAlarms is empty/],
    ['alarms without an update', { variant: two, updateAlarms: [] }, /update is not/],
    ['bounds of scaling', { variant: two, scaling: { minInstances: 4, maxInstances: 3 } }, /scaling.maxInstances is 3, expected 4 to 1000/],
    ['a count out of the bounds', { variant: two, scaling: { minInstances: 3, maxInstances: 4 } }, /variant count is 2, expected 3 to 4/],
    ['a sample', { variant: two, dataCapture: { samplingPercent: 0 } }, /samplingPercent is 0 %/],
    ['a capture of nothing', { variant: two, dataCapture: { requests: false, responses: false } }, /neither requests nor responses/],
    ['subnets without their network', { variant: two, subnets: { subnetType: SubnetType.PUBLIC } }, /subnets are set and vpc is not/],
    ['security groups without their network', { variant: two, securityGroups: [] }, /securityGroups are set and vpc is not/],
    ['an image of another processor', { variant: two, image: ServingImage.modelServer({ architecture: Architecture.X86_64 }) }, /image is built for x86_64 and ml.c7g.large runs arm64/],
    ['an image of another registry', { variant: two, image: ServingImage.fromUri('docker.io/library/own:1') }, /expected an image of Amazon ECR/],
  ];
  it.each(cases)('%s', (_what, options, message) => {
    expect(() => render(options)).toThrow(message);
  });

  it('a key for volumes on types that have disks of their own', () => {
    const stack = testStack();
    const volumeKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:123456789012:key/mine');
    expect(() => new InferenceEndpoint(stack, 'E', { platform: ground(stack).platform, variant: EndpointVariant.instances('ml.m6gd.large', { count: 1 }), volumeKey })).toThrow(/ml.m6gd.large has disks of its own/);
  });

  it('more alarms than an update watches', () => {
    const stack = testStack();
    const updateAlarms = Array.from({ length: 11 }, (_, index) => Alarm.fromAlarmArn(stack, `A${String(index)}`, `arn:aws:cloudwatch:us-east-1:123456789012:alarm:a${String(index)}`));
    expect(() => new InferenceEndpoint(stack, 'E', { platform: ground(stack).platform, variant: two, update: EndpointUpdate.canary(10), updateAlarms })).toThrow(/11 alarms, expected at most 10/);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['an instance type', () => EndpointVariant.instances('c7g.large'), /instanceType is 'c7g.large'/],
    ['no instance', () => EndpointVariant.instances('ml.c7g.large', { count: 0 }), /count is 0/],
    ['a start', () => EndpointVariant.instances('ml.c7g.large', { startupTimeout: Duration.hours(2) }), /startupTimeout is 7200 s/],
    ['a download', () => EndpointVariant.instances('ml.c7g.large', { downloadTimeout: Duration.seconds(1) }), /downloadTimeout is 1 s/],
    ['a memory', () => EndpointVariant.serverless({ memorySizeMiB: 1000 }), /memorySizeMiB is 1000/],
    ['a concurrency', () => EndpointVariant.serverless({ maxConcurrency: 201 }), /maxConcurrency is 201/],
    ['more warm than there are', () => EndpointVariant.serverless({ maxConcurrency: 2, provisionedConcurrency: 3 }), /provisionedConcurrency is 3, expected 1 to 2/],
    ['a canary', () => EndpointUpdate.canary(51), /percent is 51 %, expected 1 to 50/],
    ['a linear step', () => EndpointUpdate.linear(9), /percent is 9 %, expected 10 to 50/],
    ['a batch', () => EndpointUpdate.rolling(4), /percent is 4 %, expected 5 to 50/],
    ['a rollback batch', () => EndpointUpdate.rolling(10, { rollbackPercent: 4 }), /rollbackPercent is 4 %/],
    ['a wait', () => EndpointUpdate.canary(10, { waitTime: Duration.hours(2) }), /waitTime is 7200 s/],
    ['a bake', () => EndpointUpdate.allAtOnce({ bakeTime: Duration.hours(2) }), /bakeTime is 7200 s/],
    ['a timeout', () => EndpointUpdate.allAtOnce({ timeout: Duration.minutes(9) }), /timeout is 540 s/],
    ['a timeout within the waits', () => EndpointUpdate.linear(10, { waitTime: Duration.minutes(10), timeout: Duration.hours(1) }), /more than the 5700 s/],
    ['waits beyond every timeout', () => EndpointUpdate.linear(10, { waitTime: Duration.hours(1) }), /timeout is 28800 s, expected more than/],
  ])('%s', (_what, declare, message) => {
    expect(declare).toThrow(message);
    expect(declare).toThrow(DeclarationError);
  });

  it('and what is not refused, SageMaker takes', () => {
    const config: ConfigInput = { EndpointConfigName: 'c', ProductionVariants: [{ VariantName: 'stable', ModelName: 'm', InstanceType: 'ml.c7g.large', InitialInstanceCount: 20 }] };
    const seconds = fc.integer({ min: 0, max: 3600 });
    fc.assert(
      fc.property(fc.constantFrom('canary', 'linear', 'rolling'), fc.integer({ min: 0, max: 60 }), seconds, seconds, (kind, percent, wait, bake) => {
        const [waitTime, bakeTime] = [Duration.seconds(wait), Duration.seconds(bake)];
        let update: EndpointUpdate;
        try {
          update = kind === 'canary' ? EndpointUpdate.canary(percent, { waitTime, bakeTime }) : kind === 'linear' ? EndpointUpdate.linear(percent, { waitTime, bakeTime }) : EndpointUpdate.rolling(percent, { waitTime });
        } catch (error) {
          expect(error).toBeInstanceOf(DeclarationError);
          return;
        }
        const deployment = deploymentConfig({ update: update._spec, alarms: [] } as never, true);
        expect(() => { checkDeployment(deployment as DeploymentInput, config, config); }).not.toThrow();
      }),
    );
  });
});
