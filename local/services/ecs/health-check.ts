import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from '../../compute/child.ts';
import type { ChildExit } from '../../compute/child.ts';
import { eachLine } from '../../compute/lines.ts';
import type { ContainerDefinition } from './types.ts';

/** How ECS sees a container's health. */
export type ContainerHealth = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';

/** What a container's health command runs in. */
export interface HealthCommand {
  readonly check: NonNullable<ContainerDefinition['healthCheck']>;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The ports of the container, and what they are on this machine. */
  readonly ports: ReadonlyMap<number, number>;
  readonly signal: AbortSignal;
  changed(health: ContainerHealth): void;
  /** The command cannot run on this machine. */
  unusable(reason: string): void;
}

const defaults = { interval: 30, timeout: 5, retries: 3, startPeriod: 0 };

/** A container that was never healthy is asked as often, so that it is found as soon as it is up. */
const firstChecksMilliseconds = 500;

/** What a shell answers when it knows no such program. */
const noSuchProgram = 127;

/** Runs a container's health command again and again until the signal aborts, at the machine's pace. */
export async function watchHealth({ check, directory, environment, ports, signal, changed, unusable }: HealthCommand): Promise<void> {
  const { interval = defaults.interval, timeout = defaults.timeout, retries = defaults.retries, startPeriod = defaults.startPeriod } = check;
  const command = commandOf(check.command, ports);
  if (command === undefined) return;
  const began = performance.now();
  let [failures, healthy] = [0, false];
  while (!signal.aborted) {
    const code = await run(command, directory, environment, Number(timeout) * 1000, signal);
    if (signal.aborted) return;
    if (code === noSuchProgram) {
      unusable(`"${command.join(' ')}" is no program of this machine`);
      return;
    }
    const counts = healthy || performance.now() - began >= Number(startPeriod) * 1000;
    failures = code === 0 ? 0 : failures + (counts ? 1 : 0);
    if (code === 0 && !healthy) changed('HEALTHY');
    if (code === 0) healthy = true;
    if (failures >= Number(retries)) {
      healthy = false;
      changed('UNHEALTHY');
    }
    await delay(healthy ? Number(interval) * 1000 : Math.min(firstChecksMilliseconds, Number(interval) * 1000), undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** The command with this machine's ports in the place of the container's; undefined for NONE. */
function commandOf([kind = '', ...rest]: readonly string[], ports: ReadonlyMap<number, number>): [string, ...string[]] | undefined {
  const local = (text: string): string => text.replace(/\b(localhost|127\.0\.0\.1):(\d+)/g, (whole, host: string, port: string) => (ports.has(Number(port)) ? `${host}:${ports.get(Number(port))!}` : whole));
  if (kind === 'NONE') return undefined;
  if (kind === 'CMD-SHELL') return ['/bin/sh', '-c', local(rest.join(' '))];
  const [program = kind, ...args] = kind === 'CMD' ? rest : [kind, ...rest];
  return [program, ...args.map(local)];
}

async function run(command: readonly [string, ...string[]], directory: string, environment: Readonly<Record<string, string>>, timeoutMilliseconds: number, signal: AbortSignal): Promise<number> {
  const child = startChild({ command, directory, environment });
  const kill = (): void => child.signal('SIGKILL');
  const timer = setTimeout(kill, timeoutMilliseconds);
  signal.addEventListener('abort', kill, { once: true });
  const output = [child.stdout, child.stderr, child.reports].map((stream) => eachLine(stream, () => undefined));
  try {
    const { code }: ChildExit = await child.exited;
    await Promise.all(output);
    return code ?? 1;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
  }
}
