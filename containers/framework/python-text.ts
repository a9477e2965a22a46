/** A value of JSON as Python's `str` writes it: what the toolkit puts on the command line. */
export function pythonText(value: unknown): string {
  if (value === null) return '';
  if (isRecord(value)) {
    return sorted(value).map(([name, item]) => `${name}=${item === null ? 'None' : pythonText(item)}`).join(',');
  }
  return typeof value === 'string' ? value : repr(value);
}

/** A value as the toolkit writes it into a variable: a text as it is, nothing as nothing, else compact JSON with sorted names and no letter beyond ASCII. */
export function toolkitJson(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  const text = JSON.stringify(value, (_, item: unknown) => (isRecord(item) ? Object.fromEntries(sorted(item)) : item));
  return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function repr(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  if (isRecord(value)) return `{${Object.entries(value).map(([name, item]) => `${repr(name)}: ${repr(item)}`).join(', ')}}`;
  return String(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(record: Record<string, unknown>): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
