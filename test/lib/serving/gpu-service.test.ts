import { Duration, Size, TimeZone } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { AcceleratorName, InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gpu, GpuCapacity, GpuScaling, GpuService, ServingImage } from '../../../lib/index.ts';
import type { GpuServiceOptions } from '../../../lib/index.ts';
import { stepsOf } from '../../../lib/serving/private/gpu-scaling-policies.ts';
import { ground, statementsOf, testStack } from '../support.ts';

const image = ServingImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/own:1');
const group = (options: object = {}) => GpuCapacity.autoScalingGroup({ instanceType: new InstanceType('g6.xlarge'), ...options });
const byClock = (tasks?: number) => GpuScaling.onSchedule({ start: Schedule.cron({ hour: '6', minute: '0' }), stop: Schedule.cron({ hour: '20', minute: '0' }), ...(tasks === undefined ? {} : { tasks }) });

function render(options: (stack: Stack) => Partial<GpuServiceOptions> = () => ({})) {
  const stack = testStack();
  const service = new GpuService(stack, 'Gpu', { platform: ground(stack).platform, image, gpu: Gpu.count(1), ...options(stack) });
  return { stack, service, template: Template.fromStack(stack) };
}

const only = (template: Template, type: string) => Object.values(template.findResources(type))[0]!['Properties'] as Record<string, unknown>;
const requirements = (template: Template) =>
  (only(template, 'AWS::ECS::CapacityProvider')['ManagedInstancesProvider'] as { InstanceLaunchTemplate: { InstanceRequirements: Record<string, unknown> } }).InstanceLaunchTemplate.InstanceRequirements;

describe('GpuService by itself', () => {
  const { service, template } = render();

  it('runs on instances with a GPU of NVIDIA\'s that Amazon ECS manages', () => {
    expect(requirements(template)).toEqual({
      AcceleratorCount: { Min: 1 }, AcceleratorManufacturers: ['nvidia'], AcceleratorTypes: ['gpu'], CpuManufacturers: ['intel', 'amd'], MemoryMiB: { Min: 8192 }, VCpuCount: { Min: 2 },
    });
    template.hasResourceProperties('AWS::ECS::CapacityProvider', { ManagedInstancesProvider: { PropagateTags: 'CAPACITY_PROVIDER', InstanceLaunchTemplate: { CapacityOptionType: 'ON_DEMAND', StorageConfiguration: { StorageSizeGiB: 80 } } } });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      RequiresCompatibilities: ['MANAGED_INSTANCES'],
      RuntimePlatform: { CpuArchitecture: 'X86_64' },
      ContainerDefinitions: [Match.objectLike({ ResourceRequirements: [{ Type: 'GPU', Value: '1' }], User: '1000:1000', ReadonlyRootFilesystem: true, HealthCheck: Match.objectLike({ StartPeriod: 300 }) })],
    });
    template.hasResourceProperties('AWS::ECS::Service', { CapacityProviderStrategy: [{ CapacityProvider: { Ref: Match.anyValue() }, Weight: 1 }], DesiredCount: { 'Fn::GetAtt': [Match.stringLikeRegexp('TaskCount'), 'DesiredCount'] } });
  });

  it('runs no task outside of production, unless it is asked for one', () => {
    expect([service.minTasks, service.maxTasks]).toEqual([0, 1]);
    const tasks = (options: Partial<GpuServiceOptions>) => {
      const { service: made } = render(() => options);
      return [made.minTasks, made.maxTasks];
    };
    expect(tasks({ production: true })).toEqual([1, 1]);
    expect(tasks({ minTasks: 2 })).toEqual([2, 2]);
    expect(tasks({ production: true, minTasks: 0 })).toEqual([0, 1]);
    expect(tasks({ production: true, scaling: [byClock(3)] })).toEqual([0, 3]);
  });

  it('lets its instances register and nothing more, under the name that AWS passes alone', () => {
    const name = JSON.stringify(only(template, 'AWS::IAM::InstanceProfile')['InstanceProfileName']);
    expect(name).toMatch(/"ecsInstanceRole-/);
    const actions = statementsOf(template, /InstanceRole/).flatMap((statement) => statement.actions).sort();
    expect(actions).toEqual(['ecs:DiscoverPollEndpoint', 'ecs:Poll', 'ecs:PutSystemLogEvents', 'ecs:RegisterContainerInstance', 'ecs:StartTelemetrySession', 'ecs:SubmitAttachmentStateChanges', 'ecs:SubmitTaskStateChange']);
  });

  it('is in a private network with the endpoints of instances', () => {
    const endpoints = Object.values(template.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) => (Properties as { VpcEndpointType: string }).VpcEndpointType);
    expect(endpoints.filter((type) => type === 'Interface')).toHaveLength(6);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
  });
});

