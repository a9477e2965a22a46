import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { LaptopContext } from '../../core/context.ts';
import type { MetricFeed } from '../cloudwatch/feed.ts';
import { publishNews } from '../events/publish.ts';
import type { TargetGroup } from '../load-balancing/target-group.ts';
import { failureThreshold, plan } from './plan.ts';
import { RestartPause } from './restart-pause.ts';
import { Task } from './task.ts';
import type { TaskDefinitions } from './task-definitions.ts';
import type { DeploymentRecord, ServiceRecord, ServiceSettings } from './types.ts';

/** What a service needs of its surroundings. */
export interface ServiceHost {
  readonly context: LaptopContext;
  readonly feed: MetricFeed;
  readonly taskDefinitions: TaskDefinitions;
  targetGroup(arn: string): TargetGroup | undefined;
  save(record: ServiceRecord): void;
  /** A task ended, or changed its status. */
  taskChanged(task: Task): void;
}

/** A line of a service's events. */
export interface ServiceEvent {
  readonly id: string;
  readonly createdAt: Date;
  readonly message: string;
}

/** A deployment as it is described: what it is, and the tasks that it has. */
export interface LiveDeployment extends DeploymentRecord {
  readonly status: 'PRIMARY' | 'ACTIVE';
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
}

const mostEvents = 100;
const defaults = { maximumPercent: 200, minimumHealthyPercent: 100, graceSeconds: 0 };
const principal = 'ecs.amazonaws.com';

/** A service at work: it keeps as many tasks as it is to have, and replaces them when its task definition changes. */
export class LiveService {
  record: ServiceRecord;
  readonly events: ServiceEvent[] = [];
  readonly #host: ServiceHost;
  readonly #tasks = new Set<Task>();
  /** Deployments that still have tasks, but are not to be reached any more. */
  readonly #former = new Map<string, DeploymentRecord>();
  readonly #closing = new AbortController();
  #scheduled = false;
  #steady = false;
  readonly #pause = new RestartPause();

  constructor(host: ServiceHost, record: ServiceRecord) {
    this.#host = host;
    this.record = record;
  }

  /** Its tasks, those on their way out as well. */
  get tasks(): readonly Task[] {
    return [...this.#tasks];
  }

  /** The deployment that it is to reach, and those before that still have tasks. */
  get deployments(): readonly LiveDeployment[] {
    return [this.record.primary, ...[...this.#former.values()].reverse()].map((deployment) => {
      const tasks = this.tasks.filter(({ options, isStopping }) => options.startedBy === deployment.id && !isStopping);
      const runningCount = tasks.filter(({ status }) => status === 'RUNNING').length;
      const status = deployment === this.record.primary ? 'PRIMARY' : 'ACTIVE';
      return { ...deployment, status, runningCount, pendingCount: tasks.length - runningCount, desiredCount: status === 'PRIMARY' ? this.record.desiredCount : 0 };
    });
  }

  /** Begins, or goes on with what an earlier laptop left. */
  wake(): void {
    if (this.#scheduled || this.#closing.signal.aborted) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.#closing.signal.aborted) this.#reconcile();
    });
  }

  /** Changes what it is to be. Another task definition, or force, is a new deployment. */
  update(change: { readonly desiredCount?: number; readonly taskDefinition?: string; readonly settings?: ServiceSettings; readonly force?: boolean }): void {
    const { desiredCount = this.record.desiredCount, taskDefinition = this.record.primary.taskDefinition, settings, force = false } = change;
    if (desiredCount !== this.record.desiredCount) this.#steady = false;
    this.#save({ ...this.record, desiredCount, settings: { ...this.record.settings, ...settings } });
    if (force || taskDefinition !== this.record.primary.taskDefinition) this.#deploy(taskDefinition, 'ECS deployment {id} in progress.');
    this.wake();
  }

