import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { LaptopContext } from '../../core/context.ts';
import type { MetricFeed } from '../cloudwatch/feed.ts';
import type { LiveService } from './service.ts';
import type { Task } from './task.ts';

/** How often processes are looked at, of the machine's time: often enough for a minute of a clock that runs fast. */
const lookMilliseconds = 1000;
/** What Linux counts processor time in. */
const ticksPerSecond = 100;

/** What a task of no size of its own counts against: one processor, and so much memory. */
const defaults = { cpuUnits: 1024, memoryMegabytes: 2048 };

/** Tells CloudWatch how much of their processor and memory the tasks of services use, as ECS does. Where the system tells (Linux). */
export class UsageMeter {
  readonly #context: LaptopContext;
  readonly #feed: MetricFeed;
  readonly #closing = new AbortController();
  /** Processor time that was seen of a task, in seconds. */
  readonly #seen = new Map<Task, number>();
  #running: Promise<void> | undefined;

  constructor(context: LaptopContext, feed: MetricFeed) {
    this.#context = context;
    this.#feed = feed;
  }

  /** Begins. @param services those that are there at each look */
  start(services: () => readonly LiveService[]): void {
    this.#running ??= this.#run(services).catch(() => undefined);
  }

  /** Stops. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(services: () => readonly LiveService[]): Promise<void> {
    let last = performance.now();
    for (;;) {
      await delay(lookMilliseconds, undefined, { signal: this.#closing.signal, ref: false });
      const now = performance.now();
      for (const service of services()) this.#look(service, (now - last) / 1000);
      last = now;
      for (const task of this.#seen.keys()) if (task.status === 'STOPPED') this.#seen.delete(task);
    }
  }

  #look({ record, tasks }: LiveService, seconds: number): void {
    const used = tasks.filter(({ status }) => status === 'RUNNING').flatMap((task) => this.#usage(task, seconds));
    if (used.length === 0) return;
    const Dimensions = [{ Name: 'ClusterName', Value: record.clusterName }, { Name: 'ServiceName', Value: record.name }];
    const Timestamp = this.#context.clock.now();
    const metric = (MetricName: string, Values: number[]) => ({ MetricName, Dimensions, Timestamp, Values, Unit: 'Percent' });
    this.#feed.add('AWS/ECS', metric('CPUUtilization', used.map(({ cpu }) => cpu)), metric('MemoryUtilization', used.map(({ memory }) => memory)));
  }

  #usage(task: Task, seconds: number): { readonly cpu: number; readonly memory: number }[] {
    const processes = task.containers.flatMap(({ pid }) => readProcess(pid) ?? []);
    if (processes.length === 0) return [];
    const cpuSeconds = processes.reduce((sum, one) => sum + one.cpuSeconds, 0);
    const before = this.#seen.get(task);
    this.#seen.set(task, cpuSeconds);
    if (before === undefined) return [];
    const { cpu = defaults.cpuUnits, memory = defaults.memoryMegabytes } = task.options.taskDefinition.input;
    const megabytes = processes.reduce((sum, one) => sum + one.megabytes, 0);
    return [{ cpu: (100 * (cpuSeconds - before)) / seconds / (Number(cpu) / 1024), memory: (100 * megabytes) / Number(memory) }];
  }
}

function readProcess(pid: number): { readonly cpuSeconds: number; readonly megabytes: number } | undefined {
  try {
    // Behind the name, which may hold anything, the fields count from the third on.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return { cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond, megabytes: (pages * 4096) / 2 ** 20 };
  } catch {
    // It just ended, or this system tells nothing of processes.
    return undefined;
  }
}
