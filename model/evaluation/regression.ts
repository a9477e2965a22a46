import { addErrors, noErrors, regressionValues, rowErrors } from '../metrics/regression.ts';
import type { RegressionMetricValues } from '../metrics/regression.ts';
import { histogram, quantile, scatter } from '../metrics/spread.ts';
import type { Histogram, ScatterCell } from '../metrics/spread.ts';
import { regressionMetrics } from '../spec/metrics.ts';
import { checkRows, measured } from './measured.ts';
import type { MeasuredMetric } from './measured.ts';
import { regressionDeviations } from './regression-bootstrap.ts';

/** Held-out rows: their value and what the model predicted. */
export interface RegressionPredictions {
  readonly labels: ArrayLike<number>;
  readonly predictions: Float32Array;
  /** @default 0 */
  readonly seed?: number;
  /** Replicates behind the standard deviations. @default 200 */
  readonly bootstraps?: number;
}

/** What is known about a regression on held-out rows. Residuals are actual less predicted: above 0 the model said too little. */
export interface RegressionEvaluation {
  readonly task: 'regression';
  readonly rows: number;
  readonly metrics: Readonly<Record<keyof RegressionMetricValues, MeasuredMetric>>;
  readonly label: { readonly mean: number; readonly minimum: number; readonly maximum: number };
  /** The mean residual: how much the model says too little on the whole. */
  readonly bias: number;
  /** Around 0, out to what 99 % of the rows stay within. */
  readonly residuals: Histogram;
  /** The absolute error that this share of the rows does not exceed. */
  readonly errorQuantiles: readonly { readonly share: number; readonly value: number }[];
  /** Predicted and actual values in the cells of a grid that hold rows; the same bounds and `side` cells on both axes. */
  readonly scatter: { readonly lower: number; readonly upper: number; readonly side: number; readonly cells: readonly ScatterCell[] };
  /** Rows by rising prediction, in up to ten parts of the same size: what was predicted on average and what it was. */
  readonly calibration: readonly PredictionBand[];
}

/** A part of the rows with similar predictions. */
export interface PredictionBand {
  readonly rows: number;
  readonly predicted: number;
  readonly actual: number;
  /** The actual values that a tenth of the band's rows lies below and above. */
  readonly low: number;
  readonly high: number;
}

/** Evaluates a regression. Values are exact; standard deviations come from a seeded bootstrap. */
export function evaluateRegression(input: RegressionPredictions): RegressionEvaluation {
  const { labels, predictions } = input;
  const { actual, mean, metrics } = measureErrors(input);
  const rows = labels.length;
  const residuals = actual.map((label, row) => label - (predictions[row] as number));
  const sorted = actual.toSorted();
  const said = Float64Array.from(predictions).sort();
  const absolute = residuals.map(Math.abs).sort();
  const reach = quantile(absolute, 0.99) || 1;
  const [lower, upper] = bounds(sorted, said);
  return {
    task: 'regression',
    rows,
    metrics,
    label: { mean, minimum: sorted[0] as number, maximum: sorted[rows - 1] as number },
    bias: residuals.reduce((sum, residual) => sum + residual, 0) / rows,
    residuals: histogram(residuals, -reach, reach, Math.min(40, 2 * Math.ceil(Math.cbrt(rows)))),
    errorQuantiles: [0.5, 0.75, 0.9, 0.95, 0.99, 1].map((share) => ({ share, value: quantile(absolute, share) })),
    scatter: { lower, upper, side: gridSide, cells: scatter(actual, predictions, lower, upper, gridSide) },
    calibration: bands(actual, predictions),
  };
}

/** The metrics of a regression alone, the same ones as `evaluateRegression` gives in a part of its time. */
export function measureRegression(input: RegressionPredictions): RegressionEvaluation['metrics'] {
  return measureErrors(input).metrics;
}

function measureErrors({ labels, predictions, seed = 0, bootstraps = 200 }: RegressionPredictions): { actual: Float64Array; mean: number; metrics: RegressionEvaluation['metrics'] } {
  check(labels, predictions);
  const actual = Float64Array.from(labels);
  const mean = actual.reduce((sum, label) => sum + label, 0) / labels.length;
  const all = noErrors();
  actual.forEach((label, row) => {
    addErrors(all, rowErrors(label, predictions[row] as number, mean));
  });
  const constant = actual.every((label) => label === actual[0]);
  // Of constant labels rounding may leave a hair of variance, of which no share can be explained.
  const values = constant ? { ...regressionValues(all), r2: Number.NaN } : regressionValues(all);
  const spread = regressionDeviations(actual, predictions, mean, bootstraps, seed);
  return { actual, mean, metrics: measured(values, constant ? { ...spread, r2: Number.NaN } : spread, regressionMetrics) };
}

/** Cells of the grid of predicted and actual values, a side. */
const gridSide = 40;

/** A few extreme rows shall not press all others into a corner: of very many rows the outermost thousandth goes to the border. */
function bounds(actual: Float64Array, predicted: Float64Array): [lower: number, upper: number] {
  const lower = Math.min(quantile(actual, 0.001), quantile(predicted, 0.001));
  const upper = Math.max(quantile(actual, 0.999), quantile(predicted, 0.999));
  return upper > lower ? [lower, upper] : [lower - 0.5, lower + 0.5];
}

function bands(actual: Float64Array, predictions: Float32Array): PredictionBand[] {
  const order = Uint32Array.from(actual.keys()).sort((a, b) => (predictions[a] as number) - (predictions[b] as number) || a - b);
  const count = Math.min(10, Math.max(1, Math.floor(order.length / 5)));
  return Array.from({ length: count }, (_, band) => {
    const rows = order.subarray(Math.round((band * order.length) / count), Math.round(((band + 1) * order.length) / count));
    const values = Float64Array.from(rows, (row) => actual[row] as number).sort();
    const predicted = rows.reduce((sum, row) => sum + (predictions[row] as number), 0) / rows.length;
    return { rows: rows.length, predicted, actual: values.reduce((sum, value) => sum + value, 0) / rows.length, low: quantile(values, 0.1), high: quantile(values, 0.9) };
  });
}

function check(labels: ArrayLike<number>, predictions: Float32Array): void {
  checkRows(labels.length, predictions.length, 1, 'predictions');
  for (let row = 0; row < labels.length; row++) {
    if (!Number.isFinite(labels[row])) throw new RangeError(`The label of row ${String(row)} is ${String(labels[row])}, expected a finite number.`);
    if (!Number.isFinite(predictions[row])) throw new RangeError(`The prediction of row ${String(row)} is ${String(predictions[row])}, expected a finite number.`);
  }
}
