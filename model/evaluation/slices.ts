import type { RawColumn } from '../features/serving.ts';
import { decisionThreshold } from '../metrics/confusion.ts';
import type { ColumnType } from '../spec/dataset.ts';
import { direction } from '../spec/metrics.ts';
import { ofClass1 } from './evaluate.ts';
import type { EvaluationInput, MeasuredMetric } from './evaluate.ts';
import { headlineMetrics, measure } from './headline.ts';
import { partsOf } from './slice-parts.ts';

/** Predicted rows, and a raw column to part them by. */
export interface SlicesInput extends EvaluationInput {
  readonly column: { readonly name: string; readonly type: ColumnType };
  /** The column's values: numbers (NaN where missing) or texts (null where missing). */
  readonly values: RawColumn;
  /** A metric of the task. @default - `auc`, `accuracy` or `mae` */
  readonly metric?: string;
  /** The metric of all rows, where it is known already. @default - measured */
  readonly overall?: number;
  /** Parts with fewer rows are not measured: chance would speak. @default 30 */
  readonly minimumRows?: number;
}

/** A part of the rows and how good the model is on it. */
export interface Slice {
  /** A value of the column, or a range of values. */
  readonly name: string;
  readonly rows: number;
  readonly metric: MeasuredMetric;
  /** Whether the metric is worse than that of all rows by more than two standard deviations. */
  readonly worse: boolean;
}

/** How good a model is by a column's values. */
export interface SliceTable {
  readonly column: string;
  readonly metric: string;
  /** The metric of all rows. */
  readonly overall: number;
  /** The worst first; those whose metric cannot be computed last. */
  readonly slices: readonly Slice[];
  /** Rows in parts too small to be measured. */
  readonly unmeasured: number;
}

/** Replicates behind a slice's standard deviation: it shall tell chance from weakness, not more. */
const sliceBootstraps = 60;

/** Measures a model on the rows of each value (or range of values) of a column. Values are parted by themselves, never by how the model does. */
export function slices(input: SlicesInput): SliceTable {
  const { column, values, labels, predictions, metric = headlineMetrics[input.task], minimumRows = 30, bootstraps = sliceBootstraps } = input;
  if (values.length !== labels.length) {
    throw new RangeError(`Column "${column.name}" has ${String(values.length)} values for ${String(labels.length)} labels, expected as many.`);
  }
  const overall = input.overall ?? measure({ ...input, bootstraps: 2 }, metric).value;
  const sign = direction(metric);
  const parts = partsOf(values, column.type, minimumRows);
  const measurable = parts.filter(({ rows }) => rows.length >= minimumRows);
  const found = measurable.map(({ name, rows }): Slice => {
    const part = { ...input, labels: pick(labels, rows, 1), predictions: pick(predictions, rows, predictions.length / labels.length), bootstraps };
    const measured = isShareOfNothing(part, metric) ? unmeasurable : measure(part, metric);
    return { name, rows: rows.length, metric: measured, worse: sign * (overall - measured.value) > 2 * measured.standardDeviation };
  });
  const rank = ({ metric: { value } }: Slice): number => (Number.isNaN(value) ? Infinity : sign * value);
  return {
    column: column.name,
    metric,
    overall,
    slices: found.sort((a, b) => (rank(a) === rank(b) ? b.rows - a.rows : rank(a) - rank(b))),
    unmeasured: parts.reduce((sum, { rows }) => sum + (rows.length < minimumRows ? rows.length : 0), 0),
  };
}

const unmeasurable: MeasuredMetric = { value: Number.NaN, standardDeviation: Number.NaN };

/** Without a positive row nothing can be found, and without an alarm none can be right: the 0 that an evaluation then gives is a convention, and no weakness of the model on these rows. */
function isShareOfNothing({ task, labels, predictions }: EvaluationInput, metric: string): boolean {
  if (task !== 'binary') return false;
  if (metric === 'recall' || metric === 'f1') return labels.every((label) => label < 0.5);
  return metric === 'precision' && ofClass1(predictions, labels.length).every((probability) => probability <= decisionThreshold);
}

function pick(values: Uint8Array | Float32Array, rows: readonly number[], columns: number): Float32Array {
  const picked = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => {
    for (let column = 0; column < columns; column++) picked[index * columns + column] = values[row * columns + column] as number;
  });
  return picked;
}
