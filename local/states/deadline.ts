import type { Clock } from '../core/context.ts';
import { StatesError } from './errors.ts';

/** How long work may take, and how often it must give a sign of life. */
export interface Deadlines {
  readonly timeoutSeconds?: number;
  readonly heartbeatSeconds?: number;
}

/**
 * Runs work until it settles, its time is up, its heart stops, or the parent signal aborts, whichever is first.
 * The work's own signal aborts then; a port that ignores it cannot hold the execution up.
 */
export async function within<T>(
  deadlines: Deadlines,
  clock: Clock,
  parent: AbortSignal,
  work: (signal: AbortSignal, heartbeat: () => void) => Promise<T>,
): Promise<T> {
  parent.throwIfAborted();
  const scope = new AbortController();
  const signal = AbortSignal.any([parent, scope.signal]);
  let lastBeat = clock.now().getTime();
  const contenders: Promise<T>[] = [
    work(signal, () => {
      lastBeat = clock.now().getTime();
    }),
    rejectOnAbort(parent, scope.signal),
  ];
  const { timeoutSeconds, heartbeatSeconds } = deadlines;
  if (timeoutSeconds !== undefined) contenders.push(expire(clock, timeoutSeconds, signal, 'States.Timeout'));
  if (heartbeatSeconds !== undefined) contenders.push(watch(clock, heartbeatSeconds, signal, () => lastBeat));
  try {
    return await Promise.race(contenders);
  } finally {
    scope.abort(new Error('The work is over.'));
  }
}

function rejectOnAbort(signal: AbortSignal, cleanup: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: cleanup });
  });
}

async function expire(clock: Clock, seconds: number, signal: AbortSignal, error: 'States.Timeout' | 'States.HeartbeatTimeout'): Promise<never> {
  await clock.sleep(seconds * 1000, signal);
  throw new StatesError(error);
}

async function watch(clock: Clock, seconds: number, signal: AbortSignal, lastBeat: () => number): Promise<never> {
  for (;;) {
    const left = lastBeat() + seconds * 1000 - clock.now().getTime();
    if (left <= 0) throw new StatesError('States.HeartbeatTimeout');
    await clock.sleep(left, signal);
  }
}
