const objectiveParameter = '_tuning_objective_metric';

/**
 * What SageMaker's tuner tells a trial, as the image reads it: the metric of `_tuning_objective_metric`, such as `validation:auc`, is
 * printed besides those of `eval_metric`, and is the one that decides early stopping, as our trainer's last metric does.
 */
export function withTuningObjective(hyperparameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { [objectiveParameter]: objective, ...rest } = hyperparameters;
  if (objective === undefined) return rest;
  const metric = objective.split(':')[1] ?? '';
  const others = (rest['eval_metric'] ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '' && name !== metric);
  return { ...rest, eval_metric: [...others, metric].join(',') };
}
