import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { LaptopContext } from '../../core/context.ts';
import type { TargetGroup } from '../load-balancing/target-group.ts';
import { Container, isEssential, programOf } from './container.ts';
import { TaskStartError } from './secrets.ts';
import type { ContainerDefinition, TaskDefinitionRecord } from './types.ts';

/** Where a task is in its life. */
export type TaskStatus = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';

/** Why a task ended, in ECS's own word and in a sentence. */
export interface StopReason {
  readonly code: 'TaskFailedToStart' | 'EssentialContainerExited' | 'UserInitiated' | 'ServiceSchedulerInitiated';
  readonly reason: string;
}

/** What a task is started from. */
export interface TaskOptions {
  readonly context: LaptopContext;
  readonly clusterName: string;
  readonly taskDefinition: TaskDefinitionRecord;
  /** `service:<name>` or `family:<name>`. */
  readonly group: string;
  /** A deployment's id, or what RunTask was told. */
  readonly startedBy?: string;
  /** Where the service registers it. */
  readonly targets: readonly { readonly group: TargetGroup; readonly containerName: string }[];
  line(containerName: string, text: string): void;
  changed(): void;
}

/** A task: the processes of its containers, and their places in target groups. */
export class Task {
  readonly id = randomUUID().replaceAll('-', '');
  readonly arn: string;
  readonly options: TaskOptions;
  readonly createdAt: Date;
  startedAt: Date | undefined;
  stoppedAt: Date | undefined;
  stop: StopReason | undefined;
  /** Whether it once did all that is asked of it. */
  wasHealthy = false;
  /** On the machine's clock, when it began to run. */
  startedMilliseconds = 0;
  #status: TaskStatus = 'PROVISIONING';
  #containers: Container[] = [];
  readonly #folder: string;
  readonly #over: Promise<void>;
  readonly #end: () => void;
  #starting: Promise<void> | undefined;

  constructor(options: TaskOptions) {
    const { context, clusterName } = options;
    this.options = options;
    this.arn = `arn:${context.partition}:ecs:${context.region}:${context.accountId}:task/${clusterName}/${this.id}`;
    this.createdAt = context.clock.now();
    this.#folder = path.join(context.stateDirectory, 'ecs', 'tasks', this.id);
    let end = (): void => undefined;
    this.#over = new Promise((resolve) => (end = resolve));
    this.#end = end;
  }

  get status(): TaskStatus {
    return this.#status;
  }

  get containers(): readonly Container[] {
    return this.#containers;
  }

  /** Whether it is on its way out, or gone. */
  get isStopping(): boolean {
    return this.stop !== undefined;
  }

  /** Whether it runs, its containers say that they are well, and its target groups send it requests. */
  get healthy(): boolean {
    return this.#status === 'RUNNING' && !this.isStopping && this.#containers.every((container) => !container.essential || container.healthy) && this.#targets().every(({ group, port }) => group.healthOf(port) === 'healthy');
  }

  /** What is wrong with a task that runs, if something is. */
  problem(graceSeconds: number): string | undefined {
    if (this.#status !== 'RUNNING' || this.isStopping) return undefined;
    if (this.#containers.some((container) => container.essential && container.health === 'UNHEALTHY')) return 'failed container health checks';
    const inGrace = performance.now() - this.startedMilliseconds < graceSeconds * 1000;
    const sick = this.#targets().find(({ group, port }) => group.healthOf(port) === 'unhealthy');
    return sick === undefined || inGrace ? undefined : `failed ELB health checks in (target-group ${sick.group.arn})`;
  }

  /** Starts its containers. It never rejects: what goes wrong ends the task. */
  start(): Promise<void> {
    this.#starting = this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    const { context, taskDefinition, targets } = this.options;
    this.#set('PENDING');
    mkdirSync(this.#folder, { recursive: true });
    try {
      for (const definition of taskDefinition.input.containerDefinitions) await this.#startContainer(definition);
      if (this.isStopping) return;
      this.startedAt = context.clock.now();
      this.startedMilliseconds = performance.now();
      this.#set('RUNNING');
      for (const { group, containerName } of targets) {
        const container = this.#containers.find(({ definition }) => definition.name === containerName);
        if (container === undefined) continue;
        group.register(container.port);
        group.changes.on('changed', this.options.changed);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!(error instanceof TaskStartError)) context.emit({ type: 'notice', subject: this.options.group, message: `a task cannot be started: ${reason}` });
      void this.end({ code: 'TaskFailedToStart', reason });
    }
  }

  /** Lets its target groups forget it, then ends its containers, each after its own time of grace. Resolves when no process is left. */
  async end(stop: StopReason): Promise<void> {
    if (this.stop !== undefined) return this.#over;
    this.stop = stop;
    this.#set('DEACTIVATING');
    await this.#starting;
    await Promise.all(this.#targets().map(({ group, port }) => group.deregister(port)));
    this.#set('STOPPING');
    await Promise.all(this.#containers.map((container) => container.stop()));
    this.#finish();
  }

  /** Ends it at once. Resolves when no process is left. */
  async kill(): Promise<void> {
    this.stop ??= { code: 'UserInitiated', reason: 'The laptop stops.' };
    await Promise.all(this.#containers.map((container) => container.kill()));
    await this.#starting;
    this.#finish();
  }

  async #startContainer(definition: ContainerDefinition): Promise<void> {
    const { context, taskDefinition, group, line } = this.options;
    if (this.isStopping) return;
    if (!isEssential(definition) && !context.programs.some(({ image }) => image.test(definition.image))) {
      context.emit({ type: 'notice', subject: group, message: `the container ${definition.name} is left out: no program stands in for its image "${definition.image}", and its task does not need it` });
      return;
    }
    if (definition.entryPoint !== undefined) context.emit({ type: 'notice', subject: group, message: `the entry point of the container ${definition.name} is not the declared one: the program that stands in for its image is started` });
    const container = await Container.start({
      context,
      taskDefinition,
      definition,
      program: programOf(context, definition),
      taskId: this.id,
      folder: this.#folder,
      logName: group.replace(':', '-'),
      line: (text) => line(definition.name, text),
      changed: () => this.#look(),
    });
    this.#containers.push(container);
    // The laptop may have been told to stop while the container was on its way.
    if (this.isStopping) await container.kill();
  }

  #look(): void {
    const ended = this.#containers.find((container) => container.essential && container.exit !== undefined);
    if (ended !== undefined && !this.isStopping) {
      const { code, signal } = ended.exit!;
      void this.end({ code: 'EssentialContainerExited', reason: `Essential container in task exited: ${ended.definition.name} (${code === null ? String(signal) : `exit code ${code}`})` });
    }
    this.options.changed();
  }

  #targets(): { readonly group: TargetGroup; readonly port: number }[] {
    return this.options.targets.flatMap(({ group, containerName }) => this.#containers.filter(({ definition }) => definition.name === containerName).map(({ port }) => ({ group, port })));
  }

  #finish(): void {
    if (this.#status === 'STOPPED') return;
    for (const { group } of this.options.targets) group.changes.off('changed', this.options.changed);
    this.stoppedAt = this.options.context.clock.now();
    rmSync(this.#folder, { recursive: true, force: true });
    this.#set('STOPPED');
    this.#end();
  }

  #set(status: TaskStatus): void {
    this.#status = status;
    this.options.changed();
  }
}
