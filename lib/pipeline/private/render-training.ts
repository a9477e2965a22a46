import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { AslValue, TrainingInstances, TrainingJob } from '../../../stepfunctions/training-pipeline.ts';
import type { AlgorithmConfig } from '../../training/algorithm-config.ts';
import { DataDistribution } from '../../training/data-distribution.ts';
import { pipelineDefaults } from '../defaults.ts';
import type { TrainingPipelineProps } from '../training-pipeline-props.ts';
import { jobTags } from './job-tags.ts';
import { hasLocalStorage } from '../../private/local-storage.ts';

/** What a pipeline's training job is rendered from. */
export interface TrainingParts {
  readonly props: TrainingPipelineProps;
  readonly pipelineName: string;
  readonly algorithm: AlgorithmConfig;
  readonly jobNamePrefix: string;
  readonly trainingRole: IRole;
  readonly securityGroups: readonly ISecurityGroup[];
  /** The state machine itself, asked for when its tags are known. */
  readonly stateMachine: () => CfnStateMachine;
}

/** The keys that a pipeline's training jobs are encrypted with. */
export interface TrainingKeys {
  readonly output?: IKey;
  /** @default - none of the instances takes one */
  readonly volume?: IKey;
}

/** The keys of training jobs: their own, else the platform's; a volume key only where instances take one. */
export function trainingKeys(props: TrainingPipelineProps): TrainingKeys {
  const output = props.outputEncryptionKey ?? props.platform.encryptionKey;
  const volume = props.volumeEncryptionKey ?? props.platform.encryptionKey;
  const isUsed = instanceTypes(props).some((type) => !hasLocalStorage(type));
  return { ...(output === undefined ? {} : { output }), ...(volume === undefined || !isUsed ? {} : { volume }) };
}

/** The training job of a pipeline, with its defaults filled in. */
export function renderTraining({ props, pipelineName, algorithm, jobNamePrefix, trainingRole, securityGroups, stateMachine }: TrainingParts): TrainingJob {
  const { output, volume } = trainingKeys(props);
  const instances = (instanceType: string): TrainingInstances => ({
    instanceType,
    ...(volume === undefined || hasLocalStorage(instanceType) ? {} : { volumeKeyArn: volume.keyArn }),
  });
  const [first, ...fallbacks] = instanceTypes(props).map(instances);
  const instanceCount = props.instanceCount ?? pipelineDefaults.instanceCount;
  const maxTrainingTime = props.maxTrainingTime ?? pipelineDefaults.maxTrainingTime;
  const keepAliveSeconds = props.keepAlivePeriod?.toSeconds() ?? 0;
  const metrics = props.metricDefinitions ?? [];
  const environment = environmentOf(props);
  return {
    jobNamePrefix,
    roleArn: trainingRole.roleArn,
    image: algorithm.image,
    hyperParameters: algorithm.hyperParameters,
    ...(algorithm.classesHyperParameter === undefined ? {} : { classesHyperParameter: algorithm.classesHyperParameter }),
    contentType: algorithm.contentType,
    ...first!,
    ...(fallbacks.length === 0 ? {} : { fallbacks }),
    instanceCount,
    ...(instanceCount > 1 && algorithm.dataDistribution === DataDistribution.SHARDED_BY_S3_KEY ? { sharded: true } : {}),
    ...(algorithm.channels === undefined ? {} : { channels: Object.fromEntries(Object.entries(algorithm.channels).map(([name, { bucketName, objectKey }]) => [name, `s3://${bucketName}/${objectKey}`])) }),
    networkIsolation: props.networkIsolation ?? pipelineDefaults.networkIsolation,
    interContainerEncryption: props.interContainerEncryption ?? instanceCount > 1,
    volumeSizeGb: (props.volumeSize ?? pipelineDefaults.volumeSize).toGibibytes(),
    maxRuntimeSeconds: maxTrainingTime.toSeconds(),
    ...(props.useSpot === true ? { spot: { maxWaitSeconds: (props.maxWaitTime ?? maxTrainingTime.plus(pipelineDefaults.spotWaitMargin)).toSeconds() } } : {}),
    ...(keepAliveSeconds === 0 ? {} : { keepAliveSeconds }),
    ...(output === undefined ? {} : { outputKeyArn: output.keyArn }),
    ...(metrics.length === 0 ? {} : { metricDefinitions: metrics.map(({ name, regex }) => ({ Name: name, Regex: regex })) }),
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
    ...(props.vpc === undefined
      ? {}
      : {
          network: {
            subnetIds: props.vpc.selectSubnets(props.vpcSubnets ?? {}).subnetIds,
            securityGroupIds: securityGroups.map((group) => group.securityGroupId),
          },
        }),
    tags: jobTags(stateMachine, pipelineName, props.trainingTags) as unknown as AslValue,
  };
}

function instanceTypes({ instanceType, fallbackInstanceTypes = [] }: TrainingPipelineProps): string[] {
  return [instanceType ?? pipelineDefaults.instanceType, ...fallbackInstanceTypes];
}

/** A secret stands there by its ARN: the value is the container's to fetch. */
function environmentOf({ trainingEnvironment = {}, secrets = {} }: TrainingPipelineProps): { readonly [name: string]: string } {
  return { ...trainingEnvironment, ...Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.secretArn])) };
}