  /** Ends all tasks, each after its time of grace, for good. */
  async drain(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.tasks.map((task) => task.end({ code: 'ServiceSchedulerInitiated', reason: `Scaling activity initiated by (deployment ${this.record.primary.id})` })));
  }

  /** Ends all tasks at once. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.tasks.map((task) => task.kill()));
  }

  #reconcile(): void {
    const { primary, settings, desiredCount } = this.record;
    const { healthCheckGracePeriodSeconds = defaults.graceSeconds, deploymentConfiguration = {} } = settings;
    for (const task of this.tasks) this.#look(task, Number(healthCheckGracePeriodSeconds));
    const live = this.tasks.filter(({ isStopping }) => !isStopping);
    const bounds = {
      desiredCount,
      maximumPercent: Number(deploymentConfiguration.maximumPercent ?? defaults.maximumPercent),
      minimumHealthyPercent: Number(deploymentConfiguration.minimumHealthyPercent ?? defaults.minimumHealthyPercent),
    };
    const { start, stop } = plan(live.map((task) => ({ task, healthy: task.healthy, primary: task.options.startedBy === primary.id })), bounds);
    for (const { task } of stop) {
      this.#tell(`has stopped 1 running tasks: (task ${task.id}).`);
      void task.end({ code: 'ServiceSchedulerInitiated', reason: `Scaling activity initiated by (deployment ${task.options.startedBy ?? ''})` });
    }
    if (this.record.primary.rolloutState !== 'FAILED') this.#start(start);
    this.#settle();
  }

  /** Notes that a task became healthy, ends one that is sick, and forgets one that is gone. */
  #look(task: Task, graceSeconds: number): void {
    if (task.healthy && !task.wasHealthy) {
      task.wasHealthy = true;
      this.#pause.recovered();
      if (task.options.startedBy === this.record.primary.id && this.record.primary.failedTasks > 0) this.#save({ ...this.record, primary: { ...this.record.primary, failedTasks: 0 } });
    }
    const problem = task.problem(graceSeconds);
    if (problem !== undefined) {
      this.#tell(`(task ${task.id}) ${problem}.`);
      void task.end({ code: 'ServiceSchedulerInitiated', reason: `Task ${problem}` });
    }
    if (task.status !== 'STOPPED') return;
    this.#tasks.delete(task);
    const { stop, options } = task;
    const failed = stop?.code === 'TaskFailedToStart' || stop?.code === 'EssentialContainerExited' || stop?.reason.startsWith('Task failed') === true;
    if (failed) this.#failed(task, options.startedBy);
  }

  #failed({ id, stop, wasHealthy }: Task, deploymentId: string | undefined): void {
    this.#tell(`(task ${id}) ended: ${stop?.reason ?? ''}`);
    this.#steady = false;
    this.#pause.failed();
    const { primary, settings, desiredCount } = this.record;
    if (deploymentId !== primary.id || primary.rolloutState !== 'IN_PROGRESS' || wasHealthy) return;
    const failedTasks = primary.failedTasks + 1;
    this.#save({ ...this.record, primary: { ...primary, failedTasks } });
    const { enable = false, rollback = false } = settings.deploymentConfiguration?.deploymentCircuitBreaker ?? {};
    if (String(enable) === 'true' && failedTasks >= failureThreshold(desiredCount)) this.#breakCircuit(String(rollback) === 'true', stop?.reason ?? '');
  }

  #breakCircuit(rollback: boolean, cause: string): void {
    const { primary, steadyTaskDefinition } = this.record;
    const reason = 'ECS deployment circuit breaker: tasks failed to start.';
    this.#host.context.emit({ type: 'notice', subject: this.record.name, message: `${reason} The last one: ${cause}` });
    this.#finishDeployment('FAILED', reason);
    if (!rollback || steadyTaskDefinition === undefined || steadyTaskDefinition === primary.taskDefinition) return;
    // The deployment that worked is reached again: the tasks that it still has are its own.
    const before = [...this.#former.values()].findLast((deployment) => deployment.taskDefinition === steadyTaskDefinition);
    this.#deploy(steadyTaskDefinition, 'ECS deployment circuit breaker: rolling back to deploymentId {id}.', before?.id);
  }

  #start(count: number): void {
    if (count === 0) return;
    const wait = this.#pause.milliseconds;
    if (wait > 0) {
      void delay(wait, undefined, { signal: this.#closing.signal, ref: false }).then(() => this.wake(), () => undefined);
      return;
    }
    const { context, feed, taskDefinitions, targetGroup } = this.#host;
    const { primary, settings, name, clusterName } = this.record;
    for (let number = 0; number < count; number += 1) {
      const task = new Task({
        context,
        clusterName,
        taskDefinition: taskDefinitions.get(primary.taskDefinition),
        group: `service:${name}`,
        startedBy: primary.id,
        targets: (settings.loadBalancers ?? []).flatMap(({ targetGroupArn = '', containerName = '' }) => {
          const group = targetGroup(targetGroupArn);
          return group === undefined ? [] : [{ group, containerName }];
        }),
        line: (containerName, line) => {
          feed.line(line);
          context.emit({ type: 'service', service: 'ecs', name: 'ContainerLog', detail: { serviceName: name, containerName, line } });
        },
        changed: () => {
          this.#host.taskChanged(task);
          this.wake();
        },
      });
      this.#tasks.add(task);
      this.#tell(`has started 1 tasks: (task ${task.id}).`);
      void task.start();
    }
  }

  /** Notes that a deployment is reached, once all of its tasks are healthy and those of the others gone. */
  #settle(): void {
    const { primary, desiredCount } = this.record;
    for (const id of this.#former.keys()) if (!this.tasks.some(({ options }) => options.startedBy === id)) this.#former.delete(id);
    const tasks = this.tasks.filter(({ isStopping }) => !isStopping);
    const reached = tasks.length === desiredCount && tasks.every((task) => task.healthy && task.options.startedBy === primary.id);
    if (!reached) return;
    if (primary.rolloutState === 'IN_PROGRESS') {
      this.#save({ ...this.record, steadyTaskDefinition: primary.taskDefinition });
      this.#finishDeployment('COMPLETED', `ECS deployment ${primary.id} completed.`);
    }
    if (!this.#steady) this.#tell('has reached a steady state.');
    this.#steady = true;
  }

  #deploy(taskDefinition: string, reason: string, id = `ecs-svc/${randomInt(10 ** 12, 10 ** 13)}`): void {
    const now = this.#host.context.clock.now().toISOString();
    this.#former.set(this.record.primary.id, this.record.primary);
    this.#former.delete(id);
    this.#steady = false;
    this.#pause.reset();
    this.#save({ ...this.record, primary: { id, taskDefinition, rolloutState: 'IN_PROGRESS', rolloutStateReason: reason.replace('{id}', id), failedTasks: 0, createdAt: now, updatedAt: now } });
    this.#news('IN_PROGRESS');
    this.wake();
  }

  #finishDeployment(rolloutState: 'COMPLETED' | 'FAILED', rolloutStateReason: string): void {
    this.#save({ ...this.record, primary: { ...this.record.primary, rolloutState, rolloutStateReason, updatedAt: this.#host.context.clock.now().toISOString() } });
    this.#tell(`(deployment ${this.record.primary.id}) deployment ${rolloutState.toLowerCase()}.`);
    this.#news(rolloutState);
  }

  #news(state: DeploymentRecord['rolloutState']): void {
    const { id, rolloutStateReason: reason, updatedAt } = this.record.primary;
    const detail = { eventType: state === 'FAILED' ? 'ERROR' : 'INFO', eventName: `SERVICE_DEPLOYMENT_${state}`, deploymentId: id, updatedAt, reason };
    void publishNews(this.#host.context, principal, { source: 'aws.ecs', detailType: 'ECS Deployment State Change', resources: [this.record.arn], detail });
  }

  #tell(message: string): void {
    const text = `(service ${this.record.name}) ${message}`;
    this.events.unshift({ id: randomUUID(), createdAt: this.#host.context.clock.now(), message: text });
    this.events.splice(mostEvents);
    this.#host.context.emit({ type: 'service', service: 'ecs', name: 'ServiceEvent', detail: { serviceName: this.record.name, message: text } });
  }

  #save(record: ServiceRecord): void {
    this.record = record;
    this.#host.save(record);
  }
}
