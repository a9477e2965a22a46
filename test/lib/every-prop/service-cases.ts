import { Duration, Size, TimeZone } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { InstanceType, InterfaceVpcEndpointAwsService, Peer, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, Secret } from 'aws-cdk-lib/aws-ecs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret as OwnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect } from 'vitest';
import { Gpu, GpuCapacity, GpuScaling, GpuService, InferenceService, Rollout, ServingImage } from '../../../lib/index.ts';
import type { ContainerServiceOptions, GpuGroupCapacityProps, GpuOptions, GpuServiceOptions, InferenceServiceOptions, ManagedGpuCapacityProps, QueueDepthScalingProps, ScheduleScalingProps, ServingNetworkProps } from '../../../lib/index.ts';
import { ground } from '../support.ts';
import type { PropCases, Rendered } from './cases.ts';

const roleArn = 'arn:aws:iam::123456789012:role/own';
const task = 'AWS::ECS::TaskDefinition';
const service = 'AWS::ECS::Service';
const balancer = 'AWS::ElasticLoadBalancingV2::LoadBalancer';

export const server = (path: string) => (r: Rendered) => r.property(task, `ContainerDefinitions.0.${path}`);
const variable = (name: string) => (r: Rendered) => (server('Environment')(r) as { Name: string; Value: unknown }[]).find(({ Name }) => Name === name)?.Value;
const certificate = (stack: Stack) => Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:123456789012:certificate/own');
const zone = (stack: Stack) => HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
/** One network for all that name it. */
export const ownVpc = (stack: Stack): Vpc =>
  (stack.node.tryFindChild('OwnVpc') as Vpc | undefined) ??
  new Vpc(stack, 'OwnVpc', {
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [{ name: 'a', subnetType: SubnetType.PRIVATE_ISOLATED }, { name: 'b', subnetType: SubnetType.PRIVATE_ISOLATED }, { name: 'p', subnetType: SubnetType.PUBLIC }],
  });
const group = (stack: Stack, name: string) => SecurityGroup.fromSecurityGroupId(stack, name, `sg-${name}`);
const fetched = (path: string, id?: RegExp) => (r: Rendered) => JSON.stringify(r.property(service, path, id) ?? []);

