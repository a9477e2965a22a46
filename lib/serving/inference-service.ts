import type { Duration } from 'aws-cdk-lib';
import type { Connections, IConnectable, IVpc } from 'aws-cdk-lib/aws-ec2';
import { AvailabilityZoneRebalancing, Cluster, Compatibility, CpuArchitecture, FargateService, OperatingSystemFamily, PropagatedTagSource } from 'aws-cdk-lib/aws-ecs';
import type { CapacityProviderStrategy, ICluster, ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { recordKey } from '../../model/spec/layout.ts';
import { acknowledge } from '../private/acknowledgements.ts';
import { deploymentName } from '../private/deployment-name.ts';
import { kebabCase, validate, validateInteger, validateRange } from '../private/validation.ts';
import type { Finding } from '../private/validation.ts';
import { ServingImage } from '../registry/serving-image.ts';
import { containerDefaults, inferenceServiceDefaults as defaults } from './container-defaults.ts';
import type { InferenceServiceOptions, InferenceServiceProps } from './inference-service-props.ts';
import { ContainerTask } from './private/container-task.ts';
import { CurrentTaskCount } from './private/current-task-count.ts';
import { validateFargateSize } from './private/fargate-size.ts';
import { FrontDoor } from './private/front-door.ts';
import { placeOf } from './private/service-place.ts';
import { createServiceRollout } from './private/service-rollout.ts';
import { validateArchitecture, validateCluster, validateContainerService, validateImage } from './private/validate-container-service.ts';
import { ServingAlarms } from './serving-alarms.ts';
import { ServingMetrics } from './serving-metrics.ts';
import type { DeploymentRecordLocation, IServingTarget } from './serving-target.ts';
import type { TargetRollout } from './target-rollout.ts';

/**
 * A service of containers on Fargate that answers with the model that its deployment record names, behind a load balancer. It is billed by the hour
 * once a model is deployed; until then it runs no task, while its load balancer and the endpoints of its network are billed from the start.
 */
export class InferenceService extends Construct implements IServingTarget, IConnectable {
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
  readonly service: FargateService;
  /** How few tasks run once a model is deployed. */
  readonly minTasks: number;
  /** What changes the count of tasks with the load. */
  readonly scaling: ScalableTaskCount;
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
  constructor(scope: Construct, id: string, props: InferenceServiceProps) {
    super(scope, id);
    this.targetName = props.targetName ?? kebabCase(id);
    const { platform } = props;
    const { cpu = defaults.cpu, memorySizeMiB = defaults.memorySizeMiB, maxTasks = defaults.maxTasks } = props;
    this.minTasks = props.minTasks ?? defaults.minTasks;
    validate(this, [...validateContainerService(this.targetName, props), ...validateProps(props), validateFargateSize(cpu, memorySizeMiB)]);
    const image = (props.image ?? ServingImage.modelServer({ architecture: props.architecture ?? defaults.architecture }))._bind(this);
    const ownNetwork = props.vpc === undefined && props.cluster === undefined;
    validate(this, [validateImage(image, ownNetwork), validateArchitecture(props.architecture, image.architecture)]);
    const architecture = props.architecture ?? image.architecture ?? defaults.architecture;

    this.record = { bucket: platform.artifactBucket, key: recordKey(this.targetName) };
    this.revalidateAfter = props.revalidateAfter ?? containerDefaults.revalidateAfter;
    const place = placeOf(this, props, props.vpc ?? props.cluster?.vpc, false);
    this.vpc = place.vpc;
    this.cluster = props.cluster ?? this.createCluster(place.vpc);
    const task = new ContainerTask(this, 'Task', {
      platform,
      targetName: this.targetName,
      record: this.record,
      image,
      options: props,
      task: {
        compatibility: Compatibility.FARGATE,
        cpu: String(cpu),
        memoryMiB: String(memorySizeMiB),
        runtimePlatform: { cpuArchitecture: architecture === Architecture.X86_64 ? CpuArchitecture.X86_64 : CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
        ...(props.ephemeralStorageSize === undefined ? {} : { ephemeralStorageGiB: props.ephemeralStorageSize.toGibibytes() }),
      },
    });
    this.taskRole = task.taskRole;
    this.executionRole = task.executionRole;
    this.logGroup = task.logGroup;

    const serviceName = deploymentName(this, 255);
    const count = new CurrentTaskCount(this, 'TaskCount', { platform, serviceName, clusterName: this.cluster.clusterName });
    this.service = new FargateService(this, 'Service', {
      cluster: this.cluster,
      serviceName,
      taskDefinition: task.definition,
      desiredCount: count.desiredCount,
      capacityProviderStrategies: strategyOf(props),
      circuitBreaker: { rollback: true },
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      healthCheckGracePeriod: containerDefaults.healthCheckGracePeriod,
      enableExecuteCommand: props.executeCommand ?? containerDefaults.executeCommand,
      propagateTags: PropagatedTagSource.SERVICE,
      enableECSManagedTags: true,
      assignPublicIp: false,
      vpcSubnets: place.taskSubnets,
      ...(props.taskSecurityGroups === undefined ? {} : { securityGroups: props.taskSecurityGroups }),
    });
    count.follow(this.service);
    // No task starts before its role may pull the image.
    this.service.node.addDependency(this.executionRole);
    const door = new FrontDoor(this, 'Door', { vpc: place.vpc, subnets: place.loadBalancerSubnets, service: this.service, options: props });
    this.loadBalancer = door.loadBalancer;
    this.connections = door.loadBalancer.connections;
    this.url = door.url;
    this.scaling = this.service.autoScaleTaskCount({ minCapacity: this.minTasks, maxCapacity: Math.max(maxTasks, this.minTasks) });
    this.scaling.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: props.targetCpuPercent ?? defaults.targetCpuPercent });
    this.scaling.scaleOnRequestCount('Requests', { requestsPerTarget: props.targetRequestsPerMinute ?? defaults.targetRequestsPerMinute, targetGroup: door.targetGroup });
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

  private createCluster(vpc: IVpc): Cluster {
    const cluster = new Cluster(this, 'Cluster', { vpc, enableFargateCapacityProviders: true });
    acknowledge(cluster, 'ECS4', 'Processor, memory and requests are reported at no charge; Container Insights bill each metric, and come with a cluster of your own.');
    return cluster;
  }
}

/** The tasks that never run on spare capacity, and of those beyond them the share that does. */
function strategyOf({ spotPercent = defaults.spotPercent, onDemandTasks = defaults.onDemandTasks }: InferenceServiceOptions): CapacityProviderStrategy[] {
  if (spotPercent === 0) return [{ capacityProvider: 'FARGATE', weight: 1 }];
  return [
    { capacityProvider: 'FARGATE', base: onDemandTasks, weight: 100 - spotPercent },
    { capacityProvider: 'FARGATE_SPOT', weight: spotPercent },
  ];
}

function validateProps(props: InferenceServiceOptions): Finding[] {
  const { minTasks = defaults.minTasks, maxTasks = defaults.maxTasks } = props;
  return [
    props.gpu === undefined
      ? undefined
      : 'gpu is set, and Fargate has no GPU: its tasks run on processors that AWS chooses. Use GpuService, whose tasks run on instances with the GPU that you ask for.',
    validateCluster(props.vpc, props.cluster),
    validateRange('ephemeralStorageSize', props.ephemeralStorageSize?.toGibibytes(), 21, 200, ' GiB'),
    validateRange('minTasks', props.minTasks, 1, 5000),
    validateInteger('minTasks', props.minTasks),
    validateRange('maxTasks', props.maxTasks, 1, 5000),
    validateInteger('maxTasks', props.maxTasks),
    props.maxTasks !== undefined && maxTasks < minTasks ? `maxTasks is ${String(maxTasks)} and minTasks is ${String(minTasks)}, expected at least as many.` : undefined,
    validateRange('targetCpuPercent', props.targetCpuPercent, 10, 95, ' %'),
    validateRange('targetRequestsPerMinute', props.targetRequestsPerMinute, 1, 1_000_000_000),
    validateRange('spotPercent', props.spotPercent, 0, 100, ' %'),
    validateInteger('spotPercent', props.spotPercent),
    validateRange('onDemandTasks', props.onDemandTasks, 0, 5000),
    validateInteger('onDemandTasks', props.onDemandTasks),
  ];
}
