import { RequestError } from '../errors.ts';
import { decodeText } from '../http/json.ts';
import { probabilitiesOf } from './answers.ts';
import { cellValue } from './cells.ts';
import { type Format, requireRows } from './format.ts';

/**
 * RFC 4180 without a header: a row's values in schema order; an empty cell is missing, `""` an empty text. The answer has a line a row: the prediction,
 * then the probabilities in the order of the classes.
 */
export const csv: Format = {
  decode(bytes, schema, maximumRows) {
    const rows = cellsOf(decodeText(bytes, 'body', 'CSV'), maximumRows);
    const { columns } = schema;
    if (rows[0]?.length === columns.length && rows[0].every((cell, index) => cell === columns[index]!.name)) {
      throw new RequestError('InvalidRow', [{ field: 'rows[0]', found: 'a header', expected: `rows alone, their values in the order ${columns.map(({ name }) => name).join(', ')}` }]);
    }
    return rows.map((cells) => (cells.length === columns.length ? cells.map((cell, index) => (cell === null ? null : cellValue(cell, columns[index]!))) : cells));
  },
  encode: (answers, description) => answers.map((answer) => `${[quoted(answer.prediction), ...probabilitiesOf(answer, description)].join(',')}\n`).join(''),
};

function quoted(value: number | string): string {
  return typeof value === 'string' && /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : String(value);
}

/** The cells of each line; null where nothing stands between the commas. */
function cellsOf(text: string, maximumRows: number): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let at = 0;
  while (at < text.length) {
    const cells: (string | null)[] = [];
    for (;;) {
      const cell = text[at] === '"' ? quotedCell(text, at, rows.length) : plainCell(text, at, rows.length);
      cells.push(cell.value);
      at = cell.end;
      if (text[at] !== ',') break;
      at += 1;
    }
    rows.push(cells);
    requireRows(rows.length, maximumRows);
    at += text[at] === '\r' ? 2 : 1;
  }
  return rows;
}

interface Cell {
  readonly value: string | null;
  /** Where the comma or the line's end stands. */
  readonly end: number;
}

const ending = /[,\r\n"]/g;

function plainCell(text: string, start: number, row: number): Cell {
  ending.lastIndex = start;
  const end = ending.exec(text)?.index ?? text.length;
  if (text[end] === '"') throw malformed(row, 'a quote within a cell that has none around it', 'quotes around the whole cell, and each within it twice');
  return { value: end === start ? null : text.slice(start, end), end: checkedEnd(text, end, row) };
}

function quotedCell(text: string, start: number, row: number): Cell {
  let value = '';
  let from = start + 1;
  for (;;) {
    const end = text.indexOf('"', from);
    if (end === -1) throw malformed(row, 'a quoted cell that does not end', 'a closing quote');
    value += text.slice(from, end);
    if (text[end + 1] !== '"') return { value, end: checkedEnd(text, end + 1, row) };
    value += '"';
    from = end + 2;
  }
}

function checkedEnd(text: string, end: number, row: number): number {
  const next = text[end];
  if (next === undefined || next === ',' || next === '\n' || (next === '\r' && text[end + 1] === '\n')) return end;
  throw malformed(row, `${JSON.stringify(next)} behind a cell`, 'a comma or the end of the line');
}

function malformed(row: number, found: string, expected: string): RequestError {
  return new RequestError('MalformedText', [{ field: `rows[${String(row)}]`, found, expected }]);
}
