import type { Construct } from 'constructs';
import { parseHyperparameters } from '../../model/spec/hyperparameter-parser.ts';
import { DeclarationError } from '../../model/spec/errors.ts';
import { trainingImage } from './private/training-image.ts';
import { imageName, propOf } from './private/xgboost-names.ts';
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
  /** How the prepared data is written. */
  readonly contentType: string;
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

  /** What the training job of a pipeline in this scope needs. Called by `TrainingPipeline`. */
  bind(scope: Construct): AlgorithmConfig {
    const image = trainingImage(scope, {
      accounts: xgboostImageAccounts,
      repository: xgboostRepository,
      tag: xgboostImageTag,
      ...(this.imageAccount === undefined ? {} : { account: this.imageAccount }),
    });
    return {
      image: image.uri,
      repositoryArn: image.repositoryArn,
      hyperParameters: this.hyperParameters,
      contentType: 'application/x-parquet',
    };
  }
}

/** The props as the image names them: `maxDepth` is `max_depth`, and every value is a text. */
function xgboostHyperParameters(props: XGBoostProps): { [name: string]: string } {
  const { additionalHyperParameters = {}, imageAccount: _, ...named } = props;
  const { objective } = xgboostDefaults;
  const baseScore = props.baseScore ?? xgboostDefaults.baseScore;
  const evalMetric = props.evalMetric ?? xgboostDefaults.evalMetric;
  const values = Object.fromEntries(
    Object.entries({ objective, ...named, baseScore, evalMetric })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [imageName(name), String(value)]),
  );
  const hyperParameters = { ...values, ...additionalHyperParameters };
  const { errors } = parseHyperparameters(hyperParameters);
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
