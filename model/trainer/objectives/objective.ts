import type { GridScale, SharedRows } from '../shared.ts';

/** What the gradients of a round depend on beside the rows. */
export interface GradientOptions {
  readonly scale: GridScale;
  readonly outputs: number;
  readonly scalePosWeight: number;
  readonly maxDeltaStep: number;
  readonly subsample: number;
  readonly seed: number;
  readonly round: number;
}

/** How the trainer learns one of XGBoost's objectives. Loops take the rows from `start`, which lies on a block's border, to `end`. */
export interface TrainingObjective {
  /** Where gradients are at most 1, their grid is fixed; where not, each round's grid follows from the block ranges that `sumLosses` writes. */
  readonly bounded: boolean;
  /** The metric of the block losses, and the one that is printed where none is asked for. */
  readonly ownMetric: string;
  /** Its metrics in words, for an error. */
  readonly metricNames: string;
  /** A metric by its name, from margins or block losses; undefined where the objective does not have it. */
  readonly metric: (name: string) => ((data: SharedRows) => number) | undefined;
  /** What labels must be, in words, and whether one is. */
  readonly labels: (outputs: number) => { readonly expected: string; readonly accepts: (label: number) => boolean };
  /** What a base_score must be, in words, and whether one is. */
  readonly baseScore: { readonly expected: string; readonly accepts: (score: number) => boolean };
  /** The objective's own fields in a model file, as XGBoost writes them. */
  readonly fields: (parameters: { readonly scalePosWeight: number; readonly maxDeltaStep: number; readonly outputs: number }) => Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Writes each row's gradient and Hessian on the grid, output after output; with bounded gradients also the block losses. */
  readonly computeGradients: (data: SharedRows, gradients: Int32Array, start: number, end: number, options: GradientOptions) => void;
  /** Writes the block losses, each row's by its weight, and, where gradients are unbounded, the block ranges. */
  readonly sumLosses: (data: SharedRows, start: number, end: number, maxDeltaStep: number) => void;
}

/** The mean of the block losses over what the rows count. */
export function meanLoss(data: SharedRows): number {
  return data.blockLoss.reduce((sum, loss) => sum + loss, 0) / data.totalWeight;
}

/** The weighted mean over rows of what one of them adds; `prediction` is the margin after the objective's link. */
export function meanOver(data: SharedRows, link: (margin: number) => number, of: (prediction: number, label: number) => number): number {
  let sum = 0;
  for (let row = 0; row < data.rows; row++) sum += (data.weight?.[row] ?? 1) * of(link(data.margin[row] as number), data.label[row] as number);
  return sum / data.totalWeight;
}

/** A parameter as XGBoost prints its float32: nine significant digits, no trailing zeros. */
export function parameterText(value: number): string {
  return String(Number(Math.fround(value).toPrecision(9)));
}
