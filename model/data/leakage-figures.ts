/** How many rows of a bin have a label. */
export interface LabelCount {
  readonly bin: number;
  readonly label: number | string;
  readonly rows: number;
}

/** A bin of rows whose label is a number. */
export interface NumberBin {
  readonly rows: number;
  readonly mean: number;
  /** Around the bin's mean. */
  readonly variance: number;
}

/** Always guessing the most frequent class may be right as often: of its errors, no more than this share may be left. */
const errorsLeft = 0.1;

/** The area under the ROC curve where each row's score is its bin's share of ones; `undefined` with fewer than `fewest` rows of 0 or of 1. */
export function aucOfBins(counts: readonly LabelCount[], fewest: number): number | undefined {
  const bins = [...Map.groupBy(counts, ({ bin }) => bin).values()].map((bin) => ({ ones: rowsOf(bin, 1), zeros: rowsOf(bin, 0) }));
  const ones = bins.reduce((sum, bin) => sum + bin.ones, 0);
  const zeros = bins.reduce((sum, bin) => sum + bin.zeros, 0);
  if (Math.min(ones, zeros) < Math.max(1, fewest)) return undefined;
  let lower = 0;
  let pairs = 0;
  for (const bin of bins.toSorted((a, b) => a.ones / (a.ones + a.zeros) - b.ones / (b.ones + b.zeros))) {
    pairs += bin.ones * (lower + bin.zeros / 2);
    lower += bin.zeros;
  }
  return pairs / (ones * zeros);
}

/** The share of rows whose class is their bin's most frequent one; `undefined` where that is hardly more than the most frequent class of all. */
export function accuracyOfBins(counts: readonly LabelCount[]): number | undefined {
  const sizes = (key: (count: LabelCount) => unknown): number[] => {
    return [...Map.groupBy(counts, key).values()].map((group) => group.reduce((sum, count) => sum + count.rows, 0));
  };
  const total = counts.reduce((sum, count) => sum + count.rows, 0);
  const majority = Math.max(...sizes(({ label }) => label)) / total;
  const right = [...Map.groupBy(counts, ({ bin }) => bin).values()].reduce((sum, bin) => sum + Math.max(...bin.map((count) => count.rows)), 0);
  const accuracy = right / total;
  return majority < 1 && 1 - accuracy <= errorsLeft * (1 - majority) ? accuracy : undefined;
}

/** R² where each row's prediction is its bin's mean; `undefined` where all labels are the same. */
export function varianceExplained(bins: readonly NumberBin[]): number | undefined {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  const mean = bins.reduce((sum, bin) => sum + bin.rows * bin.mean, 0) / rows;
  const within = bins.reduce((sum, bin) => sum + bin.rows * bin.variance, 0);
  const between = bins.reduce((sum, bin) => sum + bin.rows * (bin.mean - mean) ** 2, 0);
  return within + between > 0 ? between / (within + between) : undefined;
}

function rowsOf(bin: readonly LabelCount[], label: number): number {
  return bin.find((count) => count.label === label)?.rows ?? 0;
}
