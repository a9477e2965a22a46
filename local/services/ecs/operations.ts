import type { Operation, Output } from '../../core/call.ts';
import { AwsError } from '../../core/errors.ts';
import { describeService, describeTask, describeTaskDefinition } from './describe.ts';
import type { Services } from './services.ts';
import { nameIn } from './shapes.ts';
import type { ServiceSettings, TaskDefinitionInput } from './types.ts';

interface InCluster {
  readonly cluster?: string;
}

type CreateService = InCluster & ServiceSettings & { readonly serviceName: string; readonly taskDefinition: string; readonly desiredCount?: number };
type UpdateService = InCluster & ServiceSettings & { readonly service: string; readonly taskDefinition?: string; readonly desiredCount?: number; readonly forceNewDeployment?: boolean };

/** The operations of Amazon ECS that the laptop serves. */
export function ecsOperations(services: Services): Readonly<Record<string, Operation>> {
  const { taskDefinitions } = services;
  const describedService = (clusterName: string, name: string): Output => describeService(services.get(clusterName, name), services.clusterArn(clusterName));
  const describeCluster = (name: string): Output => {
    const tasks = services.tasks(name).filter(({ status }) => status !== 'STOPPED');
    const runningTasksCount = tasks.filter(({ status }) => status === 'RUNNING').length;
    return { clusterName: name, clusterArn: services.clusterArn(name), status: 'ACTIVE', runningTasksCount, pendingTasksCount: tasks.length - runningTasksCount, activeServicesCount: services.list(name).length };
  };

  return {
    CreateCluster({ clusterName = 'default' }: { clusterName?: string }) {
      services.putCluster(clusterName);
      return { cluster: describeCluster(clusterName) };
    },
    ListClusters: () => ({ clusterArns: services.clusters().map((name) => services.clusterArn(name)) }),
    DescribeClusters({ clusters = ['default'] }: { clusters?: readonly string[] }) {
      const known = services.clusters();
      const missing = clusters.filter((name) => !known.includes(nameIn(name)));
      return { clusters: clusters.map(nameIn).filter((name) => known.includes(name)).map(describeCluster), failures: missing.map((arn) => ({ arn, reason: 'MISSING' })) };
    },

    RegisterTaskDefinition({ tags: _, ...input }: TaskDefinitionInput & { tags?: unknown }) {
      return { taskDefinition: describeTaskDefinition(taskDefinitions.register(input)) };
    },
    DescribeTaskDefinition: ({ taskDefinition }: { taskDefinition: string }) => ({ taskDefinition: describeTaskDefinition(taskDefinitions.get(taskDefinition)) }),
    DeregisterTaskDefinition: ({ taskDefinition }: { taskDefinition: string }) => ({ taskDefinition: describeTaskDefinition(taskDefinitions.deregister(taskDefinition)) }),
    ListTaskDefinitions: ({ familyPrefix = '', status = 'ACTIVE' }: { familyPrefix?: string; status?: string }) => ({
      taskDefinitionArns: taskDefinitions.list().filter((record) => record.family.startsWith(familyPrefix) && record.status === status).map(({ arn }) => arn),
    }),

    CreateService({ cluster, serviceName: name, taskDefinition, desiredCount = 1, ...settings }: CreateService) {
      const clusterName = services.clusterName(cluster);
      if (services.find(clusterName, name) !== undefined) throw new AwsError('InvalidParameterException', 'Creation of service was not idempotent.');
      services.create({ name, clusterName, taskDefinition, desiredCount, settings }).wake();
      return { service: describedService(clusterName, name) };
    },
    UpdateService({ cluster, service: name, taskDefinition, desiredCount, forceNewDeployment: force = false, ...settings }: UpdateService) {
      const clusterName = services.clusterName(cluster);
      if (desiredCount !== undefined && !(desiredCount >= 0)) throw new AwsError('InvalidParameterException', `desiredCount is ${desiredCount}: expected 0 or more.`);
      services.get(clusterName, name).update({ settings, force, ...(desiredCount !== undefined && { desiredCount }), ...(taskDefinition !== undefined && { taskDefinition: taskDefinitions.get(taskDefinition).arn }) });
      return { service: describedService(clusterName, name) };
    },
    DeleteService({ cluster, service: name, force = false }: InCluster & { service: string; force?: boolean }) {
      const clusterName = services.clusterName(cluster);
      const service = services.get(clusterName, name);
      if (service.record.desiredCount > 0 && !force) throw new AwsError('InvalidParameterException', 'The service cannot be stopped while it is scaled above 0.');
      const described = describeService(service, services.clusterArn(clusterName), 'DRAINING');
      services.remove(clusterName, service.record.name);
      return { service: described };
    },
    ListServices({ cluster }: InCluster) {
      return { serviceArns: services.list(services.clusterName(cluster)).map(({ record }) => record.arn) };
    },
    DescribeServices({ cluster, services: names }: InCluster & { services: readonly string[] }) {
      const clusterName = services.clusterName(cluster);
      const found = names.filter((name) => services.find(clusterName, name) !== undefined);
      return { services: found.map((name) => describedService(clusterName, name)), failures: names.filter((name) => !found.includes(name)).map((arn) => ({ arn, reason: 'MISSING' })) };
    },

    RunTask({ cluster, taskDefinition, count = 1, startedBy }: InCluster & { taskDefinition: string; count?: number; startedBy?: string }) {
      const clusterName = services.clusterName(cluster);
      const tasks = Array.from({ length: count }, () => services.run(clusterName, taskDefinition, startedBy));
      return { tasks: tasks.map((task) => describeTask(task, services.clusterArn(clusterName))), failures: [] };
    },
    ListTasks({ cluster, serviceName, family, desiredStatus = 'RUNNING', startedBy }: InCluster & { serviceName?: string; family?: string; desiredStatus?: string; startedBy?: string }) {
      const found = services
        .tasks(services.clusterName(cluster))
        .filter(
          ({ options, isStopping }) =>
            (serviceName === undefined || options.group === `service:${nameIn(serviceName)}`) &&
            (family === undefined || options.taskDefinition.family === family) &&
            (startedBy === undefined || options.startedBy === startedBy) &&
            isStopping === (desiredStatus === 'STOPPED'),
        );
      return { taskArns: found.map(({ arn }) => arn) };
    },
    DescribeTasks({ cluster, tasks: names }: InCluster & { tasks: readonly string[] }) {
      const clusterName = services.clusterName(cluster);
      const all = services.tasks(clusterName);
      const found = names.flatMap((name) => all.find(({ id }) => id === nameIn(name)) ?? []);
      const missing = names.filter((name) => !found.some(({ id }) => id === nameIn(name)));
      return { tasks: found.map((task) => describeTask(task, services.clusterArn(clusterName))), failures: missing.map((arn) => ({ arn, reason: 'MISSING' })) };
    },
    StopTask({ cluster, task: name, reason = 'Task stopped by user' }: InCluster & { task: string; reason?: string }) {
      const clusterName = services.clusterName(cluster);
      const task = services.tasks(clusterName).find(({ id }) => id === nameIn(name));
      if (task === undefined) throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
      void task.end({ code: 'UserInitiated', reason });
      return { task: describeTask(task, services.clusterArn(clusterName)) };
    },
  };
}
