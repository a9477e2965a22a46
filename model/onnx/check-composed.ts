import type { FittedFeature } from '../features/fitted.ts';
import { bothClasses } from './both-classes.ts';
import type { Answer, BareModel } from './compose.ts';
import { encodeRows, missingTextOf } from './feature-values.ts';
import type { GraphRows } from './feature-values.ts';
import { OnnxModelError } from './messages.ts';
import { ParityError, parityTolerance } from './parity.ts';
import type { Parity } from './parity.ts';
import { OnnxModel } from './session.ts';

/** How far the probabilities of a row may be from a sum of 1: float32, and a softmax in it. */
const sumTolerance = 1e-3;

/** What a model answers by itself: to the rows as numbers, before anything is composed. */
export interface BareAnswers {
  readonly rows: GraphRows;
  /** What the model itself answers a row. */
  readonly columns: number;
  /** As serving expects it: `outputs` values a row. */
  readonly values: Float32Array;
}

/**
 * Asks a model of the user's own for its answers to sampled rows and to rows made from the features: each category, one never
 * seen, and everything missing.
 * @throws OnnxModelError where an answer is none: no number, no probability, too few values
 */
export async function askBare(bytes: Uint8Array, { output }: BareModel, features: readonly FittedFeature[], { task, outputs }: Answer, sampled: GraphRows): Promise<BareAnswers> {
  const rows = withMadeRows(features, sampled);
  const model = await OnnxModel.load(bytes);
  try {
    const { columns: numbers } = encodeRows(features, rows);
    const matrix = new Float32Array(rows.rows * features.length);
    numbers.forEach((column, index) => column.forEach((value, row) => (matrix[row * features.length + index] = value)));
    const { values: answered, columns } = await model.runMatrix(matrix, rows.rows, output);
    const fitting = task === 'multiclass' ? [outputs] : task === 'binary' ? [1, 2] : [1];
    if (!fitting.includes(columns)) throw new OnnxModelError(`The model answers ${String(columns)} value(s) a row, expected ${fitting.join(' or ')}.`);
    const values = task === 'binary' && columns === 1 ? bothClasses(answered) : answered;
    checkAnswers(values, rows, { task, outputs }, sampled.rows);
    return { rows, columns, values };
  } finally {
    await model.close();
  }
}

/** Proves that the composed model answers as the bare one. @throws ParityError */
export async function checkComposed(model: OnnxModel, { rows, values: expected }: BareAnswers): Promise<Parity> {
  const { values: actual, columns } = await model.runAll(rows.inputs, rows.rows);
  if (actual.length !== expected.length) throw new TypeError(`The composed model answers with ${String(columns)} values a row, the bare one with ${String(expected.length / rows.rows)}.`);
  let maxDifference = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    // Written so that NaN, which compares as false, fails as well.
    if (!(difference <= parityTolerance)) throw new ParityError(`row ${String(Math.floor(i / columns))}`, valuesOf(rows, Math.floor(i / columns)), expected[i]!, actual[i]!);
    maxDifference = Math.max(maxDifference, difference);
  }
  return { rows: rows.rows, maxDifference };
}

function withMadeRows(features: readonly FittedFeature[], sampled: GraphRows): GraphRows {
  const first = features.map(({ name }) => sampled.inputs[name]![0]!);
  const missing = features.map((feature) => (feature.encoding === undefined ? Number.NaN : missingTextOf(feature)));
  const made = features.flatMap((feature, index) => {
    const values = feature.encoding === undefined ? [Number.NaN] : [...feature.encoding.map(([value]) => value), `${missingTextOf(feature)} unseen`, missingTextOf(feature)];
    return values.map((value) => first.with(index, value));
  });
  const all = [...made, missing];
  const inputs = features.map((feature, index) => {
    const column = sampled.inputs[feature.name]!;
    const values = all.map((row) => row[index]!);
    return [feature.name, column instanceof Float32Array ? Float32Array.from([...column, ...(values as number[])]) : [...column, ...(values as string[])]] as const;
  });
  return { rows: sampled.rows + all.length, inputs: Object.fromEntries(inputs) };
}

function checkAnswers(values: Float32Array, rows: GraphRows, { task, outputs }: Answer, sampled: number): void {
  for (let row = 0; row < rows.rows; row++) {
    const answer = values.subarray(row * outputs, (row + 1) * outputs);
    const problem = answerProblem(answer, task);
    if (problem === undefined) continue;
    const what = row < sampled ? `row ${String(row)} of the test split` : 'a row made to try the model';
    throw new OnnxModelError(`The model answers ${JSON.stringify([...answer].map(String))} on ${what} (${JSON.stringify(valuesOf(rows, row))}), expected ${problem}. NaN is how a missing value reaches the model: fill it inside of it.`);
  }
}

function answerProblem(answer: Float32Array, task: Answer['task']): string | undefined {
  if (answer.some((value) => !Number.isFinite(value))) return 'numbers';
  if (task === 'regression') return undefined;
  if (answer.some((value) => value < 0 || value > 1 + sumTolerance)) return 'probabilities between 0 and 1';
  return Math.abs(answer.reduce((sum, value) => sum + value, 0) - 1) > sumTolerance ? 'probabilities with a sum of 1' : undefined;
}

function valuesOf({ inputs }: GraphRows, row: number): Record<string, number | string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, values[row]!]));
}
