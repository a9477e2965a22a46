import type { Json } from './types.ts';

/** A value as States.Format writes it: texts bare, objects and arrays as Java's own maps and lists print. */
export function plainText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(plainText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, member]) => `${name}=${plainText(member)}`)
      .join(', ')}}`;
  }
  return String(value);
}
