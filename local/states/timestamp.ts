const format = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** The milliseconds of an ISO-8601 moment with its offset (RFC 3339), or undefined where the text is none. */
export function parseTimestamp(text: string): number | undefined {
  const day = format.exec(text)?.[1];
  if (day === undefined || !isDay(day)) return undefined;
  // Date knows milliseconds at most.
  const ms = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(ms) ? undefined : ms;
}

/** Date.parse takes the 30th of February for the 1st of March. */
function isDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
