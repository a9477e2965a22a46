import type { FittedFeature } from '../features/fitted.ts';
import { graphInput } from '../features/serving.ts';
import type { RawColumn } from '../features/serving.ts';
import type { ParsedRow } from './request.ts';
import type { ServingSchema } from './schema.ts';

/** The inputs of the model's ONNX graph by feature name, each of shape [rows]: float, or text where the graph encodes it. */
export type GraphInputs = Readonly<Record<string, Float32Array | string[]>>;

/** The graph's inputs for checked rows. */
export function graphInputs(rows: readonly ParsedRow[], features: readonly FittedFeature[], schema: ServingSchema): GraphInputs {
  const places = new Map(schema.columns.map(({ name }, index) => [name, index]));
  const columnOf = (name: string): RawColumn => {
    const place = places.get(name)!;
    return rows.map((row) => row[place]) as RawColumn;
  };
  return columnarGraphInputs(columnOf, features, schema);
}

/** The graph's inputs for rows held in columns, as the evaluation reads them: the same code as for requests. */
export function columnarGraphInputs(column: (name: string) => RawColumn, features: readonly FittedFeature[], schema: ServingSchema): GraphInputs {
  const inputs = Object.create(null) as Record<string, Float32Array | string[]>;
  for (const feature of features) {
    const type = schema.byName.get(feature.column)?.type;
    if (type === undefined) throw new Error(`Feature '${feature.name}' comes from the column '${feature.column}', which the serving schema does not have.`);
    inputs[feature.name] = graphInput(feature, column(feature.column), type);
  }
  return inputs;
}
