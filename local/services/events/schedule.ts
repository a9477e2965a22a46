import type { Clock } from '../../core/context.ts';
import { nextCron, parseCron } from './cron.ts';
import { toInstant } from './time-zone.ts';

/** When something is to happen: each call gives the next time after the one given. */
export type Schedule = (after: Date) => Date | undefined;

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Timers count milliseconds in 31 bits, and a laptop may sleep meanwhile: look at the clock once a day at least. */
const longestSleep = units['day'] ?? 0;

/**
 * Reads `rate(5 minutes)`, `cron(0 3 * * ? *)` or `at(2026-01-01T00:00:00)`.
 * @param zone the IANA name of the time zone that cron and at mean
 * @throws when it is none of them
 */
export function parseSchedule(expression: string, zone = 'UTC'): Schedule {
  const [, kind, text = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'cron') {
    const cron = parseCron(text);
    return (after) => nextCron(cron, after, zone);
  }
  if (kind === 'at') {
    const time = parseAt(text, zone);
    return (after) => (time > after ? time : undefined);
  }
  const [, count, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(text.trim()) ?? [];
  const milliseconds = Number(count) * (units[unit] ?? NaN);
  if (kind !== 'rate' || !(milliseconds > 0)) throw new Error(`"${expression}" is no schedule: expected rate(5 minutes), cron(0 3 * * ? *) or at(2026-01-01T00:00:00).`);
  return (after) => new Date(after.getTime() + milliseconds);
}

function parseAt(text: string, zone: string): Date {
  const [, year, month, day, hour, minute, second] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text) ?? [];
  if (year === undefined) throw new Error(`at(${text}) is no time: expected at(yyyy-mm-ddThh:mm:ss).`);
  const wall = { year: Number(year), month: Number(month), day: Number(day), hour: Number(hour), minute: Number(minute) };
  return new Date(toInstant(wall, zone).getTime() + Number(second) * 1000);
}

/** Calls `fire` at each time of a schedule until no time is left; rejects when the signal aborts. */
export async function follow(schedule: Schedule, clock: Clock, signal: AbortSignal, fire: (time: Date) => void): Promise<void> {
  let time = schedule(clock.now());
  while (time !== undefined) {
    const wait = time.getTime() - clock.now().getTime();
    if (wait > 0) {
      await clock.sleep(Math.min(wait, longestSleep), signal);
    } else {
      fire(time);
      time = schedule(time);
    }
  }
}
