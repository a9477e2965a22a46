/** Rows whose probability lies in `[lower, upper)` (the last bin holds 1 as well). */
export interface ProbabilityBin {
  readonly lower: number;
  readonly upper: number;
  readonly positives: number;
  readonly negatives: number;
  /** The mean of the predicted probabilities; NaN for an empty bin. */
  readonly meanPredicted: number;
  /** The share of positive rows; NaN for an empty bin. */
  readonly observed: number;
}

/** Parts the rows into bins of equal width: what a calibration table and a score histogram are drawn from. */
export function probabilityBins(labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins: number): ProbabilityBin[] {
  const positives = new Float64Array(bins);
  const counts = new Float64Array(bins);
  const sums = new Float64Array(bins);
  for (let row = 0; row < labels.length; row++) {
    const probability = probabilities[row] as number;
    const bin = Math.min(bins - 1, Math.floor(probability * bins));
    counts[bin] = (counts[bin] as number) + 1;
    sums[bin] = (sums[bin] as number) + probability;
    if ((labels[row] as number) > 0.5) positives[bin] = (positives[bin] as number) + 1;
  }
  return Array.from(counts, (count, bin) => ({
    lower: bin / bins,
    upper: (bin + 1) / bins,
    positives: positives[bin] as number,
    negatives: count - (positives[bin] as number),
    meanPredicted: (sums[bin] as number) / count,
    observed: (positives[bin] as number) / count,
  }));
}

/** The mean distance between predicted and observed shares, weighted by rows. */
export function calibrationError(bins: readonly ProbabilityBin[]): number {
  let distance = 0;
  let rows = 0;
  for (const bin of bins) {
    const count = bin.positives + bin.negatives;
    if (count === 0) continue;
    rows += count;
    distance += count * Math.abs(bin.meanPredicted - bin.observed);
  }
  return distance / rows;
}
