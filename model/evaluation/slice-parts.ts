import type { RawColumn } from '../features/serving.ts';
import type { ColumnType } from '../spec/dataset.ts';

/** Rows that belong together by a column's value. */
export interface SlicePart {
  readonly name: string;
  readonly rows: readonly number[];
}

/** So many values of a text, the most frequent ones, are parts of their own. */
const mostTexts = 20;

/** A number with at most so many distinct values is parted by value, else by range. */
const fewValues = 10;

/** Ranges of about the same number of rows. */
const ranges = 5;

/** Parts the rows by a column's value: texts by value with rare ones together, numbers and times by value or by range, missing ones apart. */
export function partsOf(values: RawColumn, type: ColumnType, minimumRows: number): SlicePart[] {
  const byValue = new Map<string | number, number[]>();
  const missing: number[] = [];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as string | number | null;
    if (value === null || Number.isNaN(value)) missing.push(row);
    else {
      const rows = byValue.get(value);
      if (rows === undefined) byValue.set(value, [row]);
      else rows.push(row);
    }
  }
  const parts = type === 'string' ? texts(byValue, minimumRows) : numbers(byValue as Map<number, number[]>, type);
  return missing.length === 0 ? parts : [...parts, { name: 'missing', rows: missing }];
}

function texts(byValue: ReadonlyMap<string | number, number[]>, minimumRows: number): SlicePart[] {
  const sorted = [...byValue].sort(([a, left], [b, right]) => right.length - left.length || (String(a) < String(b) ? -1 : 1));
  const own = sorted.filter(([, rows], index) => index < mostTexts && rows.length >= minimumRows);
  const rest = sorted.slice(own.length);
  const parts = own.map(([value, rows]): SlicePart => ({ name: short(String(value)), rows }));
  return rest.length === 0 ? parts : [...parts, { name: `${String(rest.length)} other ${rest.length === 1 ? 'value' : 'values'}`, rows: rest.flatMap(([, rows]) => rows) }];
}

/** A text may be as long as a page, and a part's name goes into sentences. */
const longestName = 80;

function short(name: string): string {
  return name.length <= longestName ? name : `${name.slice(0, longestName - 1)}…`;
}

function numbers(byValue: ReadonlyMap<number, number[]>, type: ColumnType): SlicePart[] {
  const sorted = [...byValue].sort(([a], [b]) => a - b);
  if (sorted.length <= fewValues) return sorted.map(([value, rows]) => ({ name: nameOf(value, type), rows }));
  const total = sorted.reduce((sum, [, rows]) => sum + rows.length, 0);
  const parts: SlicePart[] = [];
  let [first, before] = [0, 0];
  let rows: number[] = [];
  sorted.forEach(([, own], index) => {
    for (const row of own) rows.push(row);
    // Rows of one value stay together, so a range can be larger than its share.
    if (before + rows.length < ((parts.length + 1) * total) / ranges && index < sorted.length - 1) return;
    const [from, to] = [(sorted[first] as [number, number[]])[0], (sorted[index] as [number, number[]])[0]];
    parts.push({ name: from === to ? nameOf(from, type) : `${nameOf(from, type)} to ${nameOf(to, type)}`, rows });
    before += rows.length;
    first = index + 1;
    rows = [];
  });
  return parts;
}

function nameOf(value: number, type: ColumnType): string {
  if (type === 'boolean') return value === 0 ? 'false' : 'true';
  if (type === 'timestamp') return new Date(value * 1000).toISOString().slice(0, 10);
  return value.toLocaleString('en-US', { maximumSignificantDigits: 6 });
}
