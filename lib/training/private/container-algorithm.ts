import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import path from 'node:path';
import { DeclarationError } from '../../../model/spec/errors.ts';
import { laptopProgramMetadata } from '../../../model/spec/laptop-program.ts';
import { taskOf } from '../../../model/spec/task.ts';
import { ChannelFormat } from '../channel-format.ts';
import type { ContainerProps } from '../container-props.ts';
import { DataDistribution } from '../data-distribution.ts';
import type { LaptopProgram } from '../laptop-program.ts';
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

/** @throws DeclarationError where there is no command */
export function checkProgram(place: string, { command }: LaptopProgram): void {
  if (command.length === 0 || command[0] === '') throw new DeclarationError(place, 'laptopProgram.command', command, "a program and its arguments, such as ['python3', 'train.py']");
}

/** @throws DeclarationError where the hyperparameter that takes the number of classes has a value already */
export function checkClasses(place: string, hyperParameters: { readonly [name: string]: string }, classesHyperParameter: string | undefined): void {
  if (classesHyperParameter === undefined || !Object.hasOwn(hyperParameters, classesHyperParameter)) return;
  throw new DeclarationError(place, 'hyperParameters', hyperParameters[classesHyperParameter], `no ${classesHyperParameter}: the number of classes comes from the training data`);
}

/**
 * Leaves word of the program in the assembly's metadata: nothing of it is deployed. Its folder is told from the assembly's, so that both may move together.
 * @param archive that of a script, which is what tells two programs of one image apart
 */
export function declareProgram(scope: Construct, image: string, program: LaptopProgram | undefined, archive?: string): void {
  const assembly = Stage.of(scope)?.assetOutdir ?? process.cwd();
  scope.node.addMetadata(laptopProgramMetadata, {
    image,
    ...(archive === undefined ? {} : { archive }),
    ...(program === undefined ? {} : { command: program.command, directory: path.relative(assembly, path.resolve(program.directory)) }),
  });
}
