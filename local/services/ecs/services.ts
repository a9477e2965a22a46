import { rmSync } from 'node:fs';
import path from 'node:path';
import { randomInt } from 'node:crypto';
import type { LaptopContext } from '../../core/context.ts';
import { AwsError } from '../../core/errors.ts';
import type { Collection } from '../../core/store.ts';
import { MetricFeed } from '../cloudwatch/feed.ts';
import { publishNews } from '../events/publish.ts';
import type { TargetGroup } from '../load-balancing/target-group.ts';
import { describeTask } from './describe.ts';
import { LiveService } from './service.ts';
import type { ServiceHost } from './service.ts';
import { nameIn } from './shapes.ts';
import { Task } from './task.ts';
import { TaskDefinitions } from './task-definitions.ts';
import type { ServiceRecord, ServiceSettings } from './types.ts';
import { UsageMeter } from './usage.ts';

/** What a service is created with. */
export interface NewService {
  readonly name: string;
  readonly clusterName: string;
  readonly taskDefinition: string;
  readonly desiredCount: number;
  readonly settings: ServiceSettings;
}

/** Tasks that ended are told of for a while. */
const mostEnded = 200;
const principal = 'ecs.amazonaws.com';

/** The clusters, services and tasks of the laptop. */
export class Services {
  readonly taskDefinitions: TaskDefinitions;
  readonly #context: LaptopContext;
  readonly #host: ServiceHost;
  readonly #clusters: Collection<{ readonly name: string }>;
  readonly #records: Collection<ServiceRecord>;
  readonly #live = new Map<string, LiveService>();
  /** Started by RunTask. */
  readonly #alone = new Set<Task>();
  readonly #ended: Task[] = [];
  readonly #usage: UsageMeter;
  /** Removed, with tasks that still end. */
  readonly #leaving = new Set<LiveService>();

  constructor(context: LaptopContext, targetGroup: (arn: string) => TargetGroup | undefined) {
    this.#context = context;
    this.taskDefinitions = new TaskDefinitions(context);
    this.#clusters = context.store.collection('ecs', 'cluster');
    this.#records = context.store.collection('ecs', 'service');
    const feed = new MetricFeed(context);
    this.#usage = new UsageMeter(context, feed);
    this.#host = {
      context,
      feed,
      taskDefinitions: this.taskDefinitions,
      targetGroup,
      save: (record) => {
        if (this.#live.has(keyOf(record.clusterName, record.name))) this.#records.put(keyOf(record.clusterName, record.name), record);
      },
      taskChanged: (task) => this.#taskChanged(task),
    };
    rmSync(path.join(context.stateDirectory, 'ecs', 'tasks'), { recursive: true, force: true }); // what a killed laptop left
  }

  /** Takes up a cluster. */
  putCluster(name: string): string {
    this.#clusters.put(name, { name });
    return this.clusterArn(name);
  }

  /** Takes a cluster away. */
  removeCluster(name: string): void {
    this.#clusters.delete(name);
  }

  /** The names of all clusters. */
  clusters(): readonly string[] {
    return this.#clusters.list().map(({ value }) => value.name);
  }

