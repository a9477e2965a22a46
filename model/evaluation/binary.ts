import { probabilityBins } from '../metrics/calibration.ts';
import type { ProbabilityBin } from '../metrics/calibration.ts';
import { confusionMatrix, decisionThreshold } from '../metrics/confusion.ts';
import type { ConfusionMatrix } from '../metrics/confusion.ts';
import { averagePrecision, precisionRecallCurve, rocCurve } from '../metrics/curves.ts';
import type { PrecisionRecallCurve, RocCurve } from '../metrics/curves.ts';
import { scoreGroups, total } from '../metrics/groups.ts';
import type { ScoreGroups } from '../metrics/groups.ts';
import { thresholdChoices } from '../metrics/thresholds.ts';
import type { ThresholdChoice } from '../metrics/thresholds.ts';
import { binaryMetrics } from '../spec/metrics.ts';
import { groupMetrics, standardDeviations } from './binary-bootstrap.ts';
import type { BinaryMetricValues } from './binary-bootstrap.ts';
import { checkRows, measured } from './measured.ts';
import type { MeasuredMetric } from './measured.ts';

/** Held-out rows: their class (0 or 1) and the probability of class 1 that the model gave them. */
export interface BinaryPredictions {
  readonly labels: Uint8Array | Float32Array;
  readonly probabilities: Float32Array;
  /** @default 0 */
  readonly seed?: number;
  /** Replicates behind the standard deviations. @default 200 */
  readonly bootstraps?: number;
}

/** What is known about a binary model on held-out rows. */
export interface BinaryEvaluation {
  readonly task: 'binary';
  readonly rows: number;
  readonly positives: number;
  /** The probability above which a row is called positive. */
  readonly threshold: number;
  readonly metrics: Readonly<Record<keyof BinaryMetricValues, MeasuredMetric>>;
  readonly averagePrecision: number;
  readonly confusion: ConfusionMatrix;
  /** What other thresholds would do. */
  readonly thresholds: readonly ThresholdChoice[];
  readonly roc: RocCurve;
  readonly precisionRecall: PrecisionRecallCurve;
  /** Ten bins of predicted probability. */
  readonly calibration: readonly ProbabilityBin[];
  /** Forty bins of predicted probability. */
  readonly distribution: readonly ProbabilityBin[];
}

/** Groups for the bootstrap: metrics of a thousand groups deviate as those of all rows do. */
const bootstrapGroups = 1000;

/** Evaluates a binary model. Values and curves are exact; standard deviations come from a seeded bootstrap. */
export function evaluateBinary(input: BinaryPredictions): BinaryEvaluation {
  const { labels, probabilities } = input;
  const { exact, metrics } = measureGroups(input);
  return {
    task: 'binary',
    rows: labels.length,
    positives: total(exact.positives),
    threshold: decisionThreshold,
    metrics,
    averagePrecision: averagePrecision(exact),
    confusion: confusionMatrix(labels, probabilities),
    thresholds: thresholdChoices(labels, probabilities),
    roc: rocCurve(exact),
    precisionRecall: precisionRecallCurve(exact),
    calibration: probabilityBins(labels, probabilities, 10),
    distribution: probabilityBins(labels, probabilities, 40),
  };
}

/** The metrics of a binary model alone, the same ones as `evaluateBinary` gives in a part of its time. */
export function measureBinary(input: BinaryPredictions): BinaryEvaluation['metrics'] {
  return measureGroups(input).metrics;
}

function measureGroups({ labels, probabilities, seed = 0, bootstraps = 200 }: BinaryPredictions): { exact: ScoreGroups; metrics: BinaryEvaluation['metrics'] } {
  check(labels, probabilities);
  const exact = scoreGroups(labels, probabilities, Infinity, decisionThreshold);
  const deviations = standardDeviations(scoreGroups(labels, probabilities, bootstrapGroups, decisionThreshold), bootstraps, seed);
  return { exact, metrics: measured(groupMetrics(exact), deviations, binaryMetrics) };
}

function check(labels: ArrayLike<number>, probabilities: Float32Array): void {
  checkRows(labels.length, probabilities.length, 1, 'probabilities');
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    const probability = probabilities[row] as number;
    if (label !== 0 && label !== 1) throw new RangeError(`The label of row ${String(row)} is ${String(label)}, expected 0 or 1.`);
    if (!(probability >= 0 && probability <= 1)) throw new RangeError(`The probability of row ${String(row)} is ${String(probability)}, expected 0 to 1.`);
  }
}
