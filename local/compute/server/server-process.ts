import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from '../child.ts';
import type { Child, ChildExit, ChildOptions } from '../child.ts';
import { eachLine } from '../lines.ts';
import { freePort } from './free-port.ts';
import { answers } from './probe.ts';
import type { Probe } from './probe.ts';

/** A server program, as a container runs it. */
export interface ServerOptions extends ChildOptions {
  /** When it counts as up. */
  readonly probe: Probe;
  /** How long it may take until it is up. SageMaker: 8 minutes unless the variant says otherwise. */
  readonly startupMilliseconds: number;
  /** The variables in which the program is told its port. @default - PORT */
  readonly portVariables?: readonly string[];
  /** Each line of its output. */
  line(text: string): void;
}

/** The server did not come up: it ended, or its time was over. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';
}

const probeMilliseconds = 25;
const lastLines = 5;

/** A server's process, from its start to its end: it never outlives the laptop, nor does what it starts. */
export class ServerProcess {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  readonly pid: number;
  /** Resolves when the process has ended and all its output was read. */
  readonly exited: Promise<ChildExit>;
  /** Resolves when it is up; rejects with a ServerStartError when it will not be. */
  readonly ready: Promise<void>;
  readonly #child: Child;
  #ended = false;

  /** Starts a program on a free port. It is not up yet: see `ready`. */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    return new ServerProcess(options, await freePort());
  }

  private constructor(options: ServerOptions, port: number) {
    this.port = port;
    const told = Object.fromEntries((options.portVariables ?? ['PORT']).map((name) => [name, String(port)]));
    this.#child = startChild({ ...options, environment: { ...options.environment, ...told } });
    this.pid = this.#child.pid;
    const tail: string[] = [];
    const line = (text: string): void => {
      tail.push(text);
      if (tail.length > lastLines) tail.shift();
      options.line(text);
    };
    const output = Promise.all([eachLine(this.#child.stdout, line), eachLine(this.#child.stderr, line), eachLine(this.#child.reports, () => undefined)]);
    this.exited = this.#child.exited.then(async (exit) => {
      this.#ended = true;
      await output;
      return exit;
    });
    this.ready = this.#comeUp(options, tail);
    // Who only waits for the end need not listen here as well.
    this.ready.catch(() => undefined);
  }

  /** Whether the process is still there. */
  get running(): boolean {
    return !this.#ended;
  }

  /** Asks it to end, and ends it once the grace is over: 30 seconds on SageMaker and ECS. */
  async stop(graceMilliseconds: number): Promise<ChildExit> {
    this.#child.signal('SIGTERM');
    const grace = setTimeout(() => this.kill(), graceMilliseconds);
    try {
      return await this.exited;
    } finally {
      clearTimeout(grace);
    }
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.signal('SIGKILL');
  }

  async #comeUp({ probe, startupMilliseconds }: ServerOptions, tail: readonly string[]): Promise<void> {
    const deadline = performance.now() + startupMilliseconds;
    while (!(await answers(this.port, probe)) || this.#ended) {
      if (this.#ended) {
        const { code, signal } = await this.exited;
        throw new ServerStartError(`The program ended (${code === null ? String(signal) : `exit code ${code}`}) before it ${wanted(probe)}${said(tail)}`);
      }
      if (performance.now() > deadline) throw new ServerStartError(`The program did not ${wanted(probe, true)} within ${startupMilliseconds / 1000} s${said(tail)}`);
      await Promise.race([delay(probeMilliseconds), this.#child.exited]);
    }
  }
}

function wanted({ path }: Probe, infinitive = false): string {
  if (path === undefined) return `${infinitive ? 'take' : 'took'} connections`;
  return `${infinitive ? 'answer' : 'answered'} 200 to GET ${path}`;
}

function said(tail: readonly string[]): string {
  return tail.length === 0 ? '; it printed nothing.' : `; its last words: ${tail.join(' | ')}`;
}
