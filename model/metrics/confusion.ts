/** Counts of rows by their class and by what the model said. */
export interface ConfusionMatrix {
  readonly trueNegatives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly truePositives: number;
}

/** The probability above which a row is called positive. */
export const decisionThreshold = 0.5;

/** Counts the four kinds of rows; a probability above the threshold says positive, as XGBoost's `error` takes it. */
export function confusionMatrix(labels: ArrayLike<number>, probabilities: ArrayLike<number>, threshold = decisionThreshold): ConfusionMatrix {
  let [trueNegatives, falsePositives, falseNegatives, truePositives] = [0, 0, 0, 0];
  for (let row = 0; row < labels.length; row++) {
    const said = (probabilities[row] as number) > threshold;
    if ((labels[row] as number) > 0.5) {
      if (said) truePositives++;
      else falseNegatives++;
    } else if (said) falsePositives++;
    else trueNegatives++;
  }
  return { trueNegatives, falsePositives, falseNegatives, truePositives };
}

/** The metrics that follow from a confusion matrix. */
export interface ThresholdMetrics {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Accuracy, precision, recall and their harmonic mean. A share of nothing is 0: a model that never says positive has no precision to show. */
export function thresholdMetrics({ trueNegatives, falsePositives, falseNegatives, truePositives }: ConfusionMatrix): ThresholdMetrics {
  return {
    accuracy: share(truePositives + trueNegatives, truePositives + trueNegatives + falsePositives + falseNegatives),
    precision: share(truePositives, truePositives + falsePositives),
    recall: share(truePositives, truePositives + falseNegatives),
    f1: share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
