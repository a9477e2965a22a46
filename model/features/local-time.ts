/**
 * Timestamps are local times without a zone. One pattern says what is a timestamp text, at training (DuckDB's RE2) and at
 * serving: ISO 8601, a date alone or with a time behind `T` or a space, seconds and up to nine digits of their fraction optional.
 * A zone is refused, `Z` too: an hour of the day taken from a UTC time would be wrong without a word.
 */
export const localTimePattern =
  '([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?:[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\\.[0-9]{1,9})?)?)?';

const pattern = new RegExp(`^${localTimePattern}$`);
const zoned = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)? ?(Z|z|UTC|[+-]\d{2}(:?\d{2})?)$/;

/** Whether a text would be a timestamp but for its zone; for a message that says so. */
export function hasZone(text: string): boolean {
  return zoned.test(text);
}

/** Seconds since 1970-01-01T00:00:00 on the same clock, fractions dropped; `undefined` where the text is no timestamp. */
export function parseLocalTime(text: string): number | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = match;
  if (Number(day) > daysInMonth(Number(year), Number(month))) return undefined;
  return daysFromDate(Number(year), Number(month), Number(day)) * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
}

/** The hour, 0 to 23. */
export function hourOfDay(seconds: number): number {
  return Math.floor(modulo(seconds, 86_400) / 3600);
}

/** The weekday, 0 (Sunday) to 6. 1970-01-01 was a Thursday. */
export function dayOfWeek(seconds: number): number {
  return modulo(Math.floor(seconds / 86_400) + 4, 7);
}

/** The day of the year, 1 to 366. */
export function dayOfYear(seconds: number): number {
  const days = Math.floor(seconds / 86_400);
  // A first guess by the mean length of a year is off by one at most.
  let year = Math.floor(1970 + days / 365.2425);
  if (daysFromDate(year, 1, 1) > days) year -= 1;
  if (daysFromDate(year + 1, 1, 1) <= days) year += 1;
  return days - daysFromDate(year, 1, 1) + 1;
}

/** Days since 1970-01-01 in the Gregorian calendar, carried back before its beginning as SQL does. */
function daysFromDate(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const dayInYear = daysBeforeMonth[month - 1]! + (month > 2 && isLeap(year) ? 1 : 0) + day - 1;
  return before * 365 + leapDays + dayInYear - 719_162;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