  /** The name of a cluster that is given by name, ARN or not at all. @throws {AwsError} ClusterNotFoundException */
  clusterName(nameOrArn: string | undefined): string {
    const name = nameIn(nameOrArn ?? 'default');
    if (this.#clusters.get(name) === undefined) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
    return name;
  }

  clusterArn(name: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:ecs:${region}:${accountId}:cluster/${name}`;
  }

  /** Creates a service. Its tasks are started by and by. */
  create({ name, clusterName, taskDefinition, desiredCount, settings }: NewService): LiveService {
    const { partition, region, accountId, clock } = this.#context;
    const arn = `arn:${partition}:ecs:${region}:${accountId}:service/${clusterName}/${name}`;
    const now = clock.now().toISOString();
    const id = `ecs-svc/${randomInt(10 ** 12, 10 ** 13)}`;
    const record: ServiceRecord = {
      arn, name, clusterName, desiredCount, settings, createdAt: now,
      primary: { id, taskDefinition: this.taskDefinitions.get(taskDefinition).arn, rolloutState: 'IN_PROGRESS', rolloutStateReason: `ECS deployment ${id} in progress.`, failedTasks: 0, createdAt: now, updatedAt: now },
    };
    this.#records.put(keyOf(clusterName, name), record);
    return this.#takeUp(record);
  }

  /** The service, live since this laptop started or since it was created; undefined where there is none. */
  find(clusterName: string, nameOrArn: string): LiveService | undefined {
    const key = keyOf(clusterName, nameIn(nameOrArn));
    const live = this.#live.get(key);
    if (live !== undefined) return live;
    const record = this.#records.get(key);
    return record && this.#takeUp(record);
  }

  /** @throws {AwsError} ServiceNotFoundException */
  get(clusterName: string, nameOrArn: string): LiveService {
    const found = this.find(clusterName, nameOrArn);
    if (found === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.');
    return found;
  }

  /** All services of a cluster, in the order of their names. */
  list(clusterName: string): readonly LiveService[] {
    return this.#records.list(`${clusterName}/`).map(({ value }) => this.get(clusterName, value.name));
  }

  /** Takes a service away; its tasks end, each after its time of grace. */
  remove(clusterName: string, name: string): void {
    const service = this.find(clusterName, name);
    this.#live.delete(keyOf(clusterName, name));
    this.#records.delete(keyOf(clusterName, name));
    if (service === undefined) return;
    this.#leaving.add(service);
    void service.drain().finally(() => this.#leaving.delete(service));
  }

  /** Starts a task that belongs to no service. */
  run(clusterName: string, taskDefinition: string, startedBy: string | undefined): Task {
    const { context, feed } = this.#host;
    const definition = this.taskDefinitions.get(taskDefinition);
    const task: Task = new Task({
      context,
      clusterName,
      taskDefinition: definition,
      group: `family:${definition.family}`,
      ...(startedBy !== undefined && { startedBy }),
      targets: [],
      line: (_container, line) => feed.line(line),
      changed: () => {
        this.#taskChanged(task);
        if (task.status === 'STOPPED') this.#alone.delete(task);
      },
    });
    this.#alone.add(task);
    void task.start();
    return task;
  }

  /** The tasks of a cluster, and those that ended lately. */
  tasks(clusterName: string): readonly Task[] {
    const live = [...this.#live.values()].flatMap(({ tasks }) => tasks);
    return [...new Set([...live, ...this.#alone, ...this.#ended])].filter(({ options }) => options.clusterName === clusterName);
  }

  /** Starts what services are to have. */
  ready(): void {
    for (const { value } of this.#records.list()) this.find(value.clusterName, value.name)?.wake();
    this.#usage.start(() => [...this.#live.values()]);
  }

  /** Ends all processes. */
  async close(): Promise<void> {
    await this.#usage.close();
    await Promise.all([...this.#live.values(), ...this.#leaving].map((service) => service.close()));
    await Promise.all([...this.#alone].map((task) => task.kill()));
  }

  #takeUp(record: ServiceRecord): LiveService {
    const service = new LiveService(this.#host, record);
    this.#live.set(keyOf(record.clusterName, record.name), service);
    return service;
  }

  #taskChanged(task: Task): void {
    if (task.status === 'STOPPED') {
      this.#ended.unshift(task);
      this.#ended.splice(mostEnded);
    }
    const { createdAt, startedAt, stoppedAt, ...described } = describeTask(task, this.clusterArn(task.options.clusterName));
    const times = Object.fromEntries(Object.entries({ createdAt, startedAt, stoppedAt }).flatMap(([name, time]) => (time instanceof Date ? [[name, time.toISOString()]] : [])));
    void publishNews(this.#context, principal, { source: 'aws.ecs', detailType: 'ECS Task State Change', resources: [task.arn], detail: { ...described, ...times } });
  }
}

function keyOf(clusterName: string, name: string): string {
  return `${clusterName}/${name}`;
}
