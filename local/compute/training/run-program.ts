import { startChild } from '../child.ts';
import type { ChildExit, ChildOptions } from '../child.ts';
import { eachLine } from '../lines.ts';

/** SageMaker gives a job two minutes between asking it to stop and killing it. */
const graceMilliseconds = 120_000;

/** How a training program's run ended. */
export interface ProgramEnd {
  readonly exit: ChildExit;
  /** Why it was asked to stop, if it was. */
  readonly stopped?: 'requested' | 'max-runtime';
}

/** What a run may be bounded and watched by. */
export interface ProgramRun extends ChildOptions {
  readonly maxRuntimeMilliseconds: number;
  /** Abort it to stop the program, with time to save its work. */
  readonly stop: AbortSignal;
  /** Abort it to end the program at once. */
  readonly kill: AbortSignal;
  line(text: string): void;
}

/** Runs a training program to its end, its output line by line. */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  const child = startChild(run);
  const output = Promise.all([eachLine(child.stdout, run.line), eachLine(child.stderr, run.line), eachLine(child.reports, () => undefined)]);
  let stopped: ProgramEnd['stopped'];
  let grace: NodeJS.Timeout | undefined;
  const kill = (): void => child.signal('SIGKILL');
  const stop = (reason: NonNullable<ProgramEnd['stopped']>): void => {
    if (stopped !== undefined) return;
    stopped = reason;
    child.signal('SIGTERM');
    grace = setTimeout(kill, graceMilliseconds);
  };
  const requested = (): void => stop('requested');
  const limit = setTimeout(() => stop('max-runtime'), Math.min(run.maxRuntimeMilliseconds, longestTimer));
  run.stop.addEventListener('abort', requested, { once: true });
  run.kill.addEventListener('abort', kill, { once: true });
  if (run.stop.aborted) requested();
  if (run.kill.aborted) kill();
  try {
    const exit = await child.exited;
    await output;
    return { exit, ...(stopped === undefined ? {} : { stopped }) };
  } finally {
    clearTimeout(limit);
    clearTimeout(grace);
    run.stop.removeEventListener('abort', requested);
    run.kill.removeEventListener('abort', kill);
  }
}

/** Node's timers count milliseconds in 31 bits: 24 days. */
const longestTimer = 2 ** 31 - 1;
