const format = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** The milliseconds of an ISO-8601 moment with its offset (RFC 3339), or undefined where the text is none. */
export function parseTimestamp(text: string): number | undefined {
  if (!format.test(text)) return undefined;
  // Date knows milliseconds at most.
  const ms = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(ms) ? undefined : ms;
}
