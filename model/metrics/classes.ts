/** What a model of several classes made of one class. A share of nothing is 0. */
export interface ClassMetrics {
  /** Rows that are of this class. */
  readonly rows: number;
  /** Rows that the model called so. */
  readonly called: number;
  /** The share of the called rows that are of this class. */
  readonly precision: number;
  /** The share of this class's rows that were called so. */
  readonly recall: number;
  readonly f1: number;
}

/** The class with the largest probability for each row; of equal ones the first. */
export function likeliestClasses(probabilities: Float32Array, classes: number): Uint16Array {
  const likeliest = new Uint16Array(probabilities.length / classes);
  for (let row = 0; row < likeliest.length; row++) {
    const start = row * classes;
    let best = 0;
    for (let candidate = 1; candidate < classes; candidate++) {
      if ((probabilities[start + candidate] as number) > (probabilities[start + best] as number)) best = candidate;
    }
    likeliest[row] = best;
  }
  return likeliest;
}

/** Counts the rows by true class and called class: the cell of (true, called) stands at `true * classes + called`. */
export function classCounts(labels: ArrayLike<number>, called: ArrayLike<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes * classes);
  for (let row = 0; row < labels.length; row++) {
    const cell = (labels[row] as number) * classes + (called[row] as number);
    counts[cell] = (counts[cell] as number) + 1;
  }
  return counts;
}

/** The figures of each class from `classCounts`. */
export function classMetrics(counts: Float64Array, classes: number): ClassMetrics[] {
  const rows = new Float64Array(classes);
  const called = new Float64Array(classes);
  counts.forEach((count, cell) => {
    const [truth, said] = [Math.floor(cell / classes), cell % classes];
    rows[truth] = (rows[truth] as number) + count;
    called[said] = (called[said] as number) + count;
  });
  return Array.from(rows, (size, index) => {
    const right = counts[index * classes + index] as number;
    const said = called[index] as number;
    return { rows: size, called: said, precision: share(right, said), recall: share(right, size), f1: share(2 * right, said + size) };
  });
}

/** The plain mean over the classes that have rows or are called, so that a rare class counts as much as a frequent one. */
export function macroMean(metrics: readonly ClassMetrics[], metric: 'precision' | 'recall' | 'f1'): number {
  let sum = 0;
  let present = 0;
  for (const entry of metrics) {
    if (entry.rows === 0 && entry.called === 0) continue;
    sum += entry[metric];
    present++;
  }
  return sum / present;
}

/** The mean over the classes, each weighted by its rows. */
export function weightedMean(metrics: readonly ClassMetrics[], metric: 'precision' | 'recall' | 'f1'): number {
  let sum = 0;
  let rows = 0;
  for (const entry of metrics) {
    sum += entry[metric] * entry.rows;
    rows += entry.rows;
  }
  return sum / rows;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
