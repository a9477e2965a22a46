import { describe, expect, it } from 'vitest';
import { follow, parseSchedule } from '../../../local/services/events/schedule.ts';

const next = (expression: string, after: string, zone?: string): string | undefined => parseSchedule(expression, zone)(new Date(after))?.toISOString();

describe('schedules', () => {
  it.each([
    ['rate(5 minutes)', '2026-01-01T00:00:00Z', '2026-01-01T00:05:00.000Z'],
    ['rate(1 day)', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00.000Z'],
    ['cron(0 3 * * ? *)', '2026-01-01T03:00:00Z', '2026-01-02T03:00:00.000Z'],
    ['cron(0/15 * * * ? *)', '2026-01-01T00:16:30Z', '2026-01-01T00:30:00.000Z'],
    ['cron(30 8,20 ? * MON-FRI *)', '2026-01-02T20:30:00Z', '2026-01-05T08:30:00.000Z'],
    ['cron(0 0 1 * ? *)', '2026-12-15T00:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['cron(0 0 L * ? *)', '2026-02-10T00:00:00Z', '2026-02-28T00:00:00.000Z'],
    ['cron(0 0 ? * 6L *)', '2026-02-01T00:00:00Z', '2026-02-27T00:00:00.000Z'],
    ['cron(0 0 ? * 2#1 *)', '2026-02-03T00:00:00Z', '2026-03-02T00:00:00.000Z'],
    ['cron(0 0 15W * ? *)', '2026-02-01T00:00:00Z', '2026-02-16T00:00:00.000Z'],
    ['cron(0 0 29 FEB ? *)', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['cron(0 0 1 1 ? 2020)', '2026-01-01T00:00:00Z', undefined],
    ['at(2026-05-01T12:00:30)', '2026-01-01T00:00:00Z', '2026-05-01T12:00:30.000Z'],
    ['at(2026-05-01T12:00:30)', '2026-06-01T00:00:00Z', undefined],
  ])('%s after %s', (expression, after, expected) => expect(next(expression, after)).toBe(expected));

  it('follow the clocks of a time zone', () => {
    expect(next('cron(0 9 * * ? *)', '2026-01-15T00:00:00Z', 'Europe/Berlin')).toBe('2026-01-15T08:00:00.000Z');
    expect(next('cron(0 9 * * ? *)', '2026-07-15T00:00:00Z', 'Europe/Berlin')).toBe('2026-07-15T07:00:00.000Z');
    expect(next('at(2026-07-15T09:00:00)', '2026-07-15T00:00:00Z', 'America/New_York')).toBe('2026-07-15T13:00:00.000Z');
  });

  it.each(['rate(0 minutes)', 'every day', 'cron(0 3 * * *)', 'cron(0 3 * * * *)', 'cron(61 3 * * ? *)', 'at(tomorrow)'])('refuse %s', (expression) => expect(() => parseSchedule(expression)).toThrow());

  it('fire at each of their times', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const control = new AbortController();
    const fired: string[] = [];
    const clock = {
      now: () => new Date(now),
      sleep: async (milliseconds: number, signal?: AbortSignal) => {
        signal?.throwIfAborted();
        now += milliseconds;
      },
    };
    const following = follow(parseSchedule('cron(0 0 1 * ? *)'), clock, control.signal, (time) => {
      fired.push(time.toISOString().slice(0, 10));
      if (fired.length === 3) control.abort();
    });
    await expect(following).rejects.toThrow();
    expect(fired).toEqual(['2026-02-01', '2026-03-01', '2026-04-01']);
  });
});