/** Each option of a service of containers. */
export const containerServiceCases: PropCases<ContainerServiceOptions> = {
  rollout: { value: () => Rollout.canary({ percent: 7, interval: Duration.minutes(9) }), shows: (r) => r.property('AWS::Lambda::Function', 'Environment.Variables.ROLLOUT_PLAN', /RollOut/), as: '{"kind":"canary","percent":7,"intervalSeconds":540}' },
  targetName: { value: () => 'blue', shows: variable('RECORD_KEY'), as: 'deployments/blue.json' },
  environment: { value: () => ({ WORKERS: '2' }), shows: variable('WORKERS'), as: '2' },
  secrets: {
    value: (stack) => ({ API_KEY: Secret.fromSecretsManager(OwnSecret.fromSecretCompleteArn(stack, 'Own', 'arn:aws:secretsmanager:us-east-1:123456789012:secret:Key-abcdef')) }),
    shows: server('Secrets'),
    as: [{ Name: 'API_KEY', ValueFrom: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:Key-abcdef' }],
  },
  maxBatchRows: { value: () => 12, shows: variable('MAX_BATCH_ROWS'), as: '12' },
  revalidateAfter: { value: () => Duration.seconds(9), shows: variable('REVALIDATE_SECONDS'), as: '9' },
  user: { value: () => '65532:65532', shows: server('User'), as: '65532:65532' },
  healthCommand: { value: () => ['/alive'], shows: server('HealthCheck.Command'), as: ['CMD', '/alive'] },
  executeCommand: { value: () => true, shows: (r) => [r.property(service, 'EnableExecuteCommand'), server('ReadonlyRootFilesystem')(r)], as: [true, false] },
  vpc: { alone: true, value: ownVpc, shows: (r) => Object.keys(r.template.findResources('AWS::EC2::VPC')).map((id) => /^OwnVpc/.test(id)), as: [true] },
  taskSubnets: { besides: (stack) => ({ vpc: ownVpc(stack) }), value: () => ({ subnetGroupName: 'b' }), shows: fetched('NetworkConfiguration.AwsvpcConfiguration.Subnets'), as: expect.not.stringContaining('aSubnet') },
  taskSecurityGroups: { value: (stack) => [group(stack, 'tasks')], shows: (r) => r.property(service, 'NetworkConfiguration.AwsvpcConfiguration.SecurityGroups'), as: ['sg-tasks'] },
  internetFacing: {
    besides: (stack) => ({ certificate: (stack.node.tryFindChild('Certificate') as Certificate | undefined) ?? certificate(stack), domainName: 'a.example.com', allowedPeers: [Peer.ipv4('203.0.113.0/24')] }),
    value: () => true,
    shows: (r) => r.property(balancer, 'Scheme'),
    as: 'internet-facing',
  },
  loadBalancerSubnets: { besides: (stack) => ({ vpc: ownVpc(stack) }), value: () => ({ subnetGroupName: 'b' }), shows: (r) => JSON.stringify(r.property(balancer, 'Subnets')), as: expect.not.stringContaining('aSubnet') },
  loadBalancerSecurityGroup: { value: (stack) => group(stack, 'door'), shows: (r) => r.property(balancer, 'SecurityGroups'), as: ['sg-door'] },
  allowedPeers: { alone: true, value: () => [Peer.ipv4('192.0.2.0/24')], shows: (r) => JSON.stringify(r.template.findResources('AWS::EC2::SecurityGroup')), as: expect.stringContaining('192.0.2.0/24') },
  certificate: {
    value: certificate,
    shows: (r) => r.property('AWS::ElasticLoadBalancingV2::Listener', 'Certificates'),
    as: [{ CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/own' }],
  },
  domainName: { value: () => 'predict.example.com', shows: (r) => r.property('AWS::Route53::RecordSet', 'Name'), as: 'predict.example.com.' },
  hostedZone: { value: zone, shows: (r) => r.property('AWS::Route53::RecordSet', 'HostedZoneId'), as: 'Z1' },
  accessLogBucket: {
    value: (stack) => Bucket.fromBucketName(stack, 'AccessLogs', 'own-logs'),
    shows: (r) => JSON.stringify(r.property(balancer, 'LoadBalancerAttributes')),
    as: expect.stringContaining('own-logs'),
  },
  taskRole: { value: (stack) => Role.fromRoleArn(stack, 'Runs', roleArn), shows: (r) => r.property(task, 'TaskRoleArn'), as: roleArn },
  executionRole: { value: (stack) => Role.fromRoleArn(stack, 'Starts', `${roleArn}-2`), shows: (r) => r.property(task, 'ExecutionRoleArn'), as: `${roleArn}-2` },
  logGroup: { value: (stack) => LogGroup.fromLogGroupName(stack, 'Log', '/own/logs'), shows: (r) => server('LogConfiguration.Options')(r), as: expect.objectContaining({ 'awslogs-group': '/own/logs' }) },
  alarms: { value: () => ({ enabled: false }), shows: (r) => r.count('AWS::CloudWatch::Alarm'), as: 0 },
};

/** An inference service. */
export function constructInferenceService(stack: Stack, options: Partial<InferenceServiceOptions>): void {
  new InferenceService(stack, 'Service', { platform: ground(stack).platform, ...options });
}

const scalable = 'AWS::ApplicationAutoScaling::ScalableTarget';
const policy = 'AWS::ApplicationAutoScaling::ScalingPolicy';

/** Each option of an inference service that is not always refused. */
export const inferenceServiceCases: PropCases<InferenceServiceOptions, 'gpu'> = {
  ...containerServiceCases,
  image: { alone: true, value: () => ServingImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/own:1'), shows: server('Image'), as: '123456789012.dkr.ecr.us-east-1.amazonaws.com/own:1' },
  architecture: { value: () => Architecture.X86_64, shows: (r) => r.property(task, 'RuntimePlatform.CpuArchitecture'), as: 'X86_64' },
  cpu: { value: () => 2048, shows: (r) => r.property(task, 'Cpu'), as: '2048' },
  memorySizeMiB: { value: () => 5120, shows: (r) => r.property(task, 'Memory'), as: '5120' },
  ephemeralStorageSize: { value: () => Size.gibibytes(40), shows: (r) => r.property(task, 'EphemeralStorage.SizeInGiB'), as: 40 },
  minTasks: { value: () => 2, shows: (r) => r.property(scalable, 'MinCapacity'), as: 2 },
  maxTasks: { value: () => 7, shows: (r) => r.property(scalable, 'MaxCapacity'), as: 7 },
  targetCpuPercent: { value: () => 33, shows: (r) => r.property(policy, 'TargetTrackingScalingPolicyConfiguration.TargetValue', /Cpu/), as: 33 },
  targetRequestsPerMinute: { value: () => 99, shows: (r) => r.property(policy, 'TargetTrackingScalingPolicyConfiguration.TargetValue', /Requests/), as: 99 },
  spotPercent: {
    value: () => 70,
    besides: () => ({ onDemandTasks: 2 }),
    shows: (r) => r.property(service, 'CapacityProviderStrategy'),
    as: [{ CapacityProvider: 'FARGATE', Base: 2, Weight: 30 }, { CapacityProvider: 'FARGATE_SPOT', Weight: 70 }],
  },
  onDemandTasks: { value: () => 0, besides: () => ({ spotPercent: 100 }), shows: (r) => r.property(service, 'CapacityProviderStrategy.0'), as: { CapacityProvider: 'FARGATE', Base: 0, Weight: 0 } },
  cluster: {
    alone: true,
    value: (stack) => Cluster.fromClusterAttributes(stack, 'Own', { clusterName: 'own', vpc: ownVpc(stack) }),
    shows: (r) => [r.property(service, 'Cluster'), r.count('AWS::ECS::Cluster')],
    as: ['own', 0],
  },
};

const subnets = (r: Rendered) => r.count('AWS::EC2::Subnet');

/** Each option of a network. */
export const networkCases: PropCases<ServingNetworkProps> = {
  zones: { alone: true, value: () => 1, shows: subnets, as: 1 },
  cidr: { value: () => '10.7.0.0/18', shows: (r) => r.property('AWS::EC2::VPC', 'CidrBlock'), as: '10.7.0.0/18' },
  publicSubnets: { value: () => true, shows: (r) => [subnets(r), r.count('AWS::EC2::InternetGateway'), r.count('AWS::EC2::NatGateway')], as: [4, 1, 0] },
  instances: { value: () => true, shows: (r) => JSON.stringify(r.template.findResources('AWS::EC2::VPCEndpoint')), as: expect.stringContaining('.ecs-telemetry') },
  furtherEndpoints: { value: () => [InterfaceVpcEndpointAwsService.STS], shows: (r) => JSON.stringify(r.template.findResources('AWS::EC2::VPCEndpoint')), as: expect.stringContaining('.sts') },
};

const gpuImage = ServingImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/own:1');

/** A service with GPUs. */
export function constructGpuService(stack: Stack, options: Partial<GpuServiceOptions>): void {
  new GpuService(stack, 'Service', { platform: ground(stack).platform, image: gpuImage, gpu: Gpu.count(1), ...options });
}

const capacity = 'AWS::ECS::CapacityProvider';
const launch = 'ManagedInstancesProvider.InstanceLaunchTemplate';
const queue = (stack: Stack) => Queue.fromQueueArn(stack, 'Own', 'arn:aws:sqs:us-east-1:123456789012:own');
const clock = { start: Schedule.cron({ hour: '6', minute: '0' }), stop: Schedule.cron({ hour: '20', minute: '0' }) };
const started = (path: string) => (r: Rendered) => (r.property(scalable, 'ScheduledActions.0') as Record<string, unknown> | undefined) && r.property(scalable, `ScheduledActions.0.${path}`);

/** Each option of a service with GPUs. */
export const gpuServiceCases: PropCases<GpuServiceOptions> = {
  ...containerServiceCases,
  capacity: { alone: true, value: () => GpuCapacity.autoScalingGroup({ instanceType: new InstanceType('g6.xlarge') }), shows: (r) => r.count('AWS::AutoScaling::AutoScalingGroup'), as: 1 },
  architecture: { value: () => Architecture.ARM_64, shows: (r) => r.property(task, 'RuntimePlatform.CpuArchitecture'), as: 'ARM64' },
  cpu: { value: () => 4096, shows: (r) => [r.property(task, 'Cpu'), r.property(capacity, `${launch}.InstanceRequirements.VCpuCount.Min`)], as: ['4096', 4] },
  memorySizeMiB: { value: () => 12_288, shows: (r) => [r.property(task, 'Memory'), r.property(capacity, `${launch}.InstanceRequirements.MemoryMiB.Min`)], as: ['12288', 12_288] },
  production: { alone: true, besides: () => ({ maxTasks: 3 }), value: () => true, shows: (r) => r.property(scalable, 'MinCapacity'), as: 1 },
  minTasks: { alone: true, besides: () => ({ maxTasks: 5 }), value: () => 2, shows: (r) => r.property(scalable, 'MinCapacity'), as: 2 },
  maxTasks: { alone: true, value: () => 4, shows: (r) => r.property(scalable, 'MaxCapacity'), as: 4 },
  scaling: { value: () => [GpuScaling.onSchedule(clock)], shows: started('ScheduledActionName'), as: 'Start' },
  cluster: {
    alone: true,
    value: (stack) => new Cluster(stack, 'Own', { vpc: ownVpc(stack) }),
    shows: (r) => Object.keys(r.template.findResources('AWS::ECS::Cluster')).map((id) => /^Own/.test(id)),
    as: [true],
  },
};

/** Each option of a task's GPUs. */
export const gpuCases: PropCases<GpuOptions> = { count: { value: () => 3, shows: (r) => [server('ResourceRequirements.0.Value')(r), r.property(capacity, `${launch}.InstanceRequirements.AcceleratorCount.Min`)], as: ['3', 3] } };

/** Each option of instances that are managed. */
export const managedCapacityCases: PropCases<ManagedGpuCapacityProps> = {
  spot: { value: () => true, shows: (r) => r.property(capacity, `${launch}.CapacityOptionType`), as: 'SPOT' },
  storageSize: { value: () => Size.gibibytes(200), shows: (r) => r.property(capacity, `${launch}.StorageConfiguration.StorageSizeGiB`), as: 200 },
};

/** Each option of a group of instances. */
export const groupCapacityCases: PropCases<GpuGroupCapacityProps> = {
  spot: { value: () => true, shows: (r) => r.property('AWS::AutoScaling::AutoScalingGroup', 'MixedInstancesPolicy.InstancesDistribution.OnDemandPercentageAboveBaseCapacity'), as: 0 },
  maxInstances: { value: () => 9, shows: (r) => r.property('AWS::AutoScaling::AutoScalingGroup', 'MaxSize'), as: '9' },
  storageSize: { value: () => Size.gibibytes(200), shows: (r) => r.property('AWS::EC2::LaunchTemplate', 'LaunchTemplateData.BlockDeviceMappings.0.Ebs.VolumeSize'), as: 200 },
};

/** Scaling by a queue. */
export const queueScaling = (stack: Stack, props: Partial<QueueDepthScalingProps>): GpuScaling => GpuScaling.onQueueDepth({ queue: queue(stack), messagesPerTask: 5, ...props });

/** Each option of scaling by a queue. */
export const queueScalingCases: PropCases<QueueDepthScalingProps> = { idleAfter: { value: () => Duration.minutes(7), shows: (r) => r.property('AWS::CloudWatch::Alarm', 'EvaluationPeriods', /QueueIdle/), as: 7 } };

/** Scaling by the clock. */
export const clockScaling = (props: Partial<ScheduleScalingProps>): GpuScaling => GpuScaling.onSchedule({ ...clock, ...props });

/** Each option of scaling by the clock. */
export const clockScalingCases: PropCases<ScheduleScalingProps> = {
  tasks: { value: () => 3, shows: started('ScalableTargetAction.MinCapacity'), as: 3 },
  timeZone: { value: () => TimeZone.EUROPE_BERLIN, shows: started('Timezone'), as: 'Europe/Berlin' },
};
