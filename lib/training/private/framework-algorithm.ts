import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DeclarationError } from '../../../model/spec/errors.ts';
import { taskOf } from '../../../model/spec/task.ts';
import { ChannelFormat } from '../channel-format.ts';
import { DataDistribution } from '../data-distribution.ts';
import type { FrameworkProps } from '../framework-props.ts';
import type { AlgorithmKind } from './algorithm-kind.ts';
import { checkProgram, declareProgram } from '../../private/laptop-programs.ts';
import { checkClasses } from './container-algorithm.ts';
import { ownSearch } from './searched-algorithm.ts';
import { sourceAsset } from './source-archive.ts';

const place = 'Algorithm.framework';

/** The channel that brings the script, and the folder in which the container finds it. */
const codeChannel = 'code';
const codeFolder = `/opt/ml/input/data/${codeChannel}`;

/** Python's number for the level INFO. */
const logLevel = 20;

/** A script of the user's own in a framework's image. @throws DeclarationError */
export function frameworkAlgorithm(props: FrameworkProps): AlgorithmKind {
  const { framework, classesHyperParameter, laptopProgram } = props;
  checkSource(props);
  checkHyperParameters(props);
  if (laptopProgram !== undefined) checkProgram(place, laptopProgram);
  const given = { ...framework._hyperParameters(), ...props.hyperParameters };
  return {
    validate: () => [],
    search: (_dataset, metrics) => ownSearch(given, metrics),
    bind(scope, dataset) {
      const { uri, repositoryArn } = framework._bind(scope);
      const { s3BucketName: bucketName, s3ObjectKey: objectKey } = sourceAsset(scope, props.sourceDirectory);
      const archive = path.posix.basename(objectKey);
      declareProgram(scope, uri, laptopProgram, archive);
      return {
        image: uri,
        repositoryArn,
        hyperParameters: { ...given, ...toolkitParameters(scope, props.entryPoint, archive) },
        ...(classesHyperParameter !== undefined && taskOf(dataset.toJSON().label) === 'multiclass' ? { classesHyperParameter } : {}),
        contentType: (props.channelFormat ?? ChannelFormat.PARQUET).contentType,
        dataDistribution: props.dataDistribution ?? DataDistribution.FULLY_REPLICATED,
        channels: { [codeChannel]: { bucketName, objectKey } },
      };
    },
  };
}

/**
 * What SageMaker's training toolkit in the image starts the script by, each as JSON. It takes the folder of the script as an S3 URI, a
 * folder or a local archive (aws/sagemaker-training-toolkit, files.py: download_and_extract). The archive comes in as a channel, as the
 * SageMaker Python SDK sends it to an isolated container (estimator.py: CONTAINER_CODE_CHANNEL_SOURCEDIR_PATH): that needs no network.
 */
function toolkitParameters(scope: Construct, entryPoint: string, archive: string): { [name: string]: string } {
  const values = {
    sagemaker_program: entryPoint,
    sagemaker_submit_directory: `${codeFolder}/${archive}`,
    sagemaker_container_log_level: logLevel,
    sagemaker_region: Stack.of(scope).region,
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
}

function checkSource({ entryPoint, sourceDirectory }: FrameworkProps): void {
  if (!existsSync(sourceDirectory) || !statSync(sourceDirectory).isDirectory()) {
    throw new DeclarationError(place, 'sourceDirectory', sourceDirectory, `a folder: there is none at ${path.resolve(sourceDirectory)}`);
  }
  const file = path.join(sourceDirectory, entryPoint);
  const isInside = !path.isAbsolute(entryPoint) && !path.relative(sourceDirectory, file).startsWith('..');
  if (!isInside || !existsSync(file) || !statSync(file).isFile()) {
    throw new DeclarationError(place, 'entryPoint', entryPoint, `a file in the source directory, as a path from there: there is none at ${path.resolve(file)}`);
  }
}

function checkHyperParameters({ hyperParameters = {}, classesHyperParameter }: FrameworkProps): void {
  checkClasses(place, hyperParameters, classesHyperParameter);
  const reserved = Object.keys({ ...hyperParameters, ...(classesHyperParameter === undefined ? {} : { [classesHyperParameter]: '' }) }).find((name) => name.startsWith('sagemaker_'));
  if (reserved !== undefined) throw new DeclarationError(place, 'hyperParameters', reserved, "names that do not start with 'sagemaker_': the image takes those for its own and hands none of them to the script");
}
