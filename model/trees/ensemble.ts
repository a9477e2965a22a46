import type { RegressionTree } from '../xgboost/booster.ts';

/** A tree as it predicts: in XGBoost's layout, without what training left in it. */
export type SplitTree = Pick<RegressionTree, 'leftChildren' | 'rightChildren' | 'splitIndices' | 'splitConditions' | 'defaultLeft'>;

/** What becomes of the sums of the trees; `binary` gives the probability of either class. */
export type PostTransform = 'identity' | 'sigmoid' | 'binary' | 'exp' | 'softmax';

/** Trees whose leaves are summed up. */
export interface TreeEnsemble {
  readonly features: number;
  readonly trees: readonly SplitTree[];
  /** The output that each tree adds to. */
  readonly targets: ArrayLike<number>;
  /** Added to the sum of each output, at the end. */
  readonly base: Float32Array;
  readonly post: PostTransform;
}

/** Trees that are not compiled; the message says why. */
export class NotCompiled extends Error {
  override readonly name = 'NotCompiled';
}
