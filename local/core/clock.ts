import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './context.ts';

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, signal && { signal }),
};