describe('the GPUs of a task', () => {
  it.each<[string, Gpu, object]>([
    ['are so many', Gpu.count(4), { AcceleratorCount: { Min: 4 } }],
    ['have so much memory', Gpu.memory(Size.gibibytes(48), { count: 2 }), { AcceleratorCount: { Min: 2 }, AcceleratorTotalMemoryMiB: { Min: 49_152 } }],
    ['are of a type', Gpu.type(AcceleratorName.A10G), { AcceleratorNames: ['a10g'] }],
    ['are of a type that CloudFormation knows by its instances alone', Gpu.type(AcceleratorName.L4), { AllowedInstanceTypes: ['g6.*', 'gr6.*'] }],
  ])('%s', (_, gpu, expected) => {
    const { template } = render(() => ({ gpu }));
    expect(requirements(template)).toMatchObject(expected);
    template.hasResourceProperties('AWS::ECS::TaskDefinition', { ContainerDefinitions: [Match.objectLike({ ResourceRequirements: [{ Type: 'GPU', Value: String(gpu.gpuCount) }] })] });
  });

  it.each<[string, () => Gpu, RegExp]>([
    ['none', () => Gpu.count(0), /Gpu\.count: count is 0, expected a whole number, 1 to 8/],
    ['half of one', () => Gpu.count(0.5), /count is 0\.5/],
    ['less memory than any has', () => Gpu.memory(Size.mebibytes(512)), /minimum is "512 MiB", expected at least 1 GiB/],
    ['what is no GPU', () => Gpu.type(AcceleratorName.INFERENTIA), /name is "inferentia", expected a GPU of NVIDIA's/],
  ])('are not %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('GpuService in an Auto Scaling group', () => {
  const { template } = render(() => ({ capacity: group() }));

  it('has Amazon ECS\'s machine image for GPUs, an encrypted disk, and no instance without a task', () => {
    expect(JSON.stringify(template.toJSON()['Parameters'])).toContain('/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id');
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { InstanceType: 'g6.xlarge', MetadataOptions: { HttpTokens: 'required' }, BlockDeviceMappings: [{ Ebs: { Encrypted: true, VolumeSize: 80 } }] } });
    template.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { MinSize: '0', MaxSize: '2', DesiredCapacity: Match.absent(), MixedInstancesPolicy: { InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: 100 } } });
    template.hasResourceProperties('AWS::ECS::CapacityProvider', { AutoScalingGroupProvider: { ManagedScaling: { Status: 'ENABLED', TargetCapacity: 100 }, ManagedDraining: 'ENABLED' } });
  });

  it('has tasks for instances, with a network of their own', () => {
    template.hasResourceProperties('AWS::ECS::TaskDefinition', { RequiresCompatibilities: ['EC2'], NetworkMode: 'awsvpc', ContainerDefinitions: [Match.objectLike({ ResourceRequirements: [{ Type: 'GPU', Value: '1' }] })] });
  });
});

