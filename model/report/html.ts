/** Text made safe for an HTML page, attribute values included. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

/** A whole number with thousands separators. */
export function count(value: number): string {
  return isNumber(value) ? Math.round(value).toLocaleString('en-US') : '–';
}

/** A number with a fixed number of digits. */
export function decimal(value: number, digits = 3): string {
  return isNumber(value) ? value.toFixed(digits) : '–';
}

/** A number of any size with about this many significant digits, and never fewer than its whole part has. */
export function figure(value: number, digits = 4): string {
  if (!isNumber(value)) return '–';
  const whole = value === 0 ? 1 : Math.floor(Math.log10(Math.abs(value))) + 1;
  if (whole < -3 || whole > 12) return value.toExponential(digits - 1);
  return value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: Math.min(20, Math.max(0, digits - whole)) });
}

/** A share as a percentage. */
export function percent(value: number, digits = 1): string {
  return isNumber(value) ? `${(value * 100).toFixed(digits)}\u00a0%` : '–';
}

/** A size in bytes in a readable unit. */
export function bytes(value: number): string {
  if (value < 1000) return `${String(value)} B`;
  return value < 1_000_000 ? `${(value / 1000).toFixed(1)} kB` : `${(value / 1_000_000).toFixed(1)} MB`;
}

/** Whether there is a number to show: JSON turns NaN into null. */
export function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
