import { fairCoinTest } from '../../metrics/distributions.ts';
import { thresholdMetrics } from '../../metrics/confusion.ts';
import { generator, poisson } from '../random.ts';
import { multiclassValues } from '../multiclass-bootstrap.ts';
import { drawnDifference } from './difference.ts';
import type { Difference } from './difference.ts';

/** What both models called each row. */
export interface PairedCalls {
  readonly labels: ArrayLike<number>;
  readonly challenger: ArrayLike<number>;
  readonly champion: ArrayLike<number>;
  readonly classes: number;
}

/** The metrics that follow from what rows are called, with what a paired bootstrap makes of their differences. */
export function callDifferences(calls: PairedCalls, metrics: readonly string[], replicates: number, seed: number): Map<string, Difference> {
  const cells = pairedCells(calls);
  const random = generator(seed);
  const draws = metrics.map((): number[] => []);
  for (let replicate = 0; replicate < replicates; replicate++) {
    const drawn = resample(cells, random);
    const [ours, theirs] = [valuesOf(drawn, calls.classes, 'challenger'), valuesOf(drawn, calls.classes, 'champion')];
    metrics.forEach((metric, index) => draws[index]?.push((ours[metric] ?? Number.NaN) - (theirs[metric] ?? Number.NaN)));
  }
  return new Map(metrics.map((metric, index) => [metric, drawnDifference(draws[index] ?? [], metric === 'accuracy' ? mcnemar(cells) : undefined)]));
}

/** McNemar's exact test: of the rows that one model alone calls right, a fair coin would give each model half. */
export function mcnemar(cells: readonly Pick<PairedCell, 'rows' | 'truth' | 'challenger' | 'champion'>[]): { name: string; p: number } {
  let [ours, theirs] = [0, 0];
  for (const { rows, truth, challenger, champion } of cells) {
    if (challenger === truth && champion !== truth) ours += rows;
    if (champion === truth && challenger !== truth) theirs += rows;
  }
  return { name: 'McNemar', p: fairCoinTest(ours, theirs) };
}

/** Rows of the same class that both models called the same. */
export interface PairedCell {
  readonly rows: number;
  readonly truth: number;
  readonly challenger: number;
  readonly champion: number;
}

/** The rows by class and by what both models called them: all that these metrics depend on. */
export function pairedCells({ labels, challenger, champion, classes }: PairedCalls): PairedCell[] {
  const counts = new Map<number, number>();
  for (let row = 0; row < labels.length; row++) {
    const key = ((labels[row] as number) * classes + (challenger[row] as number)) * classes + (champion[row] as number);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  // In a fixed order, so that a seed means the same draws however the rows stand.
  return [...counts].sort(([a], [b]) => a - b).map(([key, rows]) => ({ rows, truth: Math.floor(key / classes ** 2), challenger: Math.floor(key / classes) % classes, champion: key % classes }));
}

/** Each row drawn Poisson(1) times: a cell of n rows, Poisson(n) times. Of very few rows a draw can be empty: it says nothing, so it is drawn again. */
function resample(cells: readonly PairedCell[], random: () => number): PairedCell[] {
  for (;;) {
    const drawn = cells.map((cell) => ({ ...cell, rows: poisson(cell.rows, random) }));
    if (drawn.some(({ rows }) => rows > 0)) return drawn;
  }
}

function valuesOf(cells: readonly PairedCell[], classes: number, model: 'challenger' | 'champion'): Readonly<Record<string, number>> {
  const counts = new Float64Array(classes * classes);
  for (const cell of cells) {
    const at = cell.truth * classes + cell[model];
    counts[at] = (counts[at] as number) + cell.rows;
  }
  if (classes > 2) return multiclassValues(counts, Number.NaN, classes);
  const [trueNegatives = 0, falsePositives = 0, falseNegatives = 0, truePositives = 0] = counts;
  return { ...thresholdMetrics({ trueNegatives, falsePositives, falseNegatives, truePositives }) };
}
