import type { Construct } from 'constructs';
import type { Dataset } from '../../model/spec/dataset.ts';
import { parseHyperparameters } from '../../model/spec/hyperparameter-parser.ts';
import { DeclarationError } from '../../model/spec/errors.ts';
import { taskOf } from '../../model/spec/task.ts';
import { trainingFormat } from '../../model/spec/training-format.ts';
import { DataDistribution } from './data-distribution.ts';
import { objectiveFor, objectiveProblem } from './private/objectives.ts';
import type { SearchedAlgorithm } from './private/searched-algorithm.ts';
import { trainingImage } from './private/training-image.ts';
import { imageName, propOf } from './private/xgboost-names.ts';
import { xgboostSearch } from './private/xgboost-search.ts';
import { xgboostImageAccounts, xgboostImageTag, xgboostRepository } from './private/xgboost-images.ts';
import { xgboostDefaults } from './xgboost-props.ts';
import type { XGBoostProps } from './xgboost-props.ts';

/** What a training job needs to know of an algorithm. */
export interface AlgorithmConfig {
  /** The training image. */
  readonly image: string;
  /** The repository that the training role pulls the image from. */
  readonly repositoryArn: string;
  /** The hyperparameters by the algorithm's own names. */
  readonly hyperParameters: { [name: string]: string };
  /**
   * The hyperparameter that takes the number of classes, which is known when the data are prepared.
   * @default - none: the label has no classes
   */
  readonly classesHyperParameter?: string;
  /** How the prepared data is written: `application/x-parquet` or `text/csv`. */
  readonly contentType: string;
  /** What each of several instances gets of the training data. */
  readonly dataDistribution: DataDistribution;
  /**
   * Further channels by their names: objects in S3 that every instance gets.
   * @default - none
   */
  readonly channels?: { [name: string]: string };
}

/** How a model is learned. */
export class Algorithm {
  private readonly hyperParameters: { [name: string]: string };
  private readonly imageAccount: string | undefined;

  /**
   * SageMaker's built-in XGBoost: gradient-boosted trees.
   * @throws DeclarationError that names every hyperparameter outside its bounds.
   */
  static xgboost(props: XGBoostProps): Algorithm {
    return new Algorithm(xgboostHyperParameters(props), props.imageAccount);
  }

  private constructor(hyperParameters: { [name: string]: string }, imageAccount: string | undefined) {
    this.hyperParameters = hyperParameters;
    this.imageAccount = imageAccount;
  }

  /** What keeps the algorithm from learning the dataset's label, a sentence each. Called by `TrainingPipeline`. */
  validate(dataset: Dataset): string[] {
    const problem = objectiveProblem(dataset, this.hyperParameters['objective']);
    return problem === undefined ? [] : [problem];
  }

  /**
   * What a tuning has to know of the algorithm.
   * @internal
   */
  search(dataset: Dataset): SearchedAlgorithm {
    return xgboostSearch(this.hyperParameters, dataset);
  }

  /** What a pipeline's training job needs that learns this dataset's label. Called by `TrainingPipeline`. */
  bind(scope: Construct, dataset: Dataset): AlgorithmConfig {
    const { name: objective, evalMetric } = objectiveFor(dataset, this.hyperParameters['objective']);
    const image = trainingImage(scope, {
      accounts: xgboostImageAccounts,
      repository: xgboostRepository,
      tag: xgboostImageTag,
      ...(this.imageAccount === undefined ? {} : { account: this.imageAccount }),
    });
    return {
      image: image.uri,
      repositoryArn: image.repositoryArn,
      hyperParameters: { eval_metric: evalMetric, ...this.hyperParameters, objective, ...(dataset.toJSON().weight === undefined ? {} : { csv_weights: '1' }) },
      ...(taskOf(dataset.toJSON().label) === 'multiclass' ? { classesHyperParameter: 'num_class' } : {}),
      contentType: trainingFormat(dataset.toJSON()).contentType,
      // The image exchanges what its instances learn of their parts, and takes the mean of their metrics.
      dataDistribution: DataDistribution.SHARDED_BY_S3_KEY,
    };
  }
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
