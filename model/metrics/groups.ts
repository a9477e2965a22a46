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
  const groups: [upper: number, positives: number, negatives: number, positiveLoss: number, negativeLoss: number][] = [];
  let nextEnd = 0;
  let last = Number.NaN;
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number;
    const probability = probabilities[row] as number;
    const crosses = last <= border && probability > border;
    if (probability !== last && (i >= nextEnd || crosses)) {
      groups.push([probability, 0, 0, 0, 0]);
      nextEnd = i + size;
    }
    last = probability;
    const group = groups.at(-1) as [number, number, number, number, number];
    group[0] = probability;
    const positive = (labels[row] as number) > 0.5;
    group[positive ? 1 : 2] += 1;
    group[positive ? 3 : 4] += rowLoss(positive ? 1 : 0, probability);
  }
  const column = (index: 0 | 1 | 2 | 3 | 4): Float64Array => Float64Array.from(groups, (group) => group[index]);
  return { upper: column(0), positives: column(1), negatives: column(2), positiveLoss: column(3), negativeLoss: column(4) };
}

/** The sum of a column. */
export function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
