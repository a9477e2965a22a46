import type { DatasetSpec } from '../spec/dataset.ts';
import { quoteName } from './quote.ts';

/** The label as an expression over columns of their declared types: 0 or 1, null where unknown, another number where the column holds one. */
export function labelSql(schema: DatasetSpec): string {
  const name = quoteName(schema.label.column);
  const column = schema.columns.find((candidate) => candidate.name === schema.label.column);
  if (column === undefined) throw new Error(`The label's column '${schema.label.column}' is not among the declared columns.`);
  if (schema.label.kind === 'above') {
    return `CASE WHEN ${name} IS NOT NULL THEN CAST(CAST(${name} AS DOUBLE) > ${String(schema.label.threshold ?? 0)}::DOUBLE AS INTEGER) END`;
  }
  return column.type === 'string' ? `TRY_CAST(TRY_CAST(${name} AS BOOLEAN) AS INTEGER)` : `CAST(${name} AS DOUBLE)`;
}
