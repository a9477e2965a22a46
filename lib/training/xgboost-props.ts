/** The hyperparameters of SageMaker's built-in XGBoost, under names as TypeScript writes them. */
export interface XGBoostProps {
  /** How many trees are grown at most. */
  readonly numRound: number;

  /**
   * What is optimised. It has to fit the dataset's label.
   * @default - by the label: `binary:logistic` for two classes, `multi:softprob` for several, `reg:squarederror` for a number (`count:poisson` is for counts)
   */
  readonly objective?: string;

  /**
   * How deep a tree may be; 0 is no bound.
   * @default 6
   */
  readonly maxDepth?: number;

  /**
   * How much of each tree's answer is kept (the learning rate).
   * @default 0.3
   */
  readonly eta?: number;

  /**
   * The gain below which a node is not split.
   * @default 0
   */
  readonly gamma?: number;

  /**
   * The least weight (the sum of second derivatives) of a leaf.
   * @default 1
   */
  readonly minChildWeight?: number;

  /**
   * The most that a leaf may answer; 0 is no bound.
   * @default 0
   */
  readonly maxDeltaStep?: number;

  /**
   * The share of the rows that each tree sees.
   * @default 1
   */
  readonly subsample?: number;

  /**
   * The share of the features that each tree sees.
   * @default 1
   */
  readonly colsampleBytree?: number;

  /**
   * The share of the features that each level of a tree sees.
   * @default 1
   */
  readonly colsampleBylevel?: number;

  /**
   * The share of the features that each node sees.
   * @default 1
   */
  readonly colsampleBynode?: number;

  /**
   * L2 regularisation of the leaves.
   * @default 1
   */
  readonly lambda?: number;

  /**
   * L1 regularisation of the leaves.
   * @default 0
   */
  readonly alpha?: number;

  /**
   * The weight of the positive rows, for rare labels.
   * @default 1
   */
  readonly scalePosWeight?: number;

  /**
   * Into how many bins a feature's values are put.
   * @default 256
   */
  readonly maxBin?: number;

  /**
   * The prediction before the first tree: a probability for two classes, a value near the label's mean for a number. Always said:
   * XGBoost 3 would estimate it, and 1.7 take 0.5.
   * @default 0.5
   */
  readonly baseScore?: number;

  /**
   * The seed of what is drawn at random: the same seed and data give the same model.
   * @default 0
   */
  readonly seed?: number;

  /**
   * Training stops when the validation metric has not improved for so many rounds.
   * @default - every round is run
   */
  readonly earlyStoppingRounds?: number;

  /**
   * The metrics that are printed a round, such as `auc` and `logloss`; the last one decides early stopping.
   * @default - by the objective: `logloss`, `mlogloss`, `rmse` or `poisson-nloglik`, which cost little; `auc` sorts all rows each round
   */
  readonly evalMetric?: string[];

  /**
   * Any other hyperparameter of the algorithm under its own name, such as `tree_method`. Its values are texts.
   * @default - none
   */
  readonly additionalHyperParameters?: { [name: string]: string };

  /**
   * The account that holds the image, for a region that Slipway's table does not know.
   * @default - by the stack's region
   */
  readonly imageAccount?: string;
}

/** Defaults that are said although the image has its own: the laptop and every version of the image then agree. */
export const xgboostDefaults = { baseScore: 0.5 } as const;
