/** What a hyperparameter of SageMaker's built-in XGBoost may hold, as its image checks it. */
export type HyperparameterBound =
  | { readonly kind: 'integer' | 'number'; readonly minimum?: number; readonly above?: number; readonly maximum?: number; readonly below?: number }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'metrics' }
  | { readonly kind: 'signs' }
  | { readonly kind: 'text' };

/** One hyperparameter: its bound and, where the image has one, its default as text. */
export interface HyperparameterDefinition {
  readonly bound: HyperparameterBound;
  readonly default?: string;
}

const integer = (minimum: number, fallback?: string, maximum?: number): HyperparameterDefinition => ({
  bound: { kind: 'integer', minimum, ...(maximum === undefined ? {} : { maximum }) },
  ...(fallback === undefined ? {} : { default: fallback }),
});
const number = (bound: Omit<HyperparameterBound & { kind: 'number' }, 'kind'>, fallback: string): HyperparameterDefinition => ({
  bound: { kind: 'number', ...bound },
  default: fallback,
});
const choice = (values: readonly string[], fallback?: string): HyperparameterDefinition => ({
  bound: { kind: 'choice', values },
  ...(fallback === undefined ? {} : { default: fallback }),
});
const share = { above: 0, maximum: 1 };
const text: HyperparameterDefinition = { bound: { kind: 'text' } };

/** The objectives that the built-in algorithm knows. */
export const objectives = [
  'binary:logistic', 'binary:logitraw', 'binary:hinge', 'count:poisson', 'multi:softmax', 'multi:softprob', 'rank:pairwise', 'rank:ndcg', 'rank:map',
  'reg:squarederror', 'reg:linear', 'reg:logistic', 'reg:gamma', 'reg:pseudohubererror', 'reg:squaredlogerror', 'reg:absoluteerror', 'reg:tweedie',
  'survival:aft', 'survival:cox',
] as const;

/** The evaluation metrics that the built-in algorithm knows; `error`, `ndcg` and `map` also take a threshold, as in `error@0.7`. */
export const evaluationMetrics = [
  'accuracy', 'accuracy_score', 'auc', 'aucpr', 'balanced_accuracy', 'error', 'f1', 'f1_binary', 'f1_macro', 'logloss', 'mae', 'map', 'mape', 'merror', 'mlogloss',
  'mphe', 'mse', 'ndcg', 'precision', 'precision_macro', 'precision_micro', 'r2', 'recall', 'recall_macro', 'recall_micro', 'rmse', 'rmsle',
  'aft-nloglik', 'cox-nloglik', 'gamma-deviance', 'gamma-nloglik', 'interval-regression-accuracy', 'poisson-nloglik', 'tweedie-nloglik',
] as const;

/**
 * Every hyperparameter of SageMaker's built-in XGBoost algorithm, with the bounds that its image enforces.
 * `base_score` has no default there since XGBoost 3 estimates it; Slipway always says it (0.5, what 1.7 took).
 */
export const hyperparameters: Readonly<Record<string, HyperparameterDefinition>> = {
  num_round: integer(1),
  max_depth: integer(0, '6'),
  eta: number({ minimum: 0, maximum: 1 }, '0.3'),
  gamma: number({ minimum: 0 }, '0'),
  min_child_weight: number({ minimum: 0 }, '1'),
  max_delta_step: number({ minimum: 0 }, '0'),
  subsample: number(share, '1'),
  colsample_bytree: number(share, '1'),
  colsample_bylevel: number(share, '1'),
  colsample_bynode: number(share, '1'),
  lambda: number({ minimum: 0 }, '1'),
  alpha: number({ minimum: 0 }, '0'),
  scale_pos_weight: number({ above: 0 }, '1'),
  max_bin: integer(0, '256'),
  max_leaves: integer(0, '0'),
  base_score: number({ minimum: 0 }, '0.5'),
  seed: integer(-(2 ** 31) + 1, '0', 2 ** 31 - 2),
  objective: choice(objectives, 'reg:squarederror'),
  eval_metric: { bound: { kind: 'metrics' } },
  early_stopping_rounds: integer(1),
  tree_method: choice(['auto', 'exact', 'approx', 'hist', 'gpu_hist'], 'auto'),
  grow_policy: choice(['depthwise', 'lossguide'], 'depthwise'),
  booster: choice(['gbtree', 'gblinear', 'dart'], 'gbtree'),
  num_class: integer(2),
  num_parallel_tree: integer(1, '1'),
  nthread: integer(1),
  verbosity: integer(0, '1', 3),
  csv_weights: integer(0, '0', 1),
  process_type: choice(['default', 'update'], 'default'),
  refresh_leaf: integer(0, '1', 1),
  updater: text,
  dsplit: choice(['row', 'col']),
  predictor: choice(['auto', 'cpu_predictor', 'gpu_predictor'], 'auto'),
  sampling_method: choice(['uniform', 'gradient_based'], 'uniform'),
  single_precision_histogram: choice(['true', 'false'], 'false'),
  deterministic_histogram: choice(['true', 'false'], 'true'),
  monotone_constraints: { bound: { kind: 'signs' } },
  interaction_constraints: text,
  sketch_eps: number({ above: 0, below: 1 }, '0.03'),
  sample_type: choice(['uniform', 'weighted'], 'uniform'),
  normalize_type: choice(['tree', 'forest'], 'tree'),
  rate_drop: number({ minimum: 0, maximum: 1 }, '0'),
  one_drop: integer(0, '0', 1),
  skip_drop: number({ minimum: 0, maximum: 1 }, '0'),
  lambda_bias: number({ minimum: 0, maximum: 1 }, '0'),
  tweedie_variance_power: number({ above: 1, below: 2 }, '1.5'),
  huber_slope: number({ above: 0 }, '1'),
  aft_loss_distribution: choice(['normal', 'logistic', 'extreme'], 'normal'),
  aft_loss_distribution_scale: number({ minimum: 0 }, '1'),
  prob_buffer_row: number({ above: 1 }, '1.01'),
  save_model_on_termination: choice(['true', 'false'], 'false'),
  use_dask_gpu_training: choice(['true', 'false'], 'false'),
  _kfold: integer(2),
  _num_cv_round: integer(1, '1'),
  _tuning_objective_metric: text,
};

/** Other names that XGBoost, and so the image, takes for the same hyperparameter. */
export const hyperparameterAliases: Readonly<Record<string, string>> = {
  learning_rate: 'eta',
  min_split_loss: 'gamma',
  reg_lambda: 'lambda',
  reg_alpha: 'alpha',
};
