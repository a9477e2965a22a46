import { ascendingOrder } from './order.ts';

/**
 * The exact area under the ROC curve: the share of (positive, negative) pairs that the scores put in the right order,
 * a tie counting half. NaN where one class is missing.
 * @param scores anything that grows with the probability of the positive class
 */
export function auc(labels: ArrayLike<number>, scores: Float32Array | Float64Array): number {
  const order = ascendingOrder(scores);
  let positives = 0;
  let negatives = 0;
  let pairs = 0;
  for (let from = 0; from < order.length; ) {
    const score = scores[order[from] as number];
    let tiedPositives = 0;
    let to = from;
    for (; to < order.length && scores[order[to] as number] === score; to++) {
      if ((labels[order[to] as number] as number) > 0.5) tiedPositives++;
    }
    const tiedNegatives = to - from - tiedPositives;
    pairs += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
    from = to;
  }
  return pairs / (positives * negatives);
}
