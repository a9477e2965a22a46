import type { Dataset } from '../../../model/spec/dataset.ts';
import { parseHyperparameters } from '../../../model/spec/hyperparameter-parser.ts';
import { evaluationMetrics, hyperparameterAliases, hyperparameters } from '../../../model/spec/hyperparameters.ts';
import type { TuningRangeSpec } from '../tuning-range.ts';
import { objectiveFor } from './objectives.ts';
import type { SearchedAlgorithm } from './searched-algorithm.ts';

/**
 * What SageMaker's tuner may search of the built-in XGBoost; it refuses all others.
 * Source: aws/sagemaker-xgboost-container, hyperparameter_validation.py (`tunable=True`), at commit 13a194f0c6e4a3264712dfa84227673eb445e8eb.
 */
const tunable = [
  'num_round', 'eta', 'gamma', 'max_depth', 'min_child_weight', 'max_delta_step', 'subsample', 'colsample_bytree', 'colsample_bylevel', 'colsample_bynode', 'lambda', 'alpha',
];

/** The metrics of which more is better. Source: the same repository, xgb_constants.py. */
const maximized: readonly string[] = [
  'accuracy', 'accuracy_score', 'auc', 'aucpr', 'balanced_accuracy', 'f1', 'f1_binary', 'f1_macro', 'map', 'ndcg', 'precision', 'precision_macro', 'precision_micro', 'r2', 'recall',
  'recall_macro', 'recall_micro',
];

/** Said by `Algorithm.xgboost` always, so that a range has to stand for it. */
const alwaysSaid = 'num_round';

/** SageMaker's built-in XGBoost as a tuning sees it. @param said its hyperparameters as far as they are said. */
export function xgboostSearch(said: Readonly<Record<string, string>>, dataset: Dataset): SearchedAlgorithm {
  const { [alwaysSaid]: rounds, ...fixed } = said;
  return {
    fixed,
    objective: { type: 'Minimize', metric: `validation:${objectiveFor(dataset, said['objective']).evalMetric}` },
    rounds: Number(rounds),
    canonical: (name) => (Object.hasOwn(hyperparameterAliases, name) ? (hyperparameterAliases[name] ?? name) : name),
    rangeProblem,
    objectiveProblem({ type, metric }) {
      const [data, name = ''] = metric.split(':');
      if (data !== 'validation' || !(evaluationMetrics as readonly string[]).includes(name)) {
        return `the objective is '${metric}', expected 'validation:' and a metric of the algorithm: ${evaluationMetrics.join(', ')}.`;
      }
      const right = maximized.includes(name) ? 'Maximize' : 'Minimize';
      return type === right ? undefined : `the objective '${metric}' is ${type.toLowerCase()}d, expected TuningObjective.${right.toLowerCase()}: ${right === 'Maximize' ? 'more' : 'less'} of it is better.`;
    },
  };
}

function rangeProblem(range: TuningRangeSpec): string | undefined {
  const { name } = range;
  if (!tunable.includes(name)) return `a range is of '${name}', expected one that SageMaker's tuner searches of the built-in XGBoost: ${tunable.join(', ')}.`;
  if (range.kind === 'categorical') return `the range of '${name}' is categorical, expected numbers: TuningRange.${hyperparameters[name]?.bound.kind === 'integer' ? 'integer' : 'continuous'}.`;
  if (range.kind === 'continuous' && hyperparameters[name]?.bound.kind === 'integer') return `the range of '${name}' is continuous, expected whole numbers: TuningRange.integer.`;
  const problems = [range.minimum, range.maximum].flatMap((value) => parseHyperparameters({ num_round: '1', [name]: String(value) }).errors.filter((error) => error.name === name));
  return problems[0] === undefined ? undefined : `the range of '${name}' is ${String(range.minimum)} to ${String(range.maximum)}, expected ${problems[0].bound} at both ends.`;
}
