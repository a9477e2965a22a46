import type { Output } from '../../core/call.ts';
import type { LiveService } from './service.ts';
import type { Task } from './task.ts';
import type { TaskDefinitionRecord } from './types.ts';

/** A service as DescribeServices tells of it. */
export function describeService({ record, deployments, events, tasks }: LiveService, clusterArn: string, status = 'ACTIVE'): Output {
  const live = tasks.filter(({ isStopping }) => !isStopping);
  const runningCount = live.filter((task) => task.status === 'RUNNING').length;
  const { loadBalancers = [], deploymentConfiguration = {}, ...settings } = record.settings;
  return {
    ...settings,
    serviceArn: record.arn,
    serviceName: record.name,
    clusterArn,
    status,
    createdAt: new Date(record.createdAt),
    desiredCount: record.desiredCount,
    runningCount,
    pendingCount: live.length - runningCount,
    taskDefinition: record.primary.taskDefinition,
    loadBalancers,
    serviceRegistries: [],
    deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100, ...deploymentConfiguration },
    deployments: deployments.map(({ createdAt, updatedAt, ...deployment }) => ({ ...deployment, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) })),
    events,
  };
}

/** A task as DescribeTasks tells of it. */
export function describeTask(task: Task, clusterArn: string): Output {
  const { options, containers, stop } = task;
  const { taskDefinition, group, startedBy } = options;
  const health = containers.map((container) => container.health);
  return {
    taskArn: task.arn,
    clusterArn,
    taskDefinitionArn: taskDefinition.arn,
    group,
    ...(startedBy !== undefined && { startedBy }),
    lastStatus: task.status,
    desiredStatus: task.isStopping ? 'STOPPED' : 'RUNNING',
    healthStatus: health.includes('UNHEALTHY') ? 'UNHEALTHY' : health.includes('HEALTHY') ? 'HEALTHY' : 'UNKNOWN',
    createdAt: task.createdAt,
    ...(task.startedAt && { startedAt: task.startedAt }),
    ...(task.stoppedAt && { stoppedAt: task.stoppedAt }),
    ...(stop && { stopCode: stop.code, stoppedReason: stop.reason }),
    ...(taskDefinition.input.cpu !== undefined && { cpu: String(taskDefinition.input.cpu) }),
    ...(taskDefinition.input.memory !== undefined && { memory: String(taskDefinition.input.memory) }),
    containers: containers.map(({ definition: { name, image, portMappings = [] }, exit, port, health: healthStatus }) => ({
      name,
      image,
      taskArn: task.arn,
      lastStatus: exit === undefined ? 'RUNNING' : 'STOPPED',
      healthStatus,
      ...(exit && exit.code !== null && { exitCode: exit.code }),
      networkBindings: portMappings.map(({ containerPort }) => ({ bindIP: '127.0.0.1', containerPort: Number(containerPort), hostPort: port, protocol: 'tcp' })),
    })),
  };
}

/** A task definition as DescribeTaskDefinition tells of it. */
export function describeTaskDefinition({ arn, revision, status, registeredAt, input }: TaskDefinitionRecord): Output {
  return { volumes: [], ...input, taskDefinitionArn: arn, revision, status, registeredAt: new Date(registeredAt) };
}
