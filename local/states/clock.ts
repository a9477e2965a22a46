import type { Clock } from './ports.ts';

/** The host's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      // setTimeout takes at most 2^31 - 1 ms; a longer wait is slept in parts.
      const part = Math.min(ms, 2 ** 31 - 1);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve(part < ms ? systemClock.sleep(ms - part, signal) : undefined);
      }, part);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

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
    now: () => now,
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
