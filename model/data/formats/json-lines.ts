import type { DuckDb } from '../duckdb.ts';
import { quoteName, quoteText } from '../quote.ts';
import type { Finding } from '../violations.ts';
import { maximumColumns, tooManyColumns, uniqueNames } from './names.ts';
import type { TextFile } from './text.ts';
import { UnreadableFile } from './unreadable.ts';

/** A file of JSON objects, one a line, as a table of texts. */
export interface JsonLines {
  readonly names: readonly string[];
  readonly relation: string;
  readonly findings: readonly Finding[];
}

/** Values named in a message are cut to so many characters. */
const shownCharacters = 40;

/**
 * Whether a text is JSON lines: its first line is a JSON object, or its name says so and it begins like one.
 * @throws UnreadableFile for one JSON list or one object over several lines, which are JSON and no lines of it
 */
export function holdsJsonLines(head: Buffer, isNamedSo: boolean): boolean {
  const text = head.toString('utf8').replace(/^\uFEFF/, '').trimStart();
  if (/^\[\s*[{[]/.test(text) && (isNamedSo || /^\[\s*\{/.test(text))) {
    throw new UnreadableFile("The file is one JSON list, expected JSON lines, an object a line. With jq: jq -c '.[]' FILE > FILE.jsonl");
  }
  if (!text.startsWith('{')) return isNamedSo;
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  if (parseObject(line) !== undefined) return true;
  if (isNamedSo && /^\{\s*("[^"]*"\s*:\s*[[{]?\s*)?$/.test(line)) {
    throw new UnreadableFile("The file is JSON over several lines, expected JSON lines, an object a line. With jq: jq -c '.' FILE > FILE.jsonl");
  }
  return isNamedSo;
}

/** Opens JSON lines. What is wrong with single lines and values is a finding; the other rows stand. */
export async function openJsonLines(db: DuckDb, text: TextFile, expected: readonly string[]): Promise<JsonLines> {
  const lines = `(SELECT line FROM read_csv(${quoteText(text.path)}, compression = ${quoteText(text.compression)}, auto_detect = false, header = false,
    delim = '\u0001', quote = '', escape = '', comment = '', columns = {line: 'VARCHAR'}, store_rejects = true) WHERE trim(line) <> '')`;
  // Within a CASE: DuckDB may ask for the type of what is no JSON before a filter has taken it away.
  const isObject = "CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END";
  const objects = `(SELECT CASE WHEN ${isObject} THEN line END AS line FROM ${lines})`;
  const [broken] = await db.all<{ total: number; broken: number; example: string | null }>(
    `SELECT count(*) AS total, count(*) FILTER (NOT ${isObject}) AS broken, min(left(line, ${String(shownCharacters)})) FILTER (NOT ${isObject}) AS example FROM ${lines}`,
  );
  if (broken === undefined || broken.total === 0) throw await noLine(db, text.path);
  const keys = await keysOf(db, objects);
  if (keys.length === 0) throw new UnreadableFile(`The file holds no JSON object with a key: it begins with ${JSON.stringify(broken.example ?? '{}')}, expected an object a line.`);
  const names = uniqueNames(keys);
  const values = keys.map((_, index) => `v[${String(index + 1)}] AS ${quoteName(names[index]!)}`);
  const relation = `(SELECT ${values.join(', ')} FROM (SELECT json_extract_string(line, [${keys.map(pointer).join(', ')}]) AS v FROM ${objects} WHERE line IS NOT NULL))`;
  const findings: Finding[] = [];
  if (broken.broken > 0) {
    const description = `${share(broken.broken, broken.total, 'line')} no JSON ${broken.broken === 1 ? 'object' : 'objects'}, such as ${JSON.stringify(broken.example)}.`;
    findings.push({ severity: 'fail', check: 'data_type_check', description });
  }
  return { names, relation, findings: [...findings, ...(await nestedValues(db, objects, keys.filter((key) => expected.includes(key))))] };
}

/** Lines that are too long are none to DuckDB. */
async function noLine(db: DuckDb, file: string): Promise<UnreadableFile> {
  const [first] = await db.all<{ line: number }>(`SELECT line FROM reject_errors JOIN reject_scans USING (scan_id, file_id) WHERE file_path = ${quoteText(file)} ORDER BY line LIMIT 1`);
  if (first === undefined) return new UnreadableFile('The file holds no line, expected a JSON object a line.');
  return new UnreadableFile(`Line ${String(first.line)} of the file is too long to be a row: it has far too many keys, or a line break is missing. Expected a JSON object a line.`);
}

/** The keys of all objects: those of the first in its order, then others. */
async function keysOf(db: DuckDb, objects: string): Promise<string[]> {
  const found = await db.all<{ key: string }>(
    `SELECT key FROM (SELECT DISTINCT unnest(json_keys(line)) AS key FROM ${objects} WHERE line IS NOT NULL LIMIT ${String(maximumColumns + 1)}) ORDER BY key`,
  );
  if (found.length > maximumColumns) throw tooManyColumns(`more than ${maximumColumns.toLocaleString('en-US')}`);
  const keys = found.map(({ key }) => key);
  const [first] = await db.all<{ line: string }>(`SELECT line FROM ${objects} WHERE line IS NOT NULL LIMIT 1`);
  const inOrder = Object.keys(parseObject(first?.line ?? '') ?? {}).filter((key) => keys.includes(key));
  return [...inOrder, ...keys.filter((key) => !inOrder.includes(key))];
}

/** Lists and objects as values: as text they would pass for a category. */
async function nestedValues(db: DuckDb, objects: string, keys: readonly string[]): Promise<Finding[]> {
  if (keys.length === 0) return [];
  const counts = keys.map((_, index) => `count(*) FILTER (t[${String(index + 1)}] IN ('OBJECT', 'ARRAY')) AS ${quoteName(`#${String(index)}`)}`);
  const [row] = await db.all<Record<string, number>>(
    `SELECT count(*) AS rows, ${counts.join(', ')} FROM (SELECT json_type(line, [${keys.map(pointer).join(', ')}]) AS t FROM ${objects} WHERE line IS NOT NULL)`,
  );
  return keys.flatMap((column, index): Finding[] => {
    const nested = row?.[`#${String(index)}`] ?? 0;
    return nested === 0 ? [] : [{ severity: 'fail', column, check: 'data_type_check', description: `${share(nested, row?.['rows'] ?? 0, 'value')} a list or an object, expected a text, a number, true, false or null.` }];
  });
}

function share(part: number, whole: number, what: string): string {
  return `${part.toLocaleString('en-US')} of ${whole.toLocaleString('en-US')} ${what}s ${part === 1 ? 'is' : 'are'}`;
}

/** The key as a JSON pointer, as an SQL literal: unlike a path it needs no rules for dots and quotes. */
function pointer(key: string): string {
  return quoteText(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

function parseObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // not JSON: the caller asked just that
  }
}
