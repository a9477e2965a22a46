import { open } from 'node:fs/promises';
import { UnreadableFile } from './format.ts';
import { quoteText } from './quote.ts';
import { rejectLimit } from './rejects.ts';

/** How a CSV file is written, found from its header and the columns that it should have. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly header: readonly string[];
}

/** Rows that do not fit the header: the read fails at the first, or they are kept aside in DuckDB's `reject_errors`. */
export type BadRows = 'fail' | 'keepAside';

const delimiters = [',', ';', '\t', '|'];
const headerBytes = 1_048_576;

/**
 * Reads the header. The delimiter is the one that yields most of the expected columns, so that a file is understood by
 * what it should hold and not by statistics over its rows.
 */
export async function readCsvDialect(file: string, expected: readonly string[]): Promise<CsvDialect> {
  const line = await firstRecord(file);
  const candidates = delimiters.map((delimiter) => ({ delimiter, header: splitRecord(line, delimiter) }));
  const score = ({ header }: CsvDialect): number => header.filter((name) => expected.includes(name)).length * 1000 + header.length;
  const best = candidates.reduce((a, b) => (score(b) > score(a) ? b : a));
  if (best.header.every((name) => name === '')) throw new UnreadableFile('The CSV file begins with an empty line, expected a header with the names of the columns.');
  return best;
}

/** The file as a relation of texts, '' as null. */
export function csvRelation(file: string, dialect: CsvDialect, badRows: BadRows = 'fail'): string {
  const columns = uniqueNames(dialect.header).map((name) => `${quoteText(name)}: 'VARCHAR'`);
  const rejects = badRows === 'fail' ? '' : `, store_rejects = true, rejects_limit = ${String(rejectLimit)}`;
  return `read_csv(${quoteText(file)}, auto_detect = false, header = true, delim = ${quoteText(dialect.delimiter)}, quote = '"', escape = '"',
    columns = {${columns.join(', ')}}${rejects})`;
}

/** Names as DuckDB can hold them side by side: a repeated or empty one is numbered (`delay`, `delay_2`, `column_3`). */
export function uniqueNames(header: readonly string[]): string[] {
  const seen = new Set<string>();
  return header.map((name, index) => {
    let unique = name === '' ? `column_${String(index + 1)}` : name;
    for (let repeat = 2; seen.has(unique.toLowerCase()); repeat += 1) unique = `${name}_${String(repeat)}`;
    seen.add(unique.toLowerCase());
    return unique;
  });
}

/** A CSV file without a header as a relation of numbers, as the built-in XGBoost image takes it: the label first. */
export function headerlessCsvRelation(file: string, columns: number): string {
  const names = Array.from({ length: columns }, (_, index) => `${quoteText(`column${String(index)}`)}: 'DOUBLE'`);
  return `read_csv(${quoteText(file)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', columns = {${names.join(', ')}})`;
}

/** The fields of a file's first record. */
export async function firstCsvRecord(file: string, delimiter: string): Promise<string[]> {
  return splitRecord(await firstRecord(file), delimiter);
}

async function firstRecord(file: string): Promise<string> {
  const handle = await open(file, 'r');
  let head: Buffer;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    head = buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
  if (head.includes(0)) throw new UnreadableFile('The file is no CSV text: it holds NUL bytes (a binary file, or UTF-16), expected UTF-8.');
  const text = head.toString('utf8').replace(/^\uFEFF/, '');
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) return text.slice(0, index);
  }
  if (head.length === headerBytes) throw new UnreadableFile(`The CSV header does not end within ${String(headerBytes)} bytes: a quote that is not closed, or no line breaks.`);
  return text;
}

function splitRecord(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index]!;
    if (quoted && character === '"' && line[index + 1] === '"') {
      field += '"';
      index += 1;
    } else if (character === '"') quoted = !quoted;
    else if (!quoted && character === delimiter) {
      fields.push(field.trim());
      field = '';
    } else field += character;
  }
  fields.push(field.trim());
  return fields;
}
