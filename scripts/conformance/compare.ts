import { isDeepStrictEqual } from 'node:util';

const words = new Set(['timestamp', 'date', 'datetime', 'start-time', 'entered-time', 'start-date', 'stop-date']);

/**
 * Where an answer differs from what was recorded, or undefined where it does not. Placeholders match anything; `aliases` are
 * values that the recorder replaced by the keys.
 */
export function difference(expected: unknown, actual: unknown, path = '$', aliases: ReadonlyMap<string, unknown> = new Map()): string | undefined {
  if (typeof expected === 'string' && aliases.has(expected) && aliases.get(expected) === actual) return undefined;
  if (typeof expected === 'string') return textDifference(expected, actual, path);
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) return `${path}: expected ${expected.length} elements, found ${actual.length}`;
    return firstOf(expected.map((item, index) => difference(item, actual[index], `${path}[${index}]`, aliases)));
  }
  if (isRecord(expected) && isRecord(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return firstOf(names.map((name) => difference(expected[name], actual[name], `${path}.${name}`, aliases)));
  }
  return isDeepStrictEqual(expected, actual) ? undefined : `${path}: expected ${shown(expected)}, found ${shown(actual)}`;
}

function textDifference(expected: string, actual: unknown, path: string): string | undefined {
  if (expected === actual) return undefined;
  if (actual !== undefined && isPlaceholder(expected, path)) return undefined;
  if (typeof actual === 'string') {
    if (pattern(expected).test(actual)) return undefined;
    // A text that holds JSON, such as a Lambda function's cause, has no fixed spacing.
    const [left, right] = [parsed(expected), parsed(actual)];
    if (isRecord(left) && isRecord(right)) return difference(left, right, path);
  }
  return `${path}: expected ${shown(expected)}, found ${shown(actual)}`;
}

/** The recorder replaced some values by their own names (`RequestId`, `table-name`, `stateExitedEventDetails.output`). */
function isPlaceholder(text: string, path: string): boolean {
  if (words.has(text)) return true;
  const name = path.replace(/\[\d+\]$/, '').split('.').at(-1) ?? '';
  return bare(text) === bare(name) || /^\w+EventDetails\.\w+$/.test(text) || /^<[^<>]+>$/.test(text);
}

function bare(text: string): string {
  return text.replace(/[-_]/g, '').toLowerCase();
}

function pattern(expected: string): RegExp {
  const parts = expected.split(/<[^<>\s]+>/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // it is plain text
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstOf(differences: readonly (string | undefined)[]): string | undefined {
  return differences.find((found) => found !== undefined);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 160);
}
