import type { Dataset } from '../../../model/spec/dataset.ts';
import { DeclarationError } from '../../../model/spec/errors.ts';
import { parseHyperparameters } from '../../../model/spec/hyperparameter-parser.ts';
import { taskOf } from '../../../model/spec/task.ts';
import { trainingFormat } from '../../../model/spec/training-format.ts';
import { DataDistribution } from '../data-distribution.ts';
import { xgboostDefaults } from '../xgboost-props.ts';
import type { XGBoostProps } from '../xgboost-props.ts';
import type { AlgorithmKind } from './algorithm-kind.ts';
import { builtInImage } from './built-in-image.ts';
import { objectiveFor, objectiveProblem } from './objectives.ts';
import { xgboostImageAccounts, xgboostImageTag, xgboostRepository } from './xgboost-images.ts';
import { imageName, propOf } from './xgboost-names.ts';
import { xgboostSearch } from './xgboost-search.ts';

/**
 * SageMaker's built-in XGBoost.
 * @throws DeclarationError that names every hyperparameter outside its bounds
 */
export function xgboostAlgorithm(props: XGBoostProps): AlgorithmKind {
  const hyperParameters = xgboostHyperParameters(props);
  return {
    validate(dataset) {
      const problem = objectiveProblem(dataset, hyperParameters['objective']);
      return problem === undefined ? [] : [problem];
    },
    search: (dataset) => xgboostSearch(hyperParameters, dataset),
    bind(scope, dataset: Dataset) {
      const { name: objective, evalMetric } = objectiveFor(dataset, hyperParameters['objective']);
      const image = builtInImage(scope, {
        accounts: xgboostImageAccounts,
        repository: xgboostRepository,
        tag: xgboostImageTag,
        ...(props.imageAccount === undefined ? {} : { account: props.imageAccount }),
      });
      return {
        image: image.uri,
        repositoryArn: image.repositoryArn,
        hyperParameters: { eval_metric: evalMetric, ...hyperParameters, objective, ...(dataset.toJSON().weight === undefined ? {} : { csv_weights: '1' }) },
        ...(taskOf(dataset.toJSON().label) === 'multiclass' ? { classesHyperParameter: 'num_class' } : {}),
        contentType: trainingFormat(dataset.toJSON()).contentType,
        // The image exchanges what its instances learn of their parts, and takes the mean of their metrics.
        dataDistribution: DataDistribution.SHARDED_BY_S3_KEY,
      };
    },
  };
}

/** The props as the image names them: `maxDepth` is `max_depth`, and every value is a text. The objective waits for the label where none is given. */
function xgboostHyperParameters(props: XGBoostProps): { [name: string]: string } {
  const { additionalHyperParameters = {}, imageAccount: _, ...named } = props;
  const baseScore = props.baseScore ?? xgboostDefaults.baseScore;
  const values = Object.fromEntries(
    Object.entries({ ...named, baseScore })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [imageName(name), String(value)]),
  );
  const hyperParameters = { ...values, ...additionalHyperParameters };
  if (hyperParameters['num_class'] !== undefined) {
    throw new DeclarationError('Algorithm.xgboost', 'num_class', hyperParameters['num_class'], 'nothing: the number of classes comes from the training data');
  }
  if (hyperParameters['csv_weights'] !== undefined) {
    throw new DeclarationError('Algorithm.xgboost', 'csv_weights', hyperParameters['csv_weights'], "nothing: weights are declared by the dataset, as its 'weight'");
  }
  // With some number of classes, which an objective of several classes cannot do without.
  const { errors } = parseHyperparameters({ ...hyperParameters, ...((hyperParameters['objective'] ?? '').startsWith('multi:') ? { num_class: '2' } : {}) });
  const failures = [...repeatedByName(additionalHyperParameters), ...errors.map((error) => error.message)];
  if (failures.length > 0) throw new DeclarationError('Algorithm.xgboost', 'hyperparameters', hyperParameters, 'each within its bounds, under one name', failures);
  return hyperParameters;
}

/** One of the two would win in silence. */
function repeatedByName(additionalHyperParameters: { [name: string]: string }): string[] {
  return Object.entries(additionalHyperParameters).flatMap(([name, value]) => {
    const prop = propOf(name);
    return prop === undefined ? [] : [`additionalHyperParameters holds '${name}', which has a prop, expected ${prop}: ${value}.`];
  });
}
