import type { ColumnSpec } from '../spec/dataset.ts';

/** A row that a model takes, made from its columns alone: for whoever wants to see that it answers and has no row at hand. */
export function exampleRow(columns: readonly ColumnSpec[]): Readonly<Record<string, number | string | boolean | null>> {
  return Object.fromEntries(columns.map((column) => [column.name, exampleValue(column)]));
}

function exampleValue({ type, nullable, minimum, maximum, categories }: ColumnSpec): number | string | boolean | null {
  switch (type) {
    case 'number':
      return within(minimum, maximum);
    case 'integer':
      return Math.ceil(within(minimum, maximum));
    case 'string':
      return categories?.[0] ?? (nullable ? null : 'a');
    case 'boolean':
      return false;
    case 'timestamp':
      return '2026-01-01T12:00:00';
  }
}

/** 1, or the bound that it lies beyond. */
function within(minimum = -Infinity, maximum = Infinity): number {
  return Math.min(Math.max(1, minimum), maximum);
}
