import type { RawColumns } from '../../model/data/raw-columns.ts';
import type { FittedFeature } from '../../model/features/fitted.ts';
import type { RawColumn } from '../../model/features/serving.ts';
import { toOnnx } from '../../model/onnx/convert.ts';
import { checkParity, type Parity } from '../../model/onnx/parity.ts';
import { OnnxModel } from '../../model/onnx/session.ts';
import type { ModelDescription } from '../../model/serving/description.ts';
import { columnarGraphInputs } from '../../model/serving/inputs.ts';
import { servingSchema } from '../../model/serving/schema.ts';
import type { DatasetSpec } from '../../model/spec/dataset.ts';
import { taskOf } from '../../model/spec/task.ts';
import { outputsOf } from '../../model/xgboost/objective.ts';
import { readBooster } from '../../model/xgboost/read.ts';
import { ArtifactInvalid } from '../shared/errors.ts';

/** What is converted. */
export interface Conversion {
  readonly name: string;
  /** The trained model's file, `xgboost-model`. */
  readonly booster: Uint8Array;
  readonly features: readonly FittedFeature[];
  readonly schema: DatasetSpec;
  /** The classes of a label that has its own, in the order of the model's outputs. */
  readonly classes?: readonly string[] | undefined;
  /** ISO 8601. */
  readonly trainedAt: string;
  /** Held-out rows to compare on, beside those made from the trees. */
  readonly rows: RawColumns;
}

/** A converted model. */
export interface Converted {
  readonly onnx: Uint8Array;
  readonly description: ModelDescription;
  readonly parity: Parity;
}

/** How many of the test rows the conversion is compared on. */
const sampledRows = 2_000;

/** Converts a trained model to ONNX with its features in front, and proves that both predict the same. @throws ParityError */
export async function convert({ name, booster: bytes, features, schema, classes, trainedAt, rows }: Conversion): Promise<Converted> {
  const booster = readBooster(bytes);
  requireClasses(outputsOf(booster), classes);
  const task = taskOf(schema.label);
  const onnx = toOnnx(booster, features, { model: name });
  const model = await OnnxModel.load(onnx);
  try {
    const sample = everyNth(rows, Math.max(1, Math.ceil(rows.rows / sampledRows)));
    const inputs = columnarGraphInputs((column) => sample.columns[column] ?? [], features, servingSchema(schema));
    const parity = await checkParity(booster, features, model, { rows: sample.rows, inputs });
    const description: ModelDescription = {
      version: 1,
      name,
      schema,
      features,
      task,
      ...(classes === undefined ? {} : { classes }),
      objective: booster.objective,
      trainer: booster.attributes['trainer'] ?? `XGBoost ${booster.version.join('.')}`,
      trainedAt,
      rounds: booster.trees.length / outputsOf(booster),
      graph: {
        inputs: features.map((feature) => ({ name: feature.name, type: feature.encoding === undefined ? 'float' : 'string' })),
        outputs: [{ name: task === 'regression' ? 'prediction' : 'probabilities', type: 'float' }],
      },
    };
    return { onnx, description, parity };
  } finally {
    await model.close();
  }
}

/** A class that the model has no output for, or an output without a class, would be served under another's name. */
function requireClasses(outputs: number, classes: readonly string[] | undefined): void {
  const expected = classes?.length ?? 1;
  if (outputs !== expected) {
    throw new ArtifactInvalid(`The trained model has ${String(outputs)} output(s) a row, expected ${String(expected)} (${classes?.join(', ') ?? 'the label has no classes of its own'}): it was trained for another label.`);
  }
}

function everyNth({ rows, columns, label }: RawColumns, step: number): RawColumns {
  const taken = Math.ceil(rows / step);
  const pick = (column: RawColumn): RawColumn => Array.from({ length: taken }, (_, row) => column[row * step]) as RawColumn;
  const picked = Object.create(null) as Record<string, RawColumn>;
  for (const [name, column] of Object.entries(columns)) picked[name] = pick(column);
  return { rows: taken, columns: picked, label: label.filter((_, row) => row % step === 0) };
}
