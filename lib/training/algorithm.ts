import type { Construct } from 'constructs';
import type { Dataset } from '../../model/spec/dataset.ts';
import type { AlgorithmConfig } from './algorithm-config.ts';
import type { ContainerProps } from './container-props.ts';
import type { FrameworkProps } from './framework-props.ts';
import type { AlgorithmKind } from './private/algorithm-kind.ts';
import { containerAlgorithm } from './private/container-algorithm.ts';
import { frameworkAlgorithm } from './private/framework-algorithm.ts';
import type { SearchedAlgorithm } from './private/searched-algorithm.ts';
import { xgboostAlgorithm } from './private/xgboost-algorithm.ts';
import type { XGBoostProps } from './xgboost-props.ts';

/** How a model is learned. */
export class Algorithm {
  private readonly kind: AlgorithmKind;

  /**
   * SageMaker's built-in XGBoost: gradient-boosted trees.
   * @throws DeclarationError that names every hyperparameter outside its bounds.
   */
  static xgboost(props: XGBoostProps): Algorithm {
    return new Algorithm(xgboostAlgorithm(props));
  }

  /**
   * A training container of your own, which leaves a model as ONNX or in XGBoost's format.
   * @throws DeclarationError where a hyperparameter is one that Slipway sets, or the laptop's program is no command.
   */
  static container(props: ContainerProps): Algorithm {
    return new Algorithm(containerAlgorithm(props));
  }

  /**
   * A training script of your own in AWS's image for PyTorch or TensorFlow, which leaves a model as a container does.
   * @throws DeclarationError where the script is not there, a hyperparameter is one that the image or Slipway sets, or the laptop's program is no command.
   */
  static framework(props: FrameworkProps): Algorithm {
    return new Algorithm(frameworkAlgorithm(props));
  }

  private constructor(kind: AlgorithmKind) {
    this.kind = kind;
  }

  /** What keeps the algorithm from learning the dataset's label, a sentence each. Called by `TrainingPipeline`. */
  validate(dataset: Dataset): string[] {
    return this.kind.validate(dataset);
  }

  /**
   * What a tuning has to know of the algorithm.
   * @internal
   */
  search(dataset: Dataset, metrics: readonly string[]): SearchedAlgorithm {
    return this.kind.search(dataset, metrics);
  }

  /** What a pipeline's training job needs that learns this dataset's label. Called by `TrainingPipeline`. */
  bind(scope: Construct, dataset: Dataset): AlgorithmConfig {
    return this.kind.bind(scope, dataset);
  }
}
