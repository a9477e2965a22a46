import type { ColumnSpec, DatasetSpec } from '../spec/dataset.ts';

/** What a prediction request sends: the raw columns without the label's, in the order of a row sent as a list. */
export interface ServingSchema {
  readonly columns: readonly ColumnSpec[];
  readonly byName: ReadonlyMap<string, ColumnSpec>;
  /** The column that is predicted, for an error that tells why it is not among them. */
  readonly labelColumn: string;
}

/** The schema of prediction requests for a dataset. */
export function servingSchema(dataset: DatasetSpec): ServingSchema {
  const columns = dataset.columns.filter((column) => column.name !== dataset.label.column);
  return { columns, byName: new Map(columns.map((column) => [column.name, column])), labelColumn: dataset.label.column };
}
