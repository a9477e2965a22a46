import type { Task } from '../spec/task.ts';
import { evaluateBinary, measureBinary } from './binary.ts';
import type { BinaryEvaluation } from './binary.ts';
import { valuesOf } from './measured.ts';
import type { MeasuredMetric } from './measured.ts';
import { evaluateMulticlass, measureMulticlass } from './multiclass.ts';
import type { MulticlassEvaluation } from './multiclass.ts';
import { evaluateRegression, measureRegression } from './regression.ts';
import type { RegressionEvaluation } from './regression.ts';

export { evaluateBinary } from './binary.ts';
export type { BinaryEvaluation, BinaryPredictions } from './binary.ts';
export { evaluationJson } from './evaluation-json.ts';
export type { BinaryEvaluationJson, EvaluationJson, MetricJson, MulticlassEvaluationJson, RegressionEvaluationJson } from './evaluation-json.ts';
export type { MeasuredMetric } from './measured.ts';
export { evaluateMulticlass } from './multiclass.ts';
export type { ClassEvaluation, MulticlassEvaluation, MulticlassPredictions } from './multiclass.ts';
export { evaluateRegression } from './regression.ts';
export type { PredictionBand, RegressionEvaluation, RegressionPredictions } from './regression.ts';

/** What is known about a model on held-out rows, by its task. */
export type Evaluation = BinaryEvaluation | MulticlassEvaluation | RegressionEvaluation;

/** Held-out rows and what the model predicted for them. */
export interface EvaluationInput<Of extends Task = Task> {
  readonly task: Of;
  /** The class (0 or 1), the index of the class, or the value. */
  readonly labels: Uint8Array | Float32Array;
  /** Row after row: the probability of class 1 (or of class 0 and class 1), a probability a class, or the value. */
  readonly predictions: Float32Array;
  /** The names of the classes by index; needed where there are several. */
  readonly classes?: readonly string[];
  /** @default 0 */
  readonly seed?: number;
  /** Replicates behind the standard deviations. @default 200 */
  readonly bootstraps?: number;
}

/** Evaluates a model by its task. Values are exact; standard deviations come from a seeded bootstrap. */
export function evaluate<Of extends Task>(input: EvaluationInput<Of>): Extract<Evaluation, { task: Of }>;
export function evaluate({ task, labels, predictions, classes, seed, bootstraps }: EvaluationInput): Evaluation {
  const options = { ...(seed === undefined ? {} : { seed }), ...(bootstraps === undefined ? {} : { bootstraps }) };
  if (task === 'binary') return evaluateBinary({ labels, probabilities: ofClass1(predictions, labels.length), ...options });
  if (task === 'regression') return evaluateRegression({ labels, predictions, ...options });
  return evaluateMulticlass({ labels, probabilities: predictions, classes: named(classes), ...options });
}

/** The metrics of predicted rows alone, by the names that gates use: the same ones as `evaluate` gives in a part of its time. */
export function measureMetrics({ task, labels, predictions, classes, seed, bootstraps }: EvaluationInput): Readonly<Record<string, MeasuredMetric>> {
  const options = { ...(seed === undefined ? {} : { seed }), ...(bootstraps === undefined ? {} : { bootstraps }) };
  if (task === 'binary') return measureBinary({ labels, probabilities: ofClass1(predictions, labels.length), ...options });
  if (task === 'regression') return measureRegression({ labels, predictions, ...options });
  return measureMulticlass({ labels, probabilities: predictions, classes: named(classes), ...options });
}

function named(classes: readonly string[] | undefined): readonly string[] {
  if (classes === undefined) throw new TypeError('Found no names of classes, expected a name for each column of the predictions of several classes.');
  return classes;
}

/** The values of an evaluation's metrics, by the names that gates use. */
export type MetricValues<Of extends Evaluation> = Of extends Evaluation ? Record<keyof Of['metrics'], number> : never;

/** The metrics' values alone. */
export function metricValues<Of extends Evaluation>(evaluation: Of): MetricValues<Of> {
  return valuesOf<string>(evaluation.metrics) as MetricValues<Of>;
}

/** The converted model gives a binary row two probabilities, of which the second one says all. */
export function ofClass1(predictions: Float32Array, rows: number): Float32Array {
  return rows > 0 && predictions.length === 2 * rows ? predictions.filter((_, index) => index % 2 === 1) : predictions;
}
