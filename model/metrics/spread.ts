/** Rows by value, in bins of equal width between `lower` and `upper`; rows outside are counted beside them. */
export interface Histogram {
  readonly lower: number;
  readonly upper: number;
  readonly counts: readonly number[];
  readonly below: number;
  readonly above: number;
}

/** Counts values into bins; the last bin holds its upper bound as well. */
export function histogram(values: Float64Array, lower: number, upper: number, bins: number): Histogram {
  const counts = new Array<number>(bins).fill(0);
  let [below, above] = [0, 0];
  for (const value of values) {
    if (value < lower) below++;
    else if (value > upper) above++;
    else {
      const bin = Math.min(bins - 1, Math.floor(((value - lower) / (upper - lower)) * bins));
      counts[bin] = (counts[bin] as number) + 1;
    }
  }
  return { lower, upper, counts, below, above };
}

/** The smallest of the sorted values that at least this share of them do not exceed (no value is made up in between). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  // A hair less, so that 0.1 * 30 is the third value and not, by a rounding error, the fourth.
  return sorted[Math.max(0, Math.ceil(share * sorted.length - 1e-9) - 1)] as number;
}

/** Rows that lie close together in predicted and actual value. */
export interface ScatterCell {
  readonly rows: number;
  /** The means of the cell's rows. */
  readonly actual: number;
  readonly predicted: number;
}

/** The cells of a grid that hold rows; values outside the bounds go to the cells at the border. */
export function scatter(actual: ArrayLike<number>, predicted: ArrayLike<number>, lower: number, upper: number, side: number): ScatterCell[] {
  const rows = new Float64Array(side * side);
  const sums = { actual: new Float64Array(side * side), predicted: new Float64Array(side * side) };
  const place = (value: number): number => Math.max(0, Math.min(side - 1, Math.floor(((value - lower) / (upper - lower)) * side)));
  for (let row = 0; row < actual.length; row++) {
    const [a, p] = [actual[row] as number, predicted[row] as number];
    const cell = place(a) * side + place(p);
    rows[cell] = (rows[cell] as number) + 1;
    sums.actual[cell] = (sums.actual[cell] as number) + a;
    sums.predicted[cell] = (sums.predicted[cell] as number) + p;
  }
  return Array.from(rows, (count, cell) => ({ rows: count, actual: (sums.actual[cell] as number) / count, predicted: (sums.predicted[cell] as number) / count })).filter((cell) => cell.rows > 0);
}
