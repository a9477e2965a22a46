import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Pace } from './context.ts';

/** setTimeout takes at most so long (and fires at once for more): a longer wait is slept in parts. */
const longestDelay = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(milliseconds, signal) {
    signal?.throwIfAborted();
    let left = milliseconds;
    do {
      await machineSleep(Math.min(left, longestDelay), signal);
      left -= longestDelay;
    } while (left > 0);
  },
};

/** A clock that runs faster than the machine's, from a time on. @throws {RangeError} when its speed is no number above zero */
export function pacedClock(speed: number, from: number): Clock {
  if (!(speed > 0) || !Number.isFinite(speed)) throw new RangeError(`The clock's speed is ${speed}: expected a number above zero, such as 60.`);
  const pace: Pace = { speed, machineStart: Date.now(), start: from };
  const now = (): number => pace.start + (Date.now() - pace.machineStart) * speed;
  return {
    pace,
    now: () => new Date(now()),
    async sleep(milliseconds, signal) {
      const due = now() + milliseconds;
      // A timer may be early by a part of a millisecond, which is much on a fast clock.
      do await systemClock.sleep(Math.max(0, Math.ceil((due - now()) / speed)), signal);
      while (now() < due);
    },
  };
}

/**
 * How long some of the machine's time is on a clock. What bounds a program's work is slept by it, since programs run at
 * the machine's pace however fast the clock is.
 */
export function machineTime(clock: Clock, milliseconds: number): number {
  return milliseconds * (clock.pace?.speed ?? 1);
}

async function machineSleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal && { signal });
  } catch (error) {
    // Node's own error hides the reason.
    signal?.throwIfAborted();
    throw error;
  }
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/**
 * A clock that jumps to the next sleeper as soon as nothing else is left to do, for tests: an hour of
 * waiting takes no time, and sleepers wake in the order in which they are due.
 */
export function virtualClock(start: number): Clock {
  let now = start;
  let scheduled = false;
  const sleepers = new Set<Sleeper>();
  const advance = (): void => {
    scheduled = false;
    const [next] = [...sleepers].sort((a, b) => a.due - b.due);
    if (next === undefined) return;
    now = Math.max(now, next.due);
    sleepers.delete(next);
    next.wake();
    schedule();
  };
  const schedule = (): void => {
    if (scheduled || sleepers.size === 0) return;
    scheduled = true;
    setImmediate(advance);
  };
  return {
    now: () => new Date(now),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const onAbort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        const wake = (): void => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        };
        const sleeper: Sleeper = { due: now + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
        schedule();
      }),
  };
}
