/** Probabilities are kept this far from 0 and 1, as XGBoost keeps them, so that one wrong certainty is not infinite. */
const epsilon = 1e-16;

/** The loss of one row. */
export function rowLoss(label: number, probability: number): number {
  // One logarithm is enough for a class that is known for sure, which is nearly every row.
  const positive = label === 0 ? 0 : label * Math.log(Math.max(probability, epsilon));
  const negative = label === 1 ? 0 : (1 - label) * Math.log(Math.max(1 - probability, epsilon));
  return -(positive + negative);
}

/** The mean logarithmic loss; NaN without rows. */
export function logLoss(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum += rowLoss(labels[row] as number, probabilities[row] as number);
  return sum / labels.length;
}
