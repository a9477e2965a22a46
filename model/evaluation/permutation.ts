import type { RawColumn } from '../features/serving.ts';
import { direction } from '../spec/metrics.ts';
import type { EvaluationInput } from './evaluate.ts';
import { headlineMetrics, measure } from './headline.ts';
import { generator } from './random.ts';

/** Raw columns by name. */
export type RawColumnsByName = Readonly<Record<string, RawColumn>>;

/** Held-out rows in raw columns, and the model. */
export interface PermutationInput extends Omit<EvaluationInput, 'predictions' | 'bootstraps'> {
  readonly columns: RawColumnsByName;
  /** Predicts rows, row after row, as `evaluate` takes them. */
  readonly predict: (columns: RawColumnsByName, rows: number) => Promise<Float32Array>;
  /** A metric of the task. @default - `auc`, `accuracy` or `mae` */
  readonly metric?: string;
  /** How often each column is shuffled. @default 3 */
  readonly repeats?: number;
  /** Of more rows a sample is taken. @default - 10000; with many columns fewer, so that it takes about as long */
  readonly maximumRows?: number;
}

/** What a model would lose without knowing each column. */
export interface PermutationImportance {
  readonly metric: string;
  /** Rows that were measured. */
  readonly rows: number;
  /** The metric with all columns as they are. */
  readonly value: number;
  /** The largest loss first. */
  readonly columns: readonly ColumnLoss[];
}

/** How much worse the metric gets when a column's values are shuffled: about 0 for a column that is not used. */
export interface ColumnLoss {
  readonly column: string;
  readonly loss: number;
  /** Of the loss, over the shuffles. */
  readonly standardDeviation: number;
}

/** Measures each raw column by shuffling it, which breaks its tie with the label and leaves its distribution; the same for a seed. */
export async function permutationImportance(input: PermutationInput): Promise<PermutationImportance> {
  const { task, labels: all, classes, columns, predict, metric = headlineMetrics[input.task], seed = 0, repeats = 3, maximumRows = sampleFor(Object.keys(input.columns).length) } = input;
  const random = generator(seed);
  const order = shuffled(all.length, random).subarray(0, maximumRows).sort();
  const labels = Float32Array.from(order, (row) => all[row] as number);
  const sample = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, pick(column, order)]));
  const valueOf = async (given: RawColumnsByName): Promise<number> => {
    const predictions = await predict(given, labels.length);
    return measure({ task, labels, predictions, ...(classes === undefined ? {} : { classes }), bootstraps: 2 }, metric).value;
  };
  const value = await valueOf(sample);
  const found: ColumnLoss[] = [];
  for (const [name, column] of Object.entries(sample)) {
    const losses: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const without = await valueOf({ ...sample, [name]: pick(column, shuffled(labels.length, random)) });
      losses.push(direction(metric) * (value - without));
    }
    const loss = losses.reduce((sum, one) => sum + one, 0) / repeats;
    found.push({ column: name, loss, standardDeviation: Math.sqrt(losses.reduce((sum, one) => sum + (one - loss) ** 2, 0) / (repeats - 1)) });
  }
  return { metric, rows: labels.length, value, columns: found.sort((a, b) => b.loss - a.loss) };
}

/** With few columns this many rows tell a small loss from none. */
const mostRows = 10_000;

/** Fewer would hardly tell anything. */
const fewestRows = 500;

/** So many columns get the most rows, and beyond them the rows become fewer. */
const fewColumns = 12;

function sampleFor(columns: number): number {
  return Math.max(fewestRows, Math.min(mostRows, Math.floor((mostRows * fewColumns) / Math.max(1, columns))));
}

/** The positions in a random order. */
function shuffled(length: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}

function pick(column: RawColumn, rows: Uint32Array): RawColumn {
  // An array of texts stays one, with its nulls; numbers stay 64-bit.
  if (Array.isArray(column)) return Array.from(rows, (row) => (column as readonly (string | null)[])[row] as string | null);
  return Float64Array.from(rows, (row) => column[row] as number);
}
