import type { ColumnSpec, DatasetSpec } from '../spec/dataset.ts';
import { requestColumns } from '../spec/dataset.ts';

/** What a prediction request sends: the raw columns without the label's and the weight's, in the order of a row sent as a list. */
export interface ServingSchema {
  readonly columns: readonly ColumnSpec[];
  readonly byName: ReadonlyMap<string, ColumnSpec>;
  /** The column that is predicted, for an error that tells why it is not among them. */
  readonly labelColumn: string;
  /** The column of the rows' weights, for the same. */
  readonly weightColumn?: string;
}

/** The schema of prediction requests for a dataset. */
export function servingSchema(dataset: DatasetSpec): ServingSchema {
  const columns = requestColumns(dataset);
  return {
    columns,
    byName: new Map(columns.map((column) => [column.name, column])),
    labelColumn: dataset.label.column,
    ...(dataset.weight === undefined ? {} : { weightColumn: dataset.weight }),
  };
}
