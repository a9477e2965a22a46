import { probabilityBins } from '../metrics/calibration.ts';
import type { ProbabilityBin } from '../metrics/calibration.ts';
import { classCounts, classMetrics, likeliestClasses } from '../metrics/classes.ts';
import type { ClassMetrics } from '../metrics/classes.ts';
import { rowLoss } from '../metrics/log-loss.ts';
import { multiclassMetrics } from '../spec/metrics.ts';
import { checkRows, measured } from './measured.ts';
import type { MeasuredMetric } from './measured.ts';
import { multiclassDeviations, multiclassValues, weightedMetrics } from './multiclass-bootstrap.ts';
import type { MulticlassMetric, WeightedMetric } from './multiclass-bootstrap.ts';

/** Held-out rows: the index of their class, and the probability of each class that the model gave them. */
export interface MulticlassPredictions {
  readonly labels: ArrayLike<number>;
  /** Row after row, a probability a class. */
  readonly probabilities: Float32Array;
  /** The names of the classes, by index. */
  readonly classes: readonly string[];
  /** @default 0 */
  readonly seed?: number;
  /** Replicates behind the standard deviations. @default 200 */
  readonly bootstraps?: number;
}

/** One class and its figures. */
export interface ClassEvaluation extends ClassMetrics {
  readonly name: string;
}

/** What is known about a model of several classes on held-out rows. */
export interface MulticlassEvaluation {
  readonly task: 'multiclass';
  readonly rows: number;
  readonly metrics: Readonly<Record<MulticlassMetric, MeasuredMetric>>;
  /** Means over the classes weighted by their rows, as SageMaker's files have them. */
  readonly weighted: Readonly<Record<WeightedMetric, MeasuredMetric>>;
  /** By index of the class. */
  readonly classes: readonly ClassEvaluation[];
  /** Rows by true class, then by called class. */
  readonly confusion: readonly (readonly number[])[];
  /** Ten bins of the probability of the called class; a row is positive where the call is right. */
  readonly calibration: readonly ProbabilityBin[];
  /** Forty such bins. */
  readonly distribution: readonly ProbabilityBin[];
}

/** Evaluates a model of several classes. Values are exact; standard deviations come from a seeded bootstrap. */
export function evaluateMulticlass(input: MulticlassPredictions): MulticlassEvaluation {
  const { labels, probabilities, classes } = input;
  const size = classes.length;
  const { called, counts, metrics, weighted } = measureCalls(input);
  const right = Uint8Array.from(called, (said, row) => (said === labels[row] ? 1 : 0));
  const certainty = Float32Array.from(called, (said, row) => probabilities[row * size + said] as number);
  return {
    task: 'multiclass',
    rows: labels.length,
    metrics,
    weighted,
    classes: classMetrics(counts, size).map((entry, index) => ({ name: classes[index] as string, ...entry })),
    confusion: classes.map((_, index) => Array.from(counts.subarray(index * size, (index + 1) * size))),
    calibration: probabilityBins(right, certainty, 10),
    distribution: probabilityBins(right, certainty, 40),
  };
}

/** The metrics of a model of several classes alone, the same ones as `evaluateMulticlass` gives in a part of its time. */
export function measureMulticlass(input: MulticlassPredictions): MulticlassEvaluation['metrics'] {
  return measureCalls(input).metrics;
}

function measureCalls({ labels, probabilities, classes, seed = 0, bootstraps = 200 }: MulticlassPredictions): Pick<MulticlassEvaluation, 'metrics' | 'weighted'> & { called: Uint16Array; counts: Float64Array } {
  const size = classes.length;
  check(labels, probabilities, classes);
  const called = likeliestClasses(probabilities, size);
  const losses = Float32Array.from(called, (_, row) => rowLoss(1, probabilities[row * size + (labels[row] as number)] as number));
  const counts = classCounts(labels, called, size);
  const values = multiclassValues(counts, losses.reduce((sum, loss) => sum + loss, 0), size);
  const spread = multiclassDeviations({ cells: called.map((said, row) => (labels[row] as number) * size + said), losses, classes: size }, bootstraps, seed);
  return { called, counts, metrics: measured(values, spread, multiclassMetrics), weighted: measured(values, spread, weightedMetrics) };
}

/** Probabilities of a row sum up to 1 but for what float32 rounds. */
const sumTolerance = 1e-3;

function check(labels: ArrayLike<number>, probabilities: Float32Array, classes: readonly string[]): void {
  const size = classes.length;
  if (size < 2) throw new RangeError(`Found ${String(size)} classes, expected at least two.`);
  checkRows(labels.length, probabilities.length, size, 'probabilities');
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    if (!Number.isInteger(label) || label < 0 || label >= size) {
      throw new RangeError(`The label of row ${String(row)} is ${String(label)}, expected the index of one of ${String(size)} classes.`);
    }
    let sum = 0;
    for (let index = 0; index < size; index++) {
      const probability = probabilities[row * size + index] as number;
      if (!(probability >= 0 && probability <= 1)) {
        throw new RangeError(`The probability of "${String(classes[index])}" in row ${String(row)} is ${String(probability)}, expected 0 to 1.`);
      }
      sum += probability;
    }
    if (Math.abs(sum - 1) > sumTolerance) throw new RangeError(`The probabilities of row ${String(row)} sum up to ${String(sum)}, expected 1.`);
  }
}
