import type { XGBoostParameters } from '../spec/hyperparameter-parser.ts';
import type { Cuts } from './cuts.ts';
import type { GridScale } from './shared.ts';

/** Sums over the rows of a node, in units of the loss. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
}

/** Between which weights a node's rows must stay, so that splits above it keep their order. */
export interface WeightBounds {
  readonly lower: number;
  readonly upper: number;
}

/** Where nothing bounds them. */
export const unbounded: WeightBounds = { lower: -Infinity, upper: Infinity };

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
export type Regularization = Pick<XGBoostParameters, 'lambda' | 'alpha' | 'gamma' | 'maxDeltaStep' | 'minChildWeight' | 'monotoneConstraints'>;

/** XGBoost's own tolerance: a smaller gain is no gain. */
const smallestGain = 1e-6;

/** The weight of a leaf that holds these sums, before the learning rate. */
export function leafWeight(gradient: number, hessian: number, options: Regularization): number {
  if (hessian <= 0 || hessian < options.minChildWeight) return 0;
  const weight = -shrink(gradient, options.alpha) / (hessian + options.lambda);
  const limit = options.maxDeltaStep;
  return limit !== 0 && Math.abs(weight) > limit ? Math.sign(weight) * limit : weight;
}

/** The same within bounds. */
export function boundedWeight({ gradient, hessian }: NodeSums, { lower, upper }: WeightBounds, options: Regularization): number {
  return Math.min(upper, Math.max(lower, leafWeight(gradient, hessian, options)));
}

/** The bounds of both children of a split: neither may pass the middle of their weights where the feature is constrained. */
export function childBounds(split: SplitCandidate, bounds: WeightBounds, options: Regularization): readonly [left: WeightBounds, right: WeightBounds] {
  const sign = options.monotoneConstraints[split.feature] ?? 0;
  if (sign === 0) return [bounds, bounds];
  const [left, right] = [split.left, split.right].map((sums) => f(boundedWeight(sums, bounds, options))) as [number, number];
  const middle = f(f(left + right) / 2);
  const [below, above] = [{ ...bounds, upper: middle }, { ...bounds, lower: middle }];
  return sign > 0 ? [below, above] : [above, below];
}

const f = Math.fround;

/** Twice what a leaf with these sums takes off the regularized loss, rounded as XGBoost rounds it: ties depend on that. */
export function leafGain(gradient: number, hessian: number, options: Regularization): number {
  if (hessian <= 0 || hessian < options.minChildWeight) return 0;
  if (options.maxDeltaStep === 0) {
    const shrunk = shrink(gradient, options.alpha);
    return f((shrunk * shrunk) / (hessian + options.lambda));
  }
  return gainOfWeight(gradient, hessian, f(leafWeight(gradient, hessian, options)), options);
}

/** The gain of a leaf whose weight is not free. */
function gainOfWeight(gradient: number, hessian: number, weight: number, options: Regularization): number {
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
  histogram: Float64Array, cuts: readonly Cuts[], stride: number, features: readonly number[], node: NodeSums, scale: GridScale, options: Regularization, bounds: WeightBounds = unbounded,
): SplitCandidate | undefined {
  const search = new Search(node, options, bounds);
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
    // Missing on the left of all present values is the mirror of the last bin above, and only a constraint tells them apart.
    const first = options.monotoneConstraints.length > 0 ? 0 : 1;
    for (let bin = bins - 1; bin >= first; bin--) {
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
  private readonly bounds: WeightBounds;
  private readonly constrained: boolean;

  constructor(node: NodeSums, options: Regularization, bounds: WeightBounds) {
    this.node = node;
    this.options = options;
    this.bounds = bounds;
    this.constrained = options.monotoneConstraints.length > 0;
    this.parentGain = this.constrained ? gainOfWeight(node.gradient, node.hessian, f(boundedWeight(node, bounds, options)), options) : leafGain(node.gradient, node.hessian, options);
  }

  /** Takes a split by the sums of its left side. */
  offer(place: Pick<SplitCandidate, 'feature' | 'bin' | 'missingLeft'>, gradient: number, hessian: number): void {
    const { node, options } = this;
    const rightHessian = node.hessian - hessian;
    if (hessian < options.minChildWeight || rightHessian < options.minChildWeight || hessian <= 0 || rightHessian <= 0) return;
    const rightGradient = node.gradient - gradient;
    const sum = this.constrained
      ? this.constrainedGain(place.feature, { gradient, hessian }, { gradient: rightGradient, hessian: rightHessian })
      : leafGain(gradient, hessian, options) + leafGain(rightGradient, rightHessian, options);
    const gain = f(f(sum) - this.parentGain);
    if (gain <= this.bestGain) return;
    this.bestGain = gain;
    const left = { gradient, hessian };
    const right = { gradient: rightGradient, hessian: rightHessian };
    this.best = { ...place, gain, left, right };
  }

  /** Both children's gain with their weights in bounds; nothing where they stand in the wrong order. */
  private constrainedGain(feature: number, left: NodeSums, right: NodeSums): number {
    const { options, bounds } = this;
    const leftWeight = f(boundedWeight(left, bounds, options));
    const rightWeight = f(boundedWeight(right, bounds, options));
    const sign = options.monotoneConstraints[feature] ?? 0;
    if (sign * leftWeight > sign * rightWeight) return -Infinity;
    return gainOfWeight(left.gradient, left.hessian, leftWeight, options) + gainOfWeight(right.gradient, right.hessian, rightWeight, options);
  }
}
