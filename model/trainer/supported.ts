import type { XGBoostParameters } from '../spec/hyperparameter-parser.ts';
import { findObjective, trainedObjectives } from './objectives/objectives.ts';

/** Thrown before training where the data or the hyperparameters cannot be trained on; the message lists every reason. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  readonly reasons: readonly string[];

  /** Joins the reasons, one a line. */
  constructor(reasons: readonly string[]) {
    super(reasons.join('\n'));
    this.reasons = reasons;
  }
}

/** What SageMaker's image accepts and this trainer does in one way only: the values that mean what it does anyway. */
const onlyValues: Readonly<Record<string, readonly string[]>> = {
  booster: ['gbtree'],
  tree_method: ['auto', 'hist'],
  grow_policy: ['depthwise'],
  max_leaves: ['0'],
  num_parallel_tree: ['1'],
  csv_weights: ['0', '1'],
  process_type: ['default'],
  refresh_leaf: ['0', '1'],
  updater: ['grow_quantile_histmaker'],
  dsplit: ['row'],
  predictor: ['auto', 'cpu_predictor'],
  sampling_method: ['uniform'],
  single_precision_histogram: ['false'],
  deterministic_histogram: ['true', 'false'],
  rate_drop: ['0'],
  one_drop: ['0'],
  skip_drop: ['0'],
  lambda_bias: ['0'],
  save_model_on_termination: ['false'],
  use_dask_gpu_training: ['false'],
  _num_cv_round: ['1'],
};

const never = [
  'interaction_constraints', 'sketch_eps', 'sample_type', 'normalize_type', 'tweedie_variance_power', 'huber_slope',
  'aft_loss_distribution', 'aft_loss_distribution_scale', 'prob_buffer_row', '_kfold', '_tuning_objective_metric',
];

const suffix = "SageMaker's XGBoost image accepts it, the laptop's trainer does not implement it";

/** Every reason why these hyperparameters, valid on SageMaker, cannot be trained here (none when all is well). */
export function unsupported(parameters: XGBoostParameters): string[] {
  const { given } = parameters;
  const reasons: string[] = [];
  const objective = findObjective(parameters.objective);
  if (objective === undefined) {
    reasons.push(`Hyperparameter 'objective' is "${parameters.objective}", expected ${trainedObjectives.join(', ')}: ${suffix}.`);
  }
  if (parameters.numClass !== undefined && !parameters.objective.startsWith('multi:')) {
    reasons.push(`Hyperparameter 'num_class' is ${String(parameters.numClass)}, expected none for ${parameters.objective}: it is for multi:softprob.`);
  }
  for (const [name, value] of Object.entries(given)) {
    const allowed = onlyValues[name];
    if (allowed !== undefined && !allowed.includes(value)) {
      reasons.push(`Hyperparameter '${name}' is "${value}", expected ${allowed.join(' or ')}: ${suffix}.`);
    }
    if (never.includes(name)) reasons.push(`Hyperparameter '${name}' is "${value}", expected none: ${suffix}.`);
  }
  for (const metric of parameters.evalMetric) {
    if (objective !== undefined && objective.metric(metric) === undefined) {
      reasons.push(`Hyperparameter 'eval_metric' names "${metric}", expected ${objective.metricNames} for ${parameters.objective}: ${suffix}.`);
    }
  }
  if (objective !== undefined && !objective.baseScore.accepts(parameters.baseScore)) {
    reasons.push(`Hyperparameter 'base_score' is ${String(parameters.baseScore)}, expected ${objective.baseScore.expected} for ${parameters.objective}.`);
  }
  if (parameters.maxBin < 2 || parameters.maxBin > 65_535) {
    reasons.push(`Hyperparameter 'max_bin' is ${String(parameters.maxBin)}, expected 2 to 65535.`);
  }
  return reasons;
}
