import { parts, toInstant } from './time-zone.ts';

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const lastYear = 2199;

type DayTest = (year: number, month: number, day: number) => boolean;

/** A cron expression of EventBridge: minutes, hours, day of month, month, day of week, year. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly years: (year: number) => boolean;
  readonly day: DayTest;
}

/** Parses the six fields between `cron(` and `)`. @throws when they are none */
export function parseCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  if (minutes === undefined || hours === undefined || dayOfMonth === undefined || month === undefined || dayOfWeek === undefined || year === undefined || fields.length !== 6) {
    throw new Error(`cron(${text}) has ${fields.length} fields: expected minutes, hours, day of month, month, day of week and year.`);
  }
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) throw new Error(`cron(${text}) must have ? in exactly one of day of month and day of week.`);
  return {
    minutes: numbers(minutes, 0, 59),
    hours: numbers(hours, 0, 23),
    months: numbers(named(month, monthNames, 1), 1, 12),
    years: year === '*' ? () => true : ((set) => (value: number) => set.has(value))(numbers(year, 1970, lastYear)),
    day: dayOfWeek === '?' ? monthDay(dayOfMonth) : weekDay(named(dayOfWeek, dayNames, 1)),
  };
}

/** The first time after `after` that the expression names, in the zone given; undefined when there is none. */
export function nextCron(cron: Cron, after: Date, zone: string): Date | undefined {
  const start = parts(after, zone);
  const date = new Date(Date.UTC(start.year, start.month - 1, start.day));
  // Leap days on a certain weekday may lie 40 years apart.
  for (let days = 0; days < 366 * 41; days += 1, date.setUTCDate(date.getUTCDate() + 1)) {
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    if (!cron.years(year) || !cron.months.has(month) || !cron.day(year, month, day)) continue;
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const instant = toInstant({ year, month, day, hour, minute }, zone);
        if (instant > after) return instant;
      }
    }
  }
  return undefined;
}

function named(text: string, names: readonly string[], first: number): string {
  return text.toUpperCase().replace(/[A-Z]{3}/g, (name) => (names.includes(name) ? String(names.indexOf(name) + first) : name));
}

/** The numbers that a field lists, in order. */
function numbers(text: string, least: number, most: number): Set<number> {
  const found = text.split(',').flatMap((item) => {
    const [range = '', step] = item.split('/');
    const [from = '', to] = range === '*' || range === '' ? [String(least), String(most)] : range.split('-');
    const end = to ?? (step === undefined ? from : String(most));
    const [low, high, stride] = [Number(from), Number(end), Number(step ?? 1)];
    if (![low, high, stride].every(Number.isInteger) || low < least || high > most || low > high || stride < 1) {
      throw new Error(`"${item}" is no part of a cron expression: expected numbers from ${least} to ${most}.`);
    }
    return Array.from({ length: Math.floor((high - low) / stride) + 1 }, (_, index) => low + index * stride);
  });
  return new Set(found.sort((a, b) => a - b));
}

function monthDay(text: string): DayTest {
  if (text === '*') return () => true;
  if (text === 'L') return (year, month, day) => day === daysIn(year, month);
  const nearest = /^(\d+)W$/.exec(text)?.[1];
  if (nearest !== undefined) return (year, month, day) => day === nearestWeekday(year, month, Number(nearest));
  const days = numbers(text, 1, 31);
  return (_year, _month, day) => days.has(day);
}

/** Days of the week count from Sunday, which is 1. */
function weekDay(text: string): DayTest {
  if (text === '*') return () => true;
  const [, last] = /^([1-7])L$/.exec(text) ?? [];
  if (last !== undefined) return (year, month, day) => weekdayOf(year, month, day) === Number(last) && day + 7 > daysIn(year, month);
  const [, nth, ordinal] = /^([1-7])#([1-5])$/.exec(text) ?? [];
  if (nth !== undefined) return (year, month, day) => weekdayOf(year, month, day) === Number(nth) && Math.ceil(day / 7) === Number(ordinal);
  const days = numbers(text === 'L' ? '7' : text, 1, 7);
  return (year, month, day) => days.has(weekdayOf(year, month, day));
}

function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function nearestWeekday(year: number, month: number, day: number): number {
  const weekday = weekdayOf(year, month, day);
  if (weekday === 7) return day === 1 ? 3 : day - 1;
  if (weekday === 1) return day === daysIn(year, month) ? day - 2 : day + 1;
  return day;
}
