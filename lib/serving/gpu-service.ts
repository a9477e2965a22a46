import { Stack } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { ScalableTarget, ServiceNamespace } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { Connections, IConnectable, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, Compatibility, CpuArchitecture, Ec2Service, FargateService, NetworkMode, OperatingSystemFamily, PropagatedTagSource } from 'aws-cdk-lib/aws-ecs';
import type { BaseService, BaseServiceOptions, ICluster } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { recordKey } from '../../model/spec/layout.ts';
import { acknowledge } from '../private/acknowledgements.ts';
import { deploymentName } from '../private/deployment-name.ts';
import { kebabCase, validate, validateInteger, validateRange } from '../private/validation.ts';
import type { Finding } from '../private/validation.ts';
import { containerDefaults, gpuServiceDefaults as defaults } from './container-defaults.ts';
import { GpuCapacity } from './gpu-capacity.ts';
import type { GpuServiceOptions, GpuServiceProps } from './gpu-service-props.ts';
import { ContainerTask } from './private/container-task.ts';
import { CurrentTaskCount } from './private/current-task-count.ts';
import { FrontDoor } from './private/front-door.ts';
import { placeOf } from './private/service-place.ts';
import type { ServicePlace } from './private/service-place.ts';
import { createServiceRollout } from './private/service-rollout.ts';
import { validateArchitecture, validateCluster, validateContainerService, validateImage } from './private/validate-container-service.ts';
import { ServingAlarms } from './serving-alarms.ts';
import { ServingMetrics } from './serving-metrics.ts';
import type { DeploymentRecordLocation, IServingTarget } from './serving-target.ts';
import type { TargetRollout } from './target-rollout.ts';

/**
 * A service of containers with GPUs, behind a load balancer, on instances that Amazon ECS manages or in an Auto Scaling group. Outside of production
 * it runs no task unless it is asked for one, and no instance without a task.
 */
export class GpuService extends Construct implements IServingTarget, IConnectable {
  readonly targetName: string;
  readonly record: DeploymentRecordLocation;
  readonly revalidateAfter: Duration;
  readonly url: string;
  /** Who may reach the load balancer: `service.connections.allowFrom(..)` lets another in. */
  readonly connections: Connections;
  /** The network. */
  readonly vpc: IVpc;
  /** The cluster. */
  readonly cluster: ICluster;
  /** The service. */
  readonly service: BaseService;
  /** How few tasks run once a model is deployed. */
  readonly minTasks: number;
  /** How many tasks run at most. */
  readonly maxTasks: number;
  /** The load balancer. */
  readonly loadBalancer: ApplicationLoadBalancer;
  /** The role of the containers. */
  readonly taskRole: IRole;
  /** The role under which tasks are started. */
  readonly executionRole: IRole;
  /** The containers' log. */
  readonly logGroup: ILogGroup;
  /** What sounds when it is slow, fails, or is asked by nobody. */
  readonly alarms: ServingAlarms;
  /** What brings new versions to it. */
  readonly rollout: TargetRollout;

  /** @throws ConfigurationError that names everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: GpuServiceProps) {
    super(scope, id);
    this.targetName = props.targetName ?? kebabCase(id);
    const { platform, gpu, cpu = defaults.cpu, memorySizeMiB = defaults.memorySizeMiB, scaling = [] } = props;
    this.minTasks = props.minTasks ?? ((props.production ?? defaults.production) && scaling.length === 0 ? 1 : 0);
    this.maxTasks = props.maxTasks ?? Math.max(1, this.minTasks, ...scaling.map(({ leastMaxTasks }) => leastMaxTasks));
    validate(this, [...validateContainerService(this.targetName, props), ...this.validateProps(props)]);
    const image = props.image._bind(this);
    const ownNetwork = props.vpc === undefined && props.cluster === undefined;
    validate(this, [validateImage(image, ownNetwork), validateArchitecture(props.architecture, image.architecture)]);
    const architecture = props.architecture ?? image.architecture ?? defaults.architecture;

    this.record = { bucket: platform.artifactBucket, key: recordKey(this.targetName) };
    this.revalidateAfter = props.revalidateAfter ?? containerDefaults.revalidateAfter;
    const place = placeOf(this, props, props.vpc ?? props.cluster?.vpc, true);
    this.vpc = place.vpc;
    this.cluster = props.cluster ?? this.createCluster(place.vpc);
    const { capacityProviderName, managed } = (props.capacity ?? GpuCapacity.managedInstances())._bind(this, {
      gpu, cpu, memorySizeMiB, architecture, maxTasks: this.maxTasks, cluster: this.cluster, vpc: place.vpc, subnets: place.taskSubnets,
    });
    const task = new ContainerTask(this, 'Task', {
      platform,
      targetName: this.targetName,
      record: this.record,
      image,
      options: props,
      task: {
        cpu: String(cpu),
        memoryMiB: String(memorySizeMiB),
        networkMode: NetworkMode.AWS_VPC,
        ...(managed
          ? {
              compatibility: Compatibility.MANAGED_INSTANCES,
              runtimePlatform: { cpuArchitecture: architecture === Architecture.X86_64 ? CpuArchitecture.X86_64 : CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
            }
          : { compatibility: Compatibility.EC2 }),
      },
      gpuCount: gpu.gpuCount,
    });
    this.taskRole = task.taskRole;
    this.executionRole = task.executionRole;
    this.logGroup = task.logGroup;
    this.service = this.createService(props, task, place, capacityProviderName, managed);
    // No task starts before its role may pull the image.
    this.service.node.addDependency(this.executionRole);
    const door = new FrontDoor(this, 'Door', { vpc: place.vpc, subnets: place.loadBalancerSubnets, service: this.service, options: props });
    this.loadBalancer = door.loadBalancer;
    this.connections = door.loadBalancer.connections;
    this.url = door.url;
    this.addScaling(props);
    this.alarms = new ServingAlarms(this, 'Alarms', {
      ...props.alarms,
      platform,
      targetName: this.targetName,
      metrics: ServingMetrics.ofLoadBalancer(this.targetName, door.loadBalancer),
      canaryMetrics: ServingMetrics.ofCanary(this.targetName),
    });
    this.rollout = createServiceRollout(this, this, platform, props, place.taskSubnets, defaults.firstTask);
  }

  /** Nothing is granted: a load balancer asks for no permission. Who reaches it (`allowedPeers`, `connections`) may ask. */
  grantInvoke(_grantee: IGrantable): void {
    // By the network alone.
  }

