/** A part of a whole: `3 of 1,000 (0.3 %)`. */
export function share(part: number, whole: number): string {
  return `${count(part)} of ${count(whole)} (${percent(part / whole)})`;
}

/** A share in per cent, to three digits. */
export function percent(value: number): string {
  return `${digits(value * 100)} %`;
}

/** A number to three digits. */
export function digits(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

/** A count with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Names in quotes, one behind the other. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
