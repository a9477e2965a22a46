import type { ColumnSpec, DatasetSpec } from '../spec/dataset.ts';

/** Of very wide data so many columns are looked at, unless others are asked for. */
const usualColumns = 12;

/** The columns that a model is measured by: those asked for, else texts and booleans and then the others, up to a bound. Never the label's, which is no column of its own here. */
export function sliceColumns({ columns, label }: DatasetSpec, asked?: readonly string[]): ColumnSpec[] {
  const own = columns.filter((column) => column.name !== label.column);
  if (asked !== undefined) return own.filter((column) => asked.includes(column.name));
  const named = ({ type }: ColumnSpec): boolean => type === 'string' || type === 'boolean';
  return [...own.filter(named), ...own.filter((column) => !named(column))].slice(0, usualColumns);
}
