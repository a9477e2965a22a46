import { likeliestClasses } from '../../metrics/classes.ts';
import { decisionThreshold } from '../../metrics/confusion.ts';
import { rowLoss } from '../../metrics/log-loss.ts';
import { metricsOf } from '../../spec/metrics.ts';
import type { Task } from '../../spec/task.ts';
import { measureMetrics, ofClass1 } from '../evaluate.ts';
import { valuesOf } from '../measured.ts';
import { callDifferences } from './call-bootstrap.ts';
import { delongVariance } from './delong.ts';
import { tDifference } from './difference.ts';
import type { Difference } from './difference.ts';
import { errorDifferences } from './error-bootstrap.ts';
import { meanDifference } from './paired-t.ts';

/** The same held-out rows, predicted by two models; predictions as `evaluate` takes them. */
export interface PairedInput {
  readonly task: Task;
  readonly labels: Uint8Array | Float32Array;
  readonly challenger: Float32Array;
  readonly champion: Float32Array;
  /** The names of the classes by index; needed where there are several. */
  readonly classes?: readonly string[];
  /** @default 0 */
  readonly seed?: number;
  /** Replicates behind the intervals of metrics that are no means. @default 1000 */
  readonly replicates?: number;
}

/** One metric of both models. */
export interface PairedMetric {
  readonly metric: string;
  readonly challenger: number;
  readonly champion: number;
  /** The challenger's less the champion's. */
  readonly difference: number;
  readonly standardDeviation: number;
  /** The two-sided interval that holds the difference. */
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
  /** How likely a difference at least as large would be between equally good models. */
  readonly test?: { readonly name: string; readonly p: number };
}

/** Two models on the same rows. */
export interface PairedComparison {
  readonly rows: number;
  /** Every metric of the task that both models have, with 95 % intervals. */
  readonly metrics: readonly PairedMetric[];
  /** One metric with an interval of another level; undefined where a model does not have it. */
  at(metric: string, confidence: number): PairedMetric | undefined;
}

/** The level of intervals that nobody asked for. */
export const usualConfidence = 0.95;

/**
 * Compares two models on the same rows, so that what the rows have in common does not count as chance: AUC by DeLong's variance, means over
 * rows (log loss, MAE, MSE) by the paired t-test, the rest by a seeded paired bootstrap; accuracy with McNemar's exact test beside it.
 */
export function comparePaired(input: PairedInput): PairedComparison {
  const { task, labels, challenger, champion, classes } = input;
  const values = (predictions: Float32Array): Readonly<Record<string, number>> =>
    valuesOf(measureMetrics({ task, labels, predictions, ...(classes === undefined ? {} : { classes }), bootstraps: 2 }));
  const [ours, theirs] = [values(challenger), values(champion)];
  const differences = task === 'regression' ? ofRegression(input) : ofClasses(input, ours, theirs);
  const at = (metric: string, confidence: number): PairedMetric | undefined => {
    const found = differences.get(metric);
    const [mine, other] = [ours[metric] ?? Number.NaN, theirs[metric] ?? Number.NaN];
    if (found === undefined || !Number.isFinite(mine - other)) return undefined;
    const { standardDeviation, test } = found;
    return { metric, challenger: mine, champion: other, difference: mine - other, standardDeviation, ...found.interval(confidence), confidence, ...(test === undefined ? {} : { test }) };
  };
  return { rows: labels.length, at, metrics: metricsOf(task).flatMap((metric) => at(metric, usualConfidence) ?? []) };
}

function ofRegression({ labels, challenger, champion, replicates = 1000, seed = 0 }: PairedInput): Map<string, Difference> {
  const errors = (loss: (error: number) => number): Difference | undefined =>
    meanDifference(Float64Array.from(labels, (label, row) => loss(label - (challenger[row] as number)) - loss(label - (champion[row] as number))));
  return known([...errorDifferences(labels, challenger, champion, replicates, seed), ['mae', errors(Math.abs)], ['mse', errors((error) => error * error)]]);
}

function ofClasses({ task, labels, challenger, champion, classes = [], replicates = 1000, seed = 0 }: PairedInput, ours: Readonly<Record<string, number>>, theirs: Readonly<Record<string, number>>): Map<string, Difference> {
  const binary = task === 'binary';
  const [mine, other] = binary ? [ofClass1(challenger, labels.length), ofClass1(champion, labels.length)] : [challenger, champion];
  const called = (predictions: Float32Array): ArrayLike<number> => (binary ? Uint8Array.from(predictions, (probability) => Number(probability > decisionThreshold)) : likeliestClasses(predictions, classes.length));
  const size = binary ? 2 : classes.length;
  const loss = (predictions: Float32Array, row: number): number =>
    binary ? rowLoss(labels[row] as number, predictions[row] as number) : rowLoss(1, predictions[row * size + (labels[row] as number)] as number);
  const losses = Float64Array.from(labels, (_, row) => loss(mine, row) - loss(other, row));
  const calls = callDifferences({ labels, challenger: called(mine), champion: called(other), classes: size }, metricsOf(task).filter((metric) => !['auc', 'log_loss'].includes(metric)), replicates, seed);
  const auc = binary ? tDifference('DeLong', (ours['auc'] ?? Number.NaN) - (theirs['auc'] ?? Number.NaN), Math.sqrt(delongVariance(labels, mine, other)), Infinity) : undefined;
  return known([...calls, ['log_loss', meanDifference(losses)], ['auc', auc]]);
}

function known(entries: readonly (readonly [string, Difference | undefined])[]): Map<string, Difference> {
  return new Map(entries.filter((entry): entry is [string, Difference] => entry[1] !== undefined && Number.isFinite(entry[1].standardDeviation)));
}
