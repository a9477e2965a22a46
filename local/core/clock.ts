import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './context.ts';

/** setTimeout takes at most so long (and fires at once for more): a longer wait is slept in parts. */
const longestDelay = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(milliseconds, signal) {
    let left = milliseconds;
    do {
      await delay(Math.min(left, longestDelay), undefined, signal && { signal });
      left -= longestDelay;
    } while (left > 0);
  },
};
