/** The metrics of a regression, by the names that gates use. */
export interface RegressionMetricValues {
  readonly rmse: number;
  readonly mae: number;
  readonly mse: number;
  /** The share of the label's variance that the model explains; NaN where all labels are the same. */
  readonly r2: number;
}

/** Sums over rows, from which all metrics follow. Labels are taken from their mean, or from any number near it, which keeps the digits. */
export interface ErrorSums {
  rows: number;
  absolute: number;
  squared: number;
  label: number;
  labelSquared: number;
}

/** No rows yet. */
export function noErrors(): ErrorSums {
  return { rows: 0, absolute: 0, squared: 0, label: 0, labelSquared: 0 };
}

/** Adds rows that have these sums, `times` times. */
export function addErrors(to: ErrorSums, from: ErrorSums, times = 1): void {
  to.rows += times * from.rows;
  to.absolute += times * from.absolute;
  to.squared += times * from.squared;
  to.label += times * from.label;
  to.labelSquared += times * from.labelSquared;
}

/** The sums of one row. */
export function rowErrors(label: number, prediction: number, center: number): ErrorSums {
  const error = label - prediction;
  const centered = label - center;
  return { rows: 1, absolute: Math.abs(error), squared: error * error, label: centered, labelSquared: centered * centered };
}

/** Equal labels leave this share of their square at most, by rounding. */
const varianceNoise = 1e-12;

/** The metrics of the rows that a sum stands for. */
export function regressionValues({ rows, absolute, squared, label, labelSquared }: ErrorSums): RegressionMetricValues {
  const mse = squared / rows;
  const power = labelSquared / rows;
  const variance = power - (label / rows) ** 2;
  return { rmse: Math.sqrt(mse), mae: absolute / rows, mse, r2: variance > varianceNoise * power ? 1 - mse / variance : Number.NaN };
}
