import { rowLoss } from './log-loss.ts';
import { ascendingOrder } from './order.ts';

/** Rows in ascending order of probability, in groups. Rows of one probability are always in one group. */
export interface ScoreGroups {
  /** The largest probability of each group. */
  readonly upper: Float64Array;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
  /** Sum of the log loss of the group's positive and negative rows. */
  readonly positiveLoss: Float64Array;
  readonly negativeLoss: Float64Array;
}

/**
 * Groups rows by probability.
 * @param limit about how many groups at most; Infinity makes one per distinct probability
 * @param border a probability that no group crosses
 */
export function scoreGroups(labels: ArrayLike<number>, probabilities: Float32Array | Float64Array, limit: number, border: number): ScoreGroups {
  const order = ascendingOrder(probabilities);
  const size = Math.max(1, order.length / limit);
  // As long as there can be groups: arrays that grow would cost more than the sort.
  const most = Math.min(order.length, Number.isFinite(limit) ? Math.ceil(limit) + 2 : order.length);
  const columns = Array.from({ length: 5 }, () => new Float64Array(most)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const [upper, positives, negatives, positiveLoss, negativeLoss] = columns;
  let group = -1;
  let nextEnd = 0;
  let last = Number.NaN;
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number;
    const probability = probabilities[row] as number;
    const crosses = last <= border && probability > border;
    if (probability !== last && (i >= nextEnd || crosses)) {
      group++;
      nextEnd = i + size;
    }
    last = probability;
    upper[group] = probability;
    if ((labels[row] as number) > 0.5) {
      positives[group] = (positives[group] as number) + 1;
      positiveLoss[group] = (positiveLoss[group] as number) + rowLoss(1, probability);
    } else {
      negatives[group] = (negatives[group] as number) + 1;
      negativeLoss[group] = (negativeLoss[group] as number) + rowLoss(0, probability);
    }
  }
  const found = (column: Float64Array): Float64Array => column.subarray(0, group + 1);
  return { upper: found(upper), positives: found(positives), negatives: found(negatives), positiveLoss: found(positiveLoss), negativeLoss: found(negativeLoss) };
}

/** The sum of a column. */
export function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
