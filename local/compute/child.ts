import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A program to start, with the whole of its environment: nothing of the host's comes along by itself. */
export interface ChildOptions {
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** How a child process ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running child process and all processes that it starts. */
export interface Child {
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** What the child writes to file descriptor 4: a side channel for programs of ours. */
  readonly reports: Readable;
  /** Resolves when the child itself has ended; its output may still have to be read. */
  readonly exited: Promise<ChildExit>;
  /** Sends the signal to the child and everything that it started. */
  signal(name: NodeJS.Signals): void;
}

/**
 * A shell that waits at the far end of a pipe of ours, then becomes the program. When the pipe closes, because the laptop
 * closed it or was killed, the kernel ends the wait and the whole process group goes: even a child in an endless loop.
 */
const guard = '(read _ <&3; kill -KILL 0) </dev/null >/dev/null 2>&1 & exec "$0" "$@" 3<&-';

/**
 * Starts a program that never outlives the laptop, nor do the processes that it starts.
 * @throws when the program cannot be started
 */
export function startChild(options: ChildOptions): Child {
  const child = spawn('/bin/sh', ['-c', guard, ...options.command], {
    cwd: options.directory,
    env: options.environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const { pid } = child;
  const [, stdout, stderr, lifeline, reports] = child.stdio;
  if (pid === undefined || !stdout || !stderr || !lifeline || !reports) {
    child.once('error', () => undefined);
    throw new Error(`Cannot start ${options.command[0]} in ${options.directory}: is the folder there, and /bin/sh?`);
  }
  // The guard closes its end when it dies with the group; a reset pipe is news of that and no error.
  lifeline.on('error', () => undefined);
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => {
      lifeline.destroy();
      resolve({ code, signal });
    });
  });
  return {
    pid,
    stdout,
    stderr,
    reports: reports as Readable,
    exited,
    signal(name) {
      try {
        process.kill(-pid, name);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    },
  };
}
