import type { ColumnProfile, NumberProfile } from '../../model/data/column-profile.ts';
import type { ValidationReport } from '../../model/data/validation-report.ts';
import { count, type Terminal } from './terminal.ts';

const headings = ['column', 'type', 'missing', 'distinct', 'smallest', 'mean', 'largest'] as const;
/** A cell's text is cut to this. */
const cellWidth = 24;
/** Of a text column the values shown. */
const frequentShown = 3;
/** Up to so many different texts are counted one by one. */
const exactTexts = 10_000;
/** Up to so many different values a sketch counts right. */
const exactSketch = 10;

/** Shows a profile as a table, and under it whatever is wrong. */
export function showReport(terminal: Terminal, file: string, report: ValidationReport): void {
  terminal.line(`${terminal.style('bold', file)}  ${count(report.rows)} rows, ${count(report.columns.length)} columns, ${count(report.bytes)} bytes${report.duplicates > 0 ? `, ${percent(report.duplicates)} duplicates` : ''}`);
  if (report.columns.length > 0) showColumns(terminal, report);
  const { reasons, warnings } = report;
  if (reasons.length + warnings.length > 0) terminal.line();
  for (const reason of reasons) terminal.line(`${terminal.style('red', '✗')} ${reason}`);
  for (const warning of warnings) terminal.line(`${terminal.style('yellow', '!')} ${warning}`);
  terminal.line();
}

function showColumns(terminal: Terminal, { columns, rows, statistics }: ValidationReport): void {
  const statisticsOf = (column: ColumnProfile) => statistics.features.find((feature) => feature.name === column.name)?.string_statistics;
  const lines = columns.map((column) => cells(column, rows, statisticsOf(column)?.distinct_count));
  const widths = headings.map((heading, index) => Math.max(heading.length, ...lines.map((line) => line[index]!.length)));
  const isNumeric = (index: number): boolean => index >= 2;
  const format = (line: readonly string[]): string => line.map((cell, index) => (isNumeric(index) ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!))).join('  ').trimEnd();
  terminal.line();
  terminal.line(`  ${terminal.style('dim', format(headings))}`);
  columns.forEach((column, index) => {
    const buckets = statisticsOf(column)?.distribution.categorical.buckets ?? [];
    const frequent = column.type === 'string' ? buckets.slice(0, frequentShown).map(({ value, count: times }) => `${short(value, 16)} ${percent(times / rows)}`).join(', ') : '';
    terminal.line(`  ${format(lines[index]!)}${frequent === '' ? '' : `  ${terminal.style('dim', frequent)}`}`);
  });
}

function cells(column: ColumnProfile, rows: number, counted: number | undefined): string[] {
  const { name, type, missing, numbers, values, present } = column;
  const absent = rows === 0 || missing === 0 ? '' : percent(missing / rows);
  const start = [short(name, cellWidth), type, absent];
  if (numbers !== undefined) return [...start, approximate(numbers.distinct, present), ...range(numbers)];
  // The first and last text of an alphabet tell nothing; times have a range.
  if (type === 'string') return [...start, counted !== undefined && counted <= exactTexts ? count(counted) : approximate(values?.distinct ?? 0, present), '', '', ''];
  return [...start, approximate(values?.distinct ?? 0, present), short(values?.minimum ?? '', cellWidth), '', short(values?.maximum ?? '', cellWidth)];
}

function range({ count: numbers, minimum, mean, maximum }: NumberProfile): string[] {
  return numbers === 0 ? ['', '', ''] : [number(minimum), number(mean), number(maximum)];
}

/** A sketch's count is near, and says so where it may be wrong. */
function approximate(distinct: number, present: number): string {
  const most = Math.min(distinct, present);
  return `${most > exactSketch ? '~' : ''}${count(most)}`;
}

/** Six digits tell what a column is like. */
function number(value: number): string {
  return Math.abs(value) >= 1e15 || (value !== 0 && Math.abs(value) < 1e-4) ? value.toExponential(3) : Number(value.toPrecision(Math.max(6, Math.trunc(Math.abs(value)).toString().length))).toLocaleString('en-US', { maximumFractionDigits: 6 });
}

function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 0.1 ? '<0.1' : value.toFixed(value < 10 ? 1 : 0)} %`;
}

function short(text: string, length: number): string {
  const clean = printable(text);
  return clean.length <= length ? clean : `${clean.slice(0, length - 1)}…`;
}

/** A value of the file must not steer the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '·');
}