describe('the count of a GpuService\'s tasks', () => {
  it('follows a queue from zero and back: as many as its messages need, none after a while without any', () => {
    const { template } = render((stack) => ({ maxTasks: 3, scaling: [GpuScaling.onQueueDepth({ queue: new Queue(stack, 'Work'), messagesPerTask: 10 })] }));
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 0, MaxCapacity: 3 });
    const policies = Object.entries(template.findResources('AWS::ApplicationAutoScaling::ScalingPolicy')).map(([id, { Properties }]) => [id, Properties as { StepScalingPolicyConfiguration: Record<string, unknown> }] as const);
    const policy = (id: RegExp) => policies.find(([name]) => id.test(name))?.[1].StepScalingPolicyConfiguration;
    expect(policy(/QueueWork/)).toMatchObject({
      AdjustmentType: 'ExactCapacity',
      StepAdjustments: [
        { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
        { MetricIntervalLowerBound: 10, MetricIntervalUpperBound: 20, ScalingAdjustment: 2 },
        { MetricIntervalLowerBound: 20, ScalingAdjustment: 3 },
      ],
    });
    expect(policy(/QueueRest/)).toMatchObject({ AdjustmentType: 'ExactCapacity', StepAdjustments: [{ MetricIntervalUpperBound: 0, ScalingAdjustment: 0 }] });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 0, EvaluationPeriods: 15, TreatMissingData: 'breaching' });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 1, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' });
  });

  it('rises in steps that grow, without gaps, to all tasks, in as few as one policy takes', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 1000 }), (min, more, perTask) => {
      const max = min + more;
      const steps = stepsOf(min, max, perTask);
      expect(steps.length).toBeLessThanOrEqual(20);
      expect(steps[0]?.from).toBe(0);
      expect(steps.at(-1)).toMatchObject({ to: undefined, tasks: max });
      for (const [index, { to, tasks }] of steps.entries()) {
        const next = steps[index + 1];
        if (next === undefined) continue;
        expect(next.from).toBe(to);
        expect(next.tasks).toBeGreaterThanOrEqual(tasks);
        // Nobody waits for a task that the next step alone would start: what is asked for works off what is there.
        expect(tasks * perTask).toBeGreaterThanOrEqual(to!);
      }
    }));
  });

  it('follows the clock, from zero and back', () => {
    const { template } = render(() => ({ scaling: [GpuScaling.onSchedule({ start: Schedule.cron({ hour: '6', minute: '0' }), stop: Schedule.cron({ hour: '20', minute: '0' }), tasks: 2, timeZone: TimeZone.EUROPE_BERLIN })] }));
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 0,
      MaxCapacity: 2,
      ScheduledActions: [
        { ScheduledActionName: 'Start', Schedule: 'cron(0 6 * * ? *)', Timezone: 'Europe/Berlin', ScalableTargetAction: { MinCapacity: 2, MaxCapacity: 2 } },
        { ScheduledActionName: 'Stop', Schedule: 'cron(0 20 * * ? *)', ScalableTargetAction: { MinCapacity: 0, MaxCapacity: 0 } },
      ],
    });
  });

  it.each<[string, (stack: Stack) => GpuScaling, RegExp]>([
    ['less than a message', (stack) => GpuScaling.onQueueDepth({ queue: new Queue(stack, 'Work'), messagesPerTask: 0 }), /messagesPerTask is 0/],
    ['seconds of silence', (stack) => GpuScaling.onQueueDepth({ queue: new Queue(stack, 'Work'), messagesPerTask: 1, idleAfter: Duration.seconds(30) }), /idleAfter is "0\.5 minutes"/],
    ['a clock that starts none', () => byClock(0), /tasks is 0/],
  ])('follows not %s', (_, make, message) => {
    expect(() => make(testStack())).toThrow(message);
  });
});

describe('GpuService with what is the user\'s own', () => {
  it('takes its cluster and capacity, network and roles, and makes none of its kind', () => {
    const stack = testStack();
    const { platform } = ground(stack);
    const vpc = new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false });
    const role = (name: string) => new Role(stack, name, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    const cluster = Cluster.fromClusterAttributes(stack, 'MyCluster', { clusterName: 'mine', vpc });
    for (const [id, capacity] of [['Managed', GpuCapacity.managedProvider('gpus')], ['Grouped', GpuCapacity.groupProvider('gpu-group')]] as const) {
      new GpuService(stack, id, { platform, image, gpu: Gpu.count(1), cluster, capacity, taskRole: role(`${id}Runs`), executionRole: role(`${id}Starts`) });
    }
    const template = Template.fromStack(stack);
    for (const type of ['AWS::ECS::Cluster', 'AWS::ECS::CapacityProvider', 'AWS::AutoScaling::AutoScalingGroup', 'AWS::IAM::InstanceProfile']) template.resourceCountIs(type, 0);
    template.hasResourceProperties('AWS::ECS::Service', { Cluster: 'mine', CapacityProviderStrategy: [{ CapacityProvider: 'gpus', Weight: 1 }] });
    template.hasResourceProperties('AWS::ECS::Service', { Cluster: 'mine', CapacityProviderStrategy: [{ CapacityProvider: 'gpu-group', Weight: 1 }] });
  });

  it('adds its capacity to a cluster that is made in the app', () => {
    const { template } = render((stack) => ({ cluster: new Cluster(stack, 'Mine', { vpc: new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false }) }) }));
    template.hasResourceProperties('AWS::ECS::CapacityProvider', { ClusterName: { Ref: Match.stringLikeRegexp('^Mine') } });
  });

  it('runs on the processor that its image is built for', () => {
    const { template } = render(() => ({ image: ServingImage.modelServer() }));
    expect(requirements(template)).toMatchObject({ CpuManufacturers: ['amazon-web-services'] });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', { RuntimePlatform: { CpuArchitecture: 'ARM64' } });
  });

  it('grants nothing: who may ask is a matter of the network', () => {
    const stack = testStack();
    const service = new GpuService(stack, 'Gpu', { platform: ground(stack).platform, image, gpu: Gpu.count(1) });
    service.grantInvoke(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    expect(statementsOf(Template.fromStack(stack), /^Caller/)).toEqual([]);
  });
});

