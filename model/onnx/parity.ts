import type { FittedFeature } from '../features/fitted.ts';
import type { Booster } from '../xgboost/booster.ts';
import { outputsOf } from '../xgboost/objective.ts';
import { predict } from '../xgboost/predict.ts';
import { adversarialRows } from './adversarial.ts';
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

/**
 * Proves that the ONNX model (made with these features) predicts what the booster does, on the given rows and on rows
 * made from the trees: on every threshold, one float32 beside it, with values missing, with categories never seen.
 */
export async function checkParity(booster: Booster, features: readonly FittedFeature[], model: OnnxModel, rows: GraphRows): Promise<Parity> {
  const sampled = await compare(booster, features, model, rows, 'sampled row');
  const adversarial = await compare(booster, features, model, adversarialRows(booster, features), 'adversarial row');
  return {
    rows: sampled.rows + adversarial.rows,
    maxDifference: Math.max(sampled.maxDifference, adversarial.maxDifference),
  };
}

async function compare(booster: Booster, features: readonly FittedFeature[], model: OnnxModel, rows: GraphRows, kind: string): Promise<Parity> {
  if (rows.rows === 0) return { rows: 0, maxDifference: 0 };
  const expected = predict(booster, encodeRows(features, rows));
  const actual = await predictOnnx(booster, model, rows);
  const outputs = outputsOf(booster);
  let maxDifference = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    // Written so that NaN, which compares as false, fails as well.
    if (!(difference <= parityTolerance)) {
      const row = Math.floor(i / outputs);
      throw new ParityError(`${kind} ${row}`, valuesOf(features, rows, row), expected[i]!, actual[i]!);
    }
    maxDifference = Math.max(maxDifference, difference);
  }
  return { rows: rows.rows, maxDifference };
}

async function predictOnnx(booster: Booster, model: OnnxModel, { inputs, rows }: GraphRows): Promise<Float32Array> {
  return outputsOf(booster) === 1 ? model.run(inputs, rows) : (await model.runAll(inputs, rows)).values;
}

function valuesOf(features: readonly FittedFeature[], { inputs }: GraphRows, row: number): Record<string, number | string> {
  return Object.fromEntries(features.map(({ name }) => [name, inputs[name]![row]!]));
}
