import { largestFloat32 } from '../features/transforms.ts';
import type { DatasetSpec, LabelKind } from '../spec/dataset.ts';
import { taskOf } from '../spec/task.ts';
import { quoteName } from './quote.ts';

/** `label.json` of prepared data: what the numbers of its label column mean. */
export interface PreparedLabel {
  readonly kind: LabelKind;
  /** For a label of several classes: the class of each index. */
  readonly classes?: readonly string[];
}

/**
 * The label as an expression over columns of their declared types, null where unknown: for a binary label 0 or 1 (another number where the
 * column holds one), for a label of several classes the class as text, for a regression the number.
 */
export function labelSql(schema: DatasetSpec): string {
  const { label } = schema;
  const name = quoteName(label.column);
  const column = schema.columns.find((candidate) => candidate.name === label.column);
  if (column === undefined) throw new Error(`The label's column '${label.column}' is not among the declared columns.`);
  switch (label.kind) {
    case 'above':
      return `CASE WHEN ${name} IS NOT NULL THEN CAST(CAST(${name} AS DOUBLE) > ${String(label.threshold ?? 0)}::DOUBLE AS INTEGER) END`;
    case 'binary':
      return column.type === 'string' ? `TRY_CAST(TRY_CAST(${name} AS BOOLEAN) AS INTEGER)` : `CAST(${name} AS DOUBLE)`;
    case 'category':
      return `CAST(${name} AS VARCHAR)`;
    case 'number':
      return `CAST(${name} AS DOUBLE)`;
  }
}

/** What may stand in a label: the condition under which a known one is refused, and how the rest is called. */
export function foreignLabel(schema: DatasetSpec, label: string): { readonly condition: string; readonly expected: string } {
  switch (taskOf(schema.label)) {
    case 'binary':
      return { condition: `${label} NOT IN (0, 1)`, expected: 'other than 0 and 1' };
    case 'multiclass':
      return { condition: 'false', expected: '' };
    case 'regression':
      return { condition: `NOT (abs(${label}) <= ${String(largestFloat32)}::DOUBLE)`, expected: 'that are infinite or larger than float32 holds' };
  }
}
