import { DeclarationError } from '../../../model/spec/errors.ts';
import { taskOf } from '../../../model/spec/task.ts';
import { checkProgram, declareProgram } from '../../private/laptop-programs.ts';
import { ChannelFormat } from '../channel-format.ts';
import type { ContainerProps } from '../container-props.ts';
import { DataDistribution } from '../data-distribution.ts';
import type { AlgorithmKind } from './algorithm-kind.ts';
import { ownSearch } from './searched-algorithm.ts';

/** A training container of the user's own. @throws DeclarationError */
export function containerAlgorithm(props: ContainerProps): AlgorithmKind {
  const { hyperParameters = {}, classesHyperParameter, laptopProgram } = props;
  checkClasses('Algorithm.container', hyperParameters, classesHyperParameter);
  if (laptopProgram !== undefined) checkProgram('Algorithm.container', laptopProgram);
  return {
    validate: () => [],
    search: (_dataset, metrics) => ownSearch(hyperParameters, metrics),
    bind(scope, dataset) {
      const { uri, repositoryArn } = props.image._bind(scope);
      if (laptopProgram !== undefined) declareProgram(scope, uri, laptopProgram);
      return {
        image: uri,
        repositoryArn,
        hyperParameters,
        ...(classesHyperParameter !== undefined && taskOf(dataset.toJSON().label) === 'multiclass' ? { classesHyperParameter } : {}),
        contentType: (props.channelFormat ?? ChannelFormat.PARQUET).contentType,
        dataDistribution: props.dataDistribution ?? DataDistribution.FULLY_REPLICATED,
      };
    },
  };
}

/** @throws DeclarationError where the hyperparameter that takes the number of classes has a value already */
export function checkClasses(place: string, hyperParameters: { readonly [name: string]: string }, classesHyperParameter: string | undefined): void {
  if (classesHyperParameter === undefined || !Object.hasOwn(hyperParameters, classesHyperParameter)) return;
  throw new DeclarationError(place, 'hyperParameters', hyperParameters[classesHyperParameter], `no ${classesHyperParameter}: the number of classes comes from the training data`);
}
