import type { FittedFeature } from '../features/fitted.ts';
import type { Booster } from '../xgboost/booster.ts';
import { predict } from '../xgboost/predict.ts';
import { adversarialRows } from './adversarial.ts';
import { bothClasses } from './both-classes.ts';
import { featuresInputName } from './encode-features.ts';
import type { GraphRows } from './feature-values.ts';
import { encodeRows } from './feature-values.ts';
import type { OnnxModel } from './session.ts';

/** How far ONNX may be from the booster, relative to `max(1, |prediction|)`. */
export const parityTolerance = 1e-5;

/** What a parity check saw. */
export interface Parity {
  /** Rows compared: the given ones and the adversarial ones. */
  readonly rows: number;
  /** The largest `|onnx - booster| / max(1, |booster|)`. */
  readonly maxDifference: number;
}

/** The ONNX model does not predict what the booster predicts. */
export class ParityError extends Error {
  override readonly name = 'ParityError';
  /** Such as `sampled row 3` or `adversarial row 17`. */
  readonly row: string;
  readonly values: Readonly<Record<string, number | string>>;
  readonly booster: number;
  readonly onnx: number;

  constructor(row: string, values: Readonly<Record<string, number | string>>, booster: number, onnx: number) {
    const shown = Object.entries(values).map(([name, value]) => `${name}=${typeof value === 'string' ? JSON.stringify(value) : value}`);
    super(
      `The ONNX model differs from the booster by ${Math.abs(onnx - booster).toExponential(2)} on ${row} (${shown.join(', ')}): ` +
        `the booster predicts ${booster}, ONNX ${onnx}; at most ${parityTolerance} * max(1, |prediction|) is allowed.`,
    );
    this.row = row;
    this.values = values;
    this.booster = booster;
    this.onnx = onnx;
  }
}

/** No rows beside those made from the trees. */
const noRows: GraphRows = { rows: 0, inputs: {} };

/**
 * Proves that the ONNX model (made with these features) predicts what the booster does, on the given rows and on rows
 * made from the trees: on every threshold, one float32 beside it, with values missing, with categories never seen.
 * Every output of a row is compared.
 */
export async function checkParity(booster: Booster, features: readonly FittedFeature[], model: OnnxModel, rows: GraphRows): Promise<Parity> {
  return check(booster, features, rows, (given) => model.runAll(given.inputs, given.rows));
}

/** The same for a model without features in its graph, which takes one matrix: on the rows made from the trees alone. */
export async function checkBareParity(booster: Booster, model: OnnxModel): Promise<Parity> {
  const features = Array.from({ length: booster.numFeatures }, (_, index): FittedFeature => {
    const name = booster.featureNames[index] ?? `f${String(index)}`;
    return { name, column: name, transform: 'numeric' };
  });
  return check(booster, features, noRows, (given) => model.runAll({ [featuresInputName]: rowMajor(features, given) }, given.rows));
}

type Run = (rows: GraphRows) => ReturnType<OnnxModel['runAll']>;

async function check(booster: Booster, features: readonly FittedFeature[], rows: GraphRows, run: Run): Promise<Parity> {
  const sampled = await compare(booster, features, rows, run, 'sampled row');
  const adversarial = await compare(booster, features, adversarialRows(booster, features), run, 'adversarial row');
  return {
    rows: sampled.rows + adversarial.rows,
    maxDifference: Math.max(sampled.maxDifference, adversarial.maxDifference),
  };
}

async function compare(booster: Booster, features: readonly FittedFeature[], rows: GraphRows, run: Run, kind: string): Promise<Parity> {
  if (rows.rows === 0) return { rows: 0, maxDifference: 0 };
  const predicted = predict(booster, encodeRows(features, rows));
  const { values: actual, columns } = await run(rows);
  const expected = booster.objective === 'binary:logistic' ? bothClasses(predicted) : predicted;
  if (actual.length !== expected.length) {
    throw new TypeError(`The ONNX model answers with ${String(columns)} values a row, the booster with ${String(expected.length / rows.rows)}.`);
  }
  let maxDifference = 0;
  // Backwards within a row: of a binary model's two the probability of class 1 is what people know.
  for (let row = 0; row < rows.rows; row++) {
    for (let i = (row + 1) * columns - 1; i >= row * columns; i--) {
      // Two equal infinities are no difference.
      const difference = actual[i] === expected[i] ? 0 : Math.abs(actual[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
      // Written so that NaN, which compares as false, fails as well.
      if (!(difference <= parityTolerance)) throw new ParityError(`${kind} ${row}`, valuesOf(features, rows, row), expected[i]!, actual[i]!);
      maxDifference = Math.max(maxDifference, difference);
    }
  }
  return { rows: rows.rows, maxDifference };
}

function rowMajor(features: readonly FittedFeature[], { inputs, rows }: GraphRows): Float32Array {
  const matrix = new Float32Array(rows * features.length);
  features.forEach(({ name }, index) => {
    const column = inputs[name]!;
    for (let row = 0; row < rows; row++) matrix[row * features.length + index] = column[row] as number;
  });
  return matrix;
}

function valuesOf(features: readonly FittedFeature[], { inputs }: GraphRows, row: number): Record<string, number | string> {
  return Object.fromEntries(features.map(({ name }) => [name, inputs[name]![row]!]));
}
