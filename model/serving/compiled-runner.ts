import type { FittedFeature } from '../features/fitted.ts';
import { encodingKey, plainNumber, type RawValue, transforms } from '../features/transforms.ts';
import type { EnsembleGraph, GraphFeature } from '../onnx/read-ensemble.ts';
import { CompiledTrees } from '../trees/compiled-trees.ts';
import { NotCompiled } from '../trees/ensemble.ts';
import type { ModelOutput } from './answer.ts';
import type { ModelDescription } from './description.ts';
import type { GraphInputs } from './inputs.ts';
import type { ParsedRow } from './request.ts';
import type { Runner } from './runner.ts';
import { type ServingSchema, servingSchema } from './schema.ts';

/** The version of what compiled trees compute. It changes with any bit of a prediction, and then models are compared anew. */
export const compiledVersion = 1;

/** A feature's number of a raw value. */
interface Encoder {
  /** The place of its column in a row. */
  readonly place: number;
  /** Undefined for a number that stays what it is, which most are: the loop over a row then calls nothing. */
  readonly encode: ((raw: RawValue) => number) | undefined;
}


/** A model of trees on `CompiledTrees`. */
export class CompiledRunner implements Runner {
  readonly engine = { name: 'compiled-trees' } as const;
  private readonly trees: CompiledTrees;
  private readonly inputs: readonly GraphFeature[];
  private readonly encoders: readonly Encoder[];

  /** @throws NotCompiled where the graph is not what model.json says, or too large */
  constructor(graph: EnsembleGraph, { features, schema }: Pick<ModelDescription, 'features' | 'schema'>) {
    this.trees = new CompiledTrees(graph);
    this.inputs = graph.inputs;
    const byName = new Map(features.map((feature) => [feature.name, feature]));
    const serving = servingSchema(schema);
    this.encoders = graph.inputs.map((input) => encoderOf(input, byName.get(input.name), serving));
    if (byName.size !== graph.inputs.length) throw new NotCompiled(`${String(graph.inputs.length)} features in the graph, ${String(byName.size)} in model.json`);
  }

  runRows(rows: readonly ParsedRow[], from: number, to: number): ModelOutput {
    const { trees, encoders } = this;
    const values = trees.predict(to - from, (first, count, into, at, stride) => {
      for (let row = 0; row < count; row++) {
        const raw = rows[from + first + row]!;
        const start = at + row * stride;
        for (let feature = 0; feature < encoders.length; feature++) {
          const { place, encode } = encoders[feature]!;
          into[start + feature] = encode === undefined ? plainNumber(raw[place] as number) : encode(raw[place]!);
        }
      }
    });
    return { values, columns: trees.columns };
  }

  runAll(inputs: GraphInputs, rows: number): Promise<ModelOutput> {
    const columns = this.inputs.map(({ name, codes }) => numbersOf(name, inputs[name], codes, rows));
    const values = this.trees.predict(rows, (from, count, into, at, stride) => {
      columns.forEach((column, feature) => {
        for (let row = 0; row < count; row++) into[at + row * stride + feature] = column[from + row]!;
      });
    });
    return Promise.resolve({ values, columns: this.trees.columns });
  }

  /** Nothing is held but memory, which goes with the model. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

function encoderOf({ name, codes }: GraphFeature, feature: FittedFeature | undefined, { columns }: ServingSchema): Encoder {
  const place = columns.findIndex((column) => column.name === feature?.column);
  const column = columns[place];
  if (feature === undefined || column === undefined) throw new NotCompiled(`the input "${name}" is no feature of a column in model.json`);
  const transform = transforms[feature.transform];
  if (codes === undefined) {
    if (transform.kind !== 'number' || feature.encoding !== undefined) throw new NotCompiled(`the graph takes "${name}" as a number, model.json as a text`);
    return { place, encode: transform.value === plainNumber ? undefined : (transform.value as Encoder['encode']) };
  }
  const same = feature.encoding?.length === codes.size && feature.encoding.every(([text, code]) => codes.get(text) === code);
  if (!same) throw new NotCompiled(`the graph encodes "${name}" in another way than model.json`);
  return { place, encode: (raw) => codes.get(encodingKey(raw, column.type) ?? none) ?? Number.NaN };
}

/** No text of an encoding holds a NUL. */
const none = '\0';

function numbersOf(name: string, values: GraphInputs[string] | undefined, codes: GraphFeature['codes'], rows: number): ArrayLike<number> {
  if (values?.length !== rows || values instanceof Float32Array !== (codes === undefined)) {
    throw new TypeError(`The input "${name}" must hold ${String(rows)} ${codes === undefined ? 'numbers' : 'texts'}.`);
  }
  return values instanceof Float32Array ? values : Float32Array.from(values, (text) => codes?.get(text) ?? Number.NaN);
}
