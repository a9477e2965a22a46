import type { Clock } from '../../../local/core/context.ts';

/** A clock that stands still until the test moves it. */
export interface ManualClock extends Clock {
  advance(milliseconds: number): void;
}

/** Makes one that starts at the beginning of 2026. */
export function manualClock(): ManualClock {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const sleepers = new Set<{ readonly due: number; readonly wake: () => void }>();
  return {
    now: () => new Date(now),
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { due: now + milliseconds, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason as Error);
        });
      }),
    advance(milliseconds) {
      now += milliseconds;
      for (const sleeper of [...sleepers].filter(({ due }) => due <= now)) {
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
  };
}
