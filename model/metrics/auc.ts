import { ascendingOrder } from './order.ts';

/**
 * The exact area under the ROC curve: the share of (positive, negative) pairs that the scores put in the right order,
 * a tie counting half. NaN where one class is missing. With weights a pair counts as the product of both rows' weights.
 * @param scores anything that grows with the probability of the positive class
 */
export function auc(labels: ArrayLike<number>, scores: Float32Array | Float64Array, weights?: Float32Array): number {
  const order = ascendingOrder(scores);
  let positives = 0;
  let negatives = 0;
  let pairs = 0;
  for (let from = 0; from < order.length; ) {
    const score = scores[order[from] as number];
    let tiedPositives = 0;
    let tiedNegatives = 0;
    let to = from;
    for (; to < order.length && scores[order[to] as number] === score; to++) {
      const row = order[to] as number;
      const counts = weights === undefined ? 1 : (weights[row] as number);
      if ((labels[row] as number) > 0.5) tiedPositives += counts;
      else tiedNegatives += counts;
    }
    pairs += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
    from = to;
  }
  return pairs / (positives * negatives);
}
