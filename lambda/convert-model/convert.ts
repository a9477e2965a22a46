import type { RawColumns } from '../../model/data/raw-columns.ts';
import type { FittedFeature } from '../../model/features/fitted.ts';
import type { RawColumn } from '../../model/features/serving.ts';
import type { GraphRows } from '../../model/onnx/feature-values.ts';
import type { Parity } from '../../model/onnx/parity.ts';
import type { ModelDescription } from '../../model/serving/description.ts';
import { columnarGraphInputs } from '../../model/serving/inputs.ts';
import { servingSchema } from '../../model/serving/schema.ts';
import type { DatasetSpec } from '../../model/spec/dataset.ts';
import { taskOf } from '../../model/spec/task.ts';
import { convertBooster } from './convert-booster.ts';
import { convertOnnx } from './convert-onnx.ts';
import type { SourceModel } from './source.ts';

/** What is converted. */
export interface Conversion {
  readonly name: string;
  /** What the training job left. */
  readonly source: SourceModel;
  readonly features: readonly FittedFeature[];
  readonly schema: DatasetSpec;
  /** The classes of a label that has its own, in the order of the model's outputs. */
  readonly classes?: readonly string[] | undefined;
  /** ISO 8601. */
  readonly trainedAt: string;
  /** The revision of the code that declared the pipeline. */
  readonly gitCommit?: string | undefined;
  /** Held-out rows to compare on, beside those that are made. */
  readonly rows: RawColumns;
}

/** A converted model. */
export interface Converted {
  readonly onnx: Uint8Array;
  readonly description: ModelDescription;
  readonly parity: Parity;
  /** Why serving answers by ONNX Runtime though the model is one of trees. */
  readonly notCompiled?: string;
}

/** How many of the test rows the conversion is compared on. */
const sampledRows = 2_000;

/**
 * Makes the graph that is served of a trained model, with its features in front, and proves that both predict the same.
 * @throws ParityError where they do not
 * @throws OnnxModelError, UnsupportedModelError, ArtifactInvalid where the model cannot be served
 */
export async function convert({ name, source, features, schema, classes, trainedAt, gitCommit, rows }: Conversion): Promise<Converted> {
  const task = taskOf(schema.label);
  const sample = everyNth(rows, Math.max(1, Math.ceil(rows.rows / sampledRows)));
  const sampled: GraphRows = { rows: sample.rows, inputs: columnarGraphInputs((column) => sample.columns[column] ?? [], features, servingSchema(schema)) };
  const { onnx, parity, facts, notCompiled } = await (source.kind === 'booster' ? convertBooster(source.bytes, { name, features, schema, classes, sampled }) : convertOnnx(source.bytes, { name, features, task, classes, sampled }));
  const description: ModelDescription = {
    version: 1,
    name,
    schema,
    features,
    task,
    ...(classes === undefined ? {} : { classes }),
    ...facts,
    trainedAt,
    ...(gitCommit === undefined ? {} : { gitCommit }),
    graph: {
      inputs: features.map((feature) => ({ name: feature.name, type: feature.encoding === undefined ? 'float' : 'string' })),
      outputs: [{ name: task === 'regression' ? 'prediction' : 'probabilities', type: 'float' }],
    },
  };
  return { onnx, description, parity, ...(notCompiled === undefined ? {} : { notCompiled }) };
}

function everyNth({ rows, columns, label }: RawColumns, step: number): RawColumns {
  const taken = Math.ceil(rows / step);
  const pick = (column: RawColumn): RawColumn => Array.from({ length: taken }, (_, row) => column[row * step]) as RawColumn;
  const picked = Object.create(null) as Record<string, RawColumn>;
  for (const [name, column] of Object.entries(columns)) picked[name] = pick(column);
  return { rows: taken, columns: picked, label: label.filter((_, row) => row % step === 0) };
}
