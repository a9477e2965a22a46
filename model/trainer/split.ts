import type { XGBoostParameters } from '../spec/hyperparameter-parser.ts';
import type { Cuts } from './cuts.ts';
import type { GridScale } from './shared.ts';

/** Sums over the rows of a node, in units of the loss. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
}

/** The best split found for a node. */
export interface SplitCandidate {
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly left: NodeSums;
  readonly right: NodeSums;
}

/** The parameters that shape a leaf's weight and a split's gain. */
export type Regularization = Pick<XGBoostParameters, 'lambda' | 'alpha' | 'gamma' | 'maxDeltaStep' | 'minChildWeight'>;

/** XGBoost's own tolerance: a smaller gain is no gain. */
const smallestGain = 1e-6;

/** The weight of a leaf that holds these sums, before the learning rate. */
export function leafWeight(gradient: number, hessian: number, options: Regularization): number {
  if (hessian <= 0 || hessian < options.minChildWeight) return 0;
  const weight = -shrink(gradient, options.alpha) / (hessian + options.lambda);
  const limit = options.maxDeltaStep;
  return limit !== 0 && Math.abs(weight) > limit ? Math.sign(weight) * limit : weight;
}

const f = Math.fround;

/** Twice what a leaf with these sums takes off the regularized loss, rounded as XGBoost rounds it: ties depend on that. */
export function leafGain(gradient: number, hessian: number, options: Regularization): number {
  if (hessian <= 0 || hessian < options.minChildWeight) return 0;
  if (options.maxDeltaStep === 0) {
    const shrunk = shrink(gradient, options.alpha);
    return f((shrunk * shrunk) / (hessian + options.lambda));
  }
  const weight = f(leafWeight(gradient, hessian, options));
  // As in XGBoost's hist: where the weight is bounded, the L1 term counts in the weight alone.
  return -f(f(f(2 * f(gradient)) * weight) + f(f(f(hessian) + options.lambda) * f(weight * weight)));
}

function shrink(gradient: number, alpha: number): number {
  if (gradient > alpha) return gradient - alpha;
  return gradient < -alpha ? gradient + alpha : 0;
}

/**
 * The best split of a node by its histogram, or undefined where none is worth it. Ties go as in XGBoost: to the earlier
 * feature, to missing values on the right, then to the lowest threshold with them on the right and to the highest on the left.
 */
export function bestSplit(
  histogram: Float64Array, cuts: readonly Cuts[], stride: number, features: readonly number[], node: NodeSums, scale: GridScale, options: Regularization,
): SplitCandidate | undefined {
  const search = new Search(node, options);
  const unit = { gradient: 1 / scale.gradient, hessian: 1 / scale.hessian };
  for (const feature of features) {
    const { thresholds, missing } = cuts[feature] as Cuts;
    const bins = thresholds.length;
    const base = feature * stride * 2;
    const anyMissing = missing && ((histogram[base + bins * 2] as number) !== 0 || (histogram[base + bins * 2 + 1] as number) > 0);
    // The last bin parts present from missing values.
    const last = anyMissing ? bins : bins - 1;
    let gradient = 0;
    let hessian = 0;
    for (let bin = 0; bin < last; bin++) {
      const cell = base + bin * 2;
      const addedHessian = histogram[cell + 1] as number;
      const addedGradient = histogram[cell] as number;
      if (addedHessian === 0 && addedGradient === 0) continue;
      gradient += addedGradient;
      hessian += addedHessian;
      search.offer({ feature, bin, missingLeft: false }, gradient * unit.gradient, hessian * unit.hessian);
    }
    if (!anyMissing) continue;
    gradient = node.gradient / unit.gradient;
    hessian = node.hessian / unit.hessian;
    for (let bin = bins - 1; bin > 0; bin--) {
      const cell = base + bin * 2;
      const removedHessian = histogram[cell + 1] as number;
      const removedGradient = histogram[cell] as number;
      if (removedHessian === 0 && removedGradient === 0) continue;
      gradient -= removedGradient;
      hessian -= removedHessian;
      search.offer({ feature, bin: bin - 1, missingLeft: true }, gradient * unit.gradient, hessian * unit.hessian);
    }
  }
  return search.best !== undefined && search.best.gain >= options.gamma ? search.best : undefined;
}

class Search {
  best: SplitCandidate | undefined;
  private bestGain = smallestGain;
  private readonly node: NodeSums;
  private readonly options: Regularization;
  private readonly parentGain: number;

  constructor(node: NodeSums, options: Regularization) {
    this.node = node;
    this.options = options;
    this.parentGain = leafGain(node.gradient, node.hessian, options);
  }

  /** Takes a split by the sums of its left side. */
  offer(place: Pick<SplitCandidate, 'feature' | 'bin' | 'missingLeft'>, gradient: number, hessian: number): void {
    const { node, options } = this;
    const rightHessian = node.hessian - hessian;
    if (hessian < options.minChildWeight || rightHessian < options.minChildWeight || hessian <= 0 || rightHessian <= 0) return;
    const rightGradient = node.gradient - gradient;
    const gain = f(f(leafGain(gradient, hessian, options) + leafGain(rightGradient, rightHessian, options)) - this.parentGain);
    if (gain <= this.bestGain) return;
    this.bestGain = gain;
    const left = { gradient, hessian };
    const right = { gradient: rightGradient, hessian: rightHessian };
    this.best = { ...place, gain, left, right };
  }
}
