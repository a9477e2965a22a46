import type { ColumnSpec } from '../../spec/dataset.ts';

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A text as its column's value, where it says one; else the text, which the check of the row then refuses by its name. */
export function cellValue(text: string, { type }: ColumnSpec): unknown {
  switch (type) {
    case 'number':
    case 'integer':
      return number.test(text) ? Number(text) : text;
    case 'boolean':
      return booleans[text.toLowerCase()] ?? text;
    case 'string':
    case 'timestamp':
      return text;
  }
}

/** Python, pandas and JSON write them so. */
const booleans: Readonly<Record<string, boolean>> = Object.assign(Object.create(null) as Record<string, boolean>, { true: true, false: false, 1: true, 0: false });

/** A number of an array as its column's value: NaN stands for what is missing, 0 and 1 for false and true. */
export function numberValue(value: number, { type }: ColumnSpec): unknown {
  if (Number.isNaN(value)) return null;
  if (type !== 'boolean') return value;
  return value === 0 || value === 1 ? value === 1 : value;
}
