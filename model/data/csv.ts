import { headBytes, readHead } from './formats/compressed.ts';
import { uniqueNames } from './formats/names.ts';
import type { TextFile } from './formats/text.ts';
import { UnreadableFile } from './formats/unreadable.ts';
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
/** Records looked at to tell delimiters apart. */
const sniffedRecords = 50;

/**
 * Reads the header. The delimiter is the one that yields most of the expected columns, so that a file is understood by
 * what it should hold; where that does not tell, the one by which most of the first records have as many fields as the header.
 */
export async function readCsvDialect(file: string, expected: readonly string[]): Promise<CsvDialect> {
  const records = await firstRecords(file, sniffedRecords);
  const [first = '', ...more] = records;
  const candidates = delimiters.map((delimiter) => ({ delimiter, header: splitRecord(first, delimiter) }));
  const scores = candidates.map(({ delimiter, header }) => ({
    expected: header.filter((name) => expected.includes(name)).length,
    alike: header.length === 1 ? 0 : (1 + more.filter((record) => splitRecord(record, delimiter).length === header.length).length) / records.length,
    fields: header.length,
  }));
  const isBetter = (a: number, b: number): boolean => {
    const [x, y] = [scores[a]!, scores[b]!];
    return (x.expected - y.expected || x.alike - y.alike || x.fields - y.fields) > 0;
  };
  const best = candidates[candidates.reduce((kept, _, index) => (isBetter(index, kept) ? index : kept), 0)]!;
  if (best.header.every((name) => name === '')) throw new UnreadableFile('The CSV file begins with an empty line, expected a header with the names of the columns.');
  return best;
}

/** What is read at once; several are held at a time. DuckDB's own 32 MB are no faster. A line may be as long as 2 MB. */
const bufferBytes = 8 * 1024 ** 2;

/** The file as a relation of texts, '' as null. */
export function csvRelation(file: Pick<TextFile, 'path' | 'compression'>, dialect: CsvDialect, badRows: BadRows = 'fail'): string {
  const columns = uniqueNames(dialect.header).map((name) => `${quoteText(name)}: 'VARCHAR'`);
  const rejects = badRows === 'fail' ? '' : `, store_rejects = true, rejects_limit = ${String(rejectLimit)}`;
  return `read_csv(${quoteText(file.path)}, compression = ${quoteText(file.compression)}, auto_detect = false, header = true, delim = ${quoteText(dialect.delimiter)}, quote = '"', escape = '"', buffer_size = ${String(bufferBytes)},
    columns = {${columns.join(', ')}}${rejects})`;
}

/** A CSV file without a header as a relation of numbers, as the built-in XGBoost image takes it: the label first. */
export function headerlessCsvRelation(file: string, columns: number): string {
  const names = Array.from({ length: columns }, (_, index) => `${quoteText(`column${String(index)}`)}: 'DOUBLE'`);
  return `read_csv(${quoteText(file)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', columns = {${names.join(', ')}})`;
}

/** The fields of a file's first record. */
export async function firstCsvRecord(file: string, delimiter: string): Promise<string[]> {
  return splitRecord((await firstRecords(file, 1))[0] ?? '', delimiter);
}

/** The first records, the quoted line breaks in them kept; the last one only where it is whole. */
async function firstRecords(file: string, most: number): Promise<string[]> {
  const { head } = await readHead(file);
  if (head.includes(0)) throw new UnreadableFile('The file is no CSV text: it holds NUL bytes (a binary file, or UTF-16), expected UTF-8.');
  const text = head.toString('utf8').replace(/^\uFEFF/, '');
  const records: string[] = [];
  let quoted = false;
  let start = 0;
  for (let index = 0; index < text.length && records.length < most; index += 1) {
    const character = text[index];
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) {
      records.push(text.slice(start, index));
      if (character === '\r' && text[index + 1] === '\n') index += 1;
      start = index + 1;
    }
  }
  if (head.length < headBytes && records.length < most && start < text.length) records.push(text.slice(start));
  if (records.length === 0) {
    throw new UnreadableFile(`The CSV header does not end within ${String(headBytes)} bytes: a quote that is not closed, no line breaks, or far too many columns.`);
  }
  return records;
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
