/** A time as a clock on a wall shows it. */
export interface WallTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks in a zone show at an instant. */
export function parts(instant: Date, zone: string): WallTime {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' });
  formats.set(zone, format);
  const found = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = found;
  return { year, month, day, hour, minute };
}

/** The instant at which clocks in a zone show a time; where they skip it, the instant by the offset before. */
export function toInstant({ year, month, day, hour, minute }: WallTime, zone: string): Date {
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  if (zone === 'UTC') return new Date(asUtc);
  const first = asUtc - offset(new Date(asUtc), zone);
  return new Date(asUtc - offset(new Date(first), zone));
}

function offset(instant: Date, zone: string): number {
  const { year, month, day, hour, minute } = parts(instant, zone);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(instant.getTime() / 60_000) * 60_000;
}
