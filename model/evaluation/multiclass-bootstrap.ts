import { classMetrics, macroMean, weightedMean } from '../metrics/classes.ts';
import { ascendingOrder } from '../metrics/order.ts';
import { multiclassMetrics } from '../spec/metrics.ts';
import { deviations, generator, poisson } from './random.ts';

/** The metrics of several classes, by the names that gates use. */
export type MulticlassMetric = (typeof multiclassMetrics)[number];

/** The means weighted by rows, by the names that SageMaker's files use; the weighted recall is the accuracy. */
export const weightedMetrics = ['weighted_precision', 'weighted_recall', 'weighted_f1'] as const;

/** A mean weighted by rows. */
export type WeightedMetric = (typeof weightedMetrics)[number];

/** All metrics from the counts of (true, called) and the sum of the log losses. */
export function multiclassValues(counts: Float64Array, loss: number, classes: number): Record<MulticlassMetric | WeightedMetric, number> {
  const metrics = classMetrics(counts, classes);
  let rows = 0;
  let right = 0;
  metrics.forEach((entry, index) => {
    rows += entry.rows;
    right += counts[index * classes + index] as number;
  });
  return {
    accuracy: right / rows,
    macro_precision: macroMean(metrics, 'precision'),
    macro_recall: macroMean(metrics, 'recall'),
    macro_f1: macroMean(metrics, 'f1'),
    log_loss: loss / rows,
    weighted_precision: weightedMean(metrics, 'precision'),
    weighted_recall: weightedMean(metrics, 'recall'),
    weighted_f1: weightedMean(metrics, 'f1'),
  };
}

/** The cell of (true, called) and the log loss of each row. */
export interface ClassifiedRows {
  readonly cells: ArrayLike<number>;
  readonly losses: Float32Array;
  readonly classes: number;
}

/** Groups for the bootstrap, beside one at least for each cell: rows of a cell with about the same loss are one group. */
const groupLimit = 2000;

/** The standard deviation of each metric by a Poisson bootstrap over groups of rows that are alike (see binary-bootstrap.ts). */
export function multiclassDeviations(rows: ClassifiedRows, replicates: number, seed: number): Record<MulticlassMetric | WeightedMetric, number> {
  const { cell, size, loss } = groupsOf(rows);
  const random = generator(seed);
  const draw = (): Record<MulticlassMetric | WeightedMetric, number> => {
    const counts = new Float64Array(rows.classes ** 2);
    let [all, losses] = [0, 0];
    for (let group = 0; group < cell.length; group++) {
      const count = poisson(size[group] as number, random);
      const at = cell[group] as number;
      counts[at] = (counts[at] as number) + count;
      losses += (count * (loss[group] as number)) / (size[group] as number);
      all += count;
    }
    // Of very few rows a draw can be empty: it says nothing, so it is drawn again.
    return all === 0 ? draw() : multiclassValues(counts, losses, rows.classes);
  };
  return deviations(Array.from({ length: replicates }, draw), [...multiclassMetrics, ...weightedMetrics]);
}

function groupsOf({ cells, losses, classes }: ClassifiedRows): { cell: number[]; size: number[]; loss: number[] } {
  const most = Math.ceil(losses.length / groupLimit);
  const open = new Int32Array(classes ** 2).fill(-1);
  const groups = { cell: [] as number[], size: [] as number[], loss: [] as number[] };
  for (const row of ascendingOrder(losses)) {
    const cell = cells[row] as number;
    let group = open[cell] as number;
    if (group === -1 || (groups.size[group] as number) >= most) {
      group = groups.cell.length;
      open[cell] = group;
      groups.cell.push(cell);
      groups.size.push(0);
      groups.loss.push(0);
    }
    groups.size[group] = (groups.size[group] as number) + 1;
    groups.loss[group] = (groups.loss[group] as number) + (losses[row] as number);
  }
  return groups;
}