  private createService(props: GpuServiceProps, task: ContainerTask, place: ServicePlace, capacityProvider: string, managed: boolean): BaseService {
    const serviceName = deploymentName(this, 255);
    const count = new CurrentTaskCount(this, 'TaskCount', { platform: props.platform, serviceName, clusterName: this.cluster.clusterName });
    const settings: BaseServiceOptions = {
      cluster: this.cluster,
      serviceName,
      desiredCount: count.desiredCount,
      capacityProviderStrategies: [{ capacityProvider, weight: 1 }],
      circuitBreaker: { rollback: true },
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      healthCheckGracePeriod: defaults.healthCheckGracePeriod,
      enableExecuteCommand: props.executeCommand ?? containerDefaults.executeCommand,
      propagateTags: PropagatedTagSource.SERVICE,
      enableECSManagedTags: true,
    };
    const network = { taskDefinition: task.definition, vpcSubnets: place.taskSubnets, ...(props.taskSecurityGroups === undefined ? {} : { securityGroups: props.taskSecurityGroups }) };
    // CDK's class for Fargate makes services on managed instances as well.
    const service = managed ? new FargateService(this, 'Service', { ...settings, ...network, assignPublicIp: false }) : new Ec2Service(this, 'Service', { ...settings, ...network });
    count.follow(service);
    return service;
  }

  private addScaling({ scaling = [] }: GpuServiceProps): void {
    if (scaling.length === 0 && this.minTasks === this.maxTasks) return;
    const target = new ScalableTarget(this, 'Scaling', {
      serviceNamespace: ServiceNamespace.ECS,
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${this.cluster.clusterName}/${this.service.serviceName}`,
      minCapacity: this.minTasks,
      maxCapacity: this.maxTasks,
      role: Role.fromRoleArn(this, 'ScalingRole', serviceLinkedRole(this)),
    });
    for (const each of scaling) each._bind({ scope: this, target, minTasks: this.minTasks, maxTasks: this.maxTasks });
  }

  private createCluster(vpc: IVpc): Cluster {
    const cluster = new Cluster(this, 'Cluster', { vpc });
    acknowledge(cluster, 'ECS4', 'Processor, memory and requests are reported at no charge; Container Insights bill each metric, and come with a cluster of your own.');
    return cluster;
  }

  private validateProps(props: GpuServiceOptions): Finding[] {
    const { scaling = [], cpu, memorySizeMiB } = props;
    const kinds = scaling.map(({ kind }) => kind);
    const asked = Math.max(1, this.minTasks, ...scaling.map(({ leastMaxTasks }) => leastMaxTasks));
    return [
      validateCluster(props.vpc, props.cluster),
      validateRange('cpu', cpu, 128, 196_608),
      validateInteger('cpu', cpu),
      validateRange('memorySizeMiB', memorySizeMiB, 512, 2_097_152, ' MiB'),
      validateInteger('memorySizeMiB', memorySizeMiB),
      validateRange('minTasks', props.minTasks, 0, 1000),
      validateInteger('minTasks', props.minTasks),
      validateRange('maxTasks', props.maxTasks, 1, 1000),
      validateInteger('maxTasks', props.maxTasks),
      props.maxTasks !== undefined && props.maxTasks < asked ? `maxTasks is ${String(props.maxTasks)}, and ${String(asked)} are asked for by minTasks or scaling, expected at least as many.` : undefined,
      new Set(kinds).size < kinds.length ? 'scaling has two of one kind, expected one by a queue and one by a schedule at most: the one would undo what the other does.' : undefined,
    ];
  }
}

/** The role under which Application Auto Scaling changes the counts of services; it makes the role by itself. */
function serviceLinkedRole(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: 'aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService' });
}
