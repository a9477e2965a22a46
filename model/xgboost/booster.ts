/**
 * One tree, in XGBoost's own layout: parallel arrays indexed by node, node 0 the root.
 * A leaf has `leftChildren[i] === -1` and its value in `splitConditions[i]`.
 * An inner node sends a row left when `value < splitConditions[i]`, and a missing value where `defaultLeft[i]` says.
 */
export interface RegressionTree {
  readonly leftChildren: Int32Array;
  readonly rightChildren: Int32Array;
  readonly parents: Int32Array;
  readonly splitIndices: Int32Array;
  /** The threshold of an inner node, the value of a leaf (learning rate applied). float32, as XGBoost stores and compares it. */
  readonly splitConditions: Float32Array;
  /** 1 where a missing value goes left. */
  readonly defaultLeft: Uint8Array;
  readonly baseWeights: Float32Array;
  readonly lossChanges: Float32Array;
  readonly sumHessian: Float32Array;
}

/** A gradient-boosted model as XGBoost keeps it, whatever file format it came from. */
export interface Booster {
  /** The XGBoost version that wrote it, or whose format it claims. */
  readonly version: readonly [number, number, number];
  /** Such as `binary:logistic`. */
  readonly objective: string;
  /** The objective's own parameters, as XGBoost writes them (all strings). */
  readonly objectiveParameters: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The model's output before the first tree, in the space of the prediction (a probability for `binary:logistic`). */
  readonly baseScore: number;
  /** Where the classes start from margins of their own, which then count in the base score's place (XGBoost 3.1 and newer). @default - all from the base score */
  readonly classMargins?: readonly number[];
  readonly numFeatures: number;
  /** 0 for everything but multi-class objectives. */
  readonly numClass: number;
  readonly trees: readonly RegressionTree[];
  /** The output (class) that each tree adds to. */
  readonly treeInfo: Int32Array;
  /** Empty where the model has no names. */
  readonly featureNames: readonly string[];
  readonly featureTypes: readonly string[];
  /** Free attributes, such as `best_iteration` and `best_score` after early stopping (all strings). */
  readonly attributes: Readonly<Record<string, string>>;
}
