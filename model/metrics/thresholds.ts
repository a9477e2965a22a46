import { confusionMatrix, thresholdMetrics } from './confusion.ts';

/** What a model would do were rows called positive above this probability. */
export interface ThresholdChoice {
  readonly threshold: number;
  /** The share of all rows that are called positive. */
  readonly called: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

const thresholds = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** The choices that a threshold offers, by rising threshold. */
export function thresholdChoices(labels: ArrayLike<number>, probabilities: ArrayLike<number>): ThresholdChoice[] {
  return thresholds.map((threshold) => {
    const matrix = confusionMatrix(labels, probabilities, threshold);
    const { precision, recall, f1 } = thresholdMetrics(matrix);
    return { threshold, called: (matrix.truePositives + matrix.falsePositives) / labels.length, precision, recall, f1 };
  });
}
