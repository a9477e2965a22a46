import type { Construct } from 'constructs';
import type { Dataset } from '../../../model/spec/dataset.ts';
import type { AlgorithmConfig } from '../algorithm-config.ts';
import type { SearchedAlgorithm } from './searched-algorithm.ts';

/** What an algorithm is made of: SageMaker's own, a container, a framework. */
export interface AlgorithmKind {
  /** What keeps it from learning the dataset's label, a sentence each. */
  validate(dataset: Dataset): string[];
  /** What a tuning has to know of it. @param metrics the names of the metrics that are read from its output */
  search(dataset: Dataset, metrics: readonly string[]): SearchedAlgorithm;
  /** What a training job of a pipeline needs. */
  bind(scope: Construct, dataset: Dataset): AlgorithmConfig;
}