describe('GpuService refuses', () => {
  it.each<[string, (stack: Stack) => Partial<GpuServiceOptions>, RegExp]>([
    ['a name that is no kebab-case', () => ({ targetName: 'A B' }), /targetName is 'A B'/],
    ['a processor that is none', () => ({ cpu: 0 }), /cpu is 0/],
    ['part of a unit', () => ({ cpu: 1024.5 }), /cpu is 1024\.5, expected a whole number/],
    ['too little memory', () => ({ memorySizeMiB: 100 }), /memorySizeMiB is 100 MiB/],
    ['part of a MiB', () => ({ memorySizeMiB: 1000.5 }), /memorySizeMiB is 1000\.5, expected a whole number/],
    ['fewer tasks than none', () => ({ minTasks: -1 }), /minTasks is -1/],
    ['half a task', () => ({ minTasks: 0.5, maxTasks: 1.5 }), /minTasks is 0\.5[\s\S]*maxTasks is 1\.5/],
    ['no task at most', () => ({ maxTasks: 0 }), /maxTasks is 0, expected 1 to/],
    ['fewer at most than are asked for', () => ({ maxTasks: 1, scaling: [byClock(3)] }), /maxTasks is 1, and 3 are asked for/],
    ['two clocks', () => ({ scaling: [byClock(), byClock()] }), /scaling has two of one kind/],
    ['an image for another processor', () => ({ architecture: Architecture.X86_64, image: ServingImage.modelServer() }), /architecture is x86_64, but the image is built for arm64/],
    ['an image that its network cannot reach', () => ({ image: ServingImage.fromUri('public.example/server:1') }), /which the network that is made here cannot reach/],
    ['a network beside that of its cluster', (stack) => ({ vpc: new Vpc(stack, 'One'), cluster: new Cluster(stack, 'Other') }), /vpc and cluster are set/],
    ['a cluster that cannot be added to', (stack) => ({ cluster: Cluster.fromClusterAttributes(stack, 'Own', { clusterName: 'own', vpc: new Vpc(stack, 'Vpc') }) }), /cluster is imported.*GpuCapacity\.managedProvider/],
    ['a small disk', () => ({ capacity: GpuCapacity.managedInstances({ storageSize: Size.gibibytes(10) }) }), /storageSize is 10 GiB/],
    ['a small disk of a group', () => ({ capacity: group({ storageSize: Size.gibibytes(10) }) }), /storageSize is 10 GiB/],
    ['a group of none', () => ({ capacity: group({ maxInstances: 0 }) }), /maxInstances is 0/],
    ['a group of half', () => ({ capacity: group({ maxInstances: 1.5 }) }), /maxInstances is 1\.5, expected a whole number/],
    ['instances without a GPU', () => ({ capacity: group({ instanceType: new InstanceType('m7i.large') }) }), /instanceType is 'm7i\.large', expected one with GPUs/],
    ['a group for arm64', () => ({ capacity: group(), image: ServingImage.modelServer() }), /the image is built for arm64, expected x86_64/],
  ])('%s', (_, options, message) => {
    expect(() => render(options)).toThrow(message);
  });
});
