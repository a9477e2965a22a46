import { ascendingOrder } from '../../metrics/order.ts';

/**
 * The variance of the difference of two AUCs on the same rows, by DeLong, DeLong and Clarke-Pearson (1988): each row's placement among the
 * rows of the other class is its share in the AUC, so the AUCs' difference is a mean over rows of each class. NaN with fewer than two rows
 * of a class.
 */
export function delongVariance(labels: ArrayLike<number>, challenger: Float32Array, champion: Float32Array): number {
  const [ours, theirs] = [placements(labels, challenger), placements(labels, champion)];
  const classes = [false, true].map((positive) => {
    let [rows, sum, squares] = [0, 0, 0];
    // A difference of two shares: no mean has to be taken off first to keep the digits.
    for (let row = 0; row < labels.length; row++) {
      if ((labels[row] as number) > 0.5 !== positive) continue;
      const difference = (ours[row] as number) - (theirs[row] as number);
      rows++;
      sum += difference;
      squares += difference * difference;
    }
    return rows < 2 ? Number.NaN : Math.max(0, squares - (sum * sum) / rows) / (rows - 1) / rows;
  });
  return (classes[0] as number) + (classes[1] as number);
}

/** For each positive row the share of negative rows with a smaller score, for each negative row the share of positive ones with a larger score; ties count half. */
function placements(labels: ArrayLike<number>, scores: Float32Array): Float64Array {
  const order = ascendingOrder(scores);
  let positives = 0;
  for (let row = 0; row < labels.length; row++) positives += (labels[row] as number) > 0.5 ? 1 : 0;
  const negatives = labels.length - positives;
  const shares = new Float64Array(labels.length);
  let [positivesBelow, negativesBelow] = [0, 0];
  for (let from = 0; from < order.length; ) {
    const score = scores[order[from] as number];
    let [to, tiedPositives] = [from, 0];
    for (; to < order.length && scores[order[to] as number] === score; to++) tiedPositives += (labels[order[to] as number] as number) > 0.5 ? 1 : 0;
    const tiedNegatives = to - from - tiedPositives;
    for (let index = from; index < to; index++) {
      const row = order[index] as number;
      shares[row] = (labels[row] as number) > 0.5 ? (negativesBelow + tiedNegatives / 2) / negatives : (positives - positivesBelow - tiedPositives / 2) / positives;
    }
    positivesBelow += tiedPositives;
    negativesBelow += tiedNegatives;
    from = to;
  }
  return shares;
}
