import type { AslValue } from './asl.ts';

/** Instances that a job may run on. */
export interface TrainingInstances {
  readonly instanceType: string;
  /** Encrypts the instances' volumes. @default - SageMaker's own key */
  readonly volumeKeyArn?: string;
}

/** The training job of a pipeline, as far as it is the same in each run. */
export interface TrainingJob extends TrainingInstances {
  /** What each job's name starts with: unique in the account and region, lower case, at most 32 characters. */
  readonly jobNamePrefix: string;
  readonly roleArn: string;
  readonly image: string;
  readonly hyperParameters: Readonly<Record<string, string>>;
  /** The hyperparameter that takes the number of classes. @default - the label has no classes */
  readonly classesHyperParameter?: string;
  /** How the prepared data is written, such as `application/x-parquet`. */
  readonly contentType: string;
  /** What each instance gets of the training data. @default - all of it */
  readonly sharded?: boolean;
  /** Further channels by their names, such as a script: folders or objects in S3 that every instance gets. @default - none */
  readonly channels?: Readonly<Record<string, string>>;
  /** What to train on instead, in this order, where there is none of the instances. @default - nothing */
  readonly fallbacks?: readonly TrainingInstances[];
  readonly instanceCount: number;
  readonly volumeSizeGb: number;
  /** Encrypts what training writes. @default - as the bucket says */
  readonly outputKeyArn?: string;
  readonly maxRuntimeSeconds: number;
  /** Spare capacity, interrupted at any time: how long a job may take in all, waiting and training. @default - on demand */
  readonly spot?: { readonly maxWaitSeconds: number };
  /** For how long the instances wait for the next job. @default - they are given back at once */
  readonly keepAliveSeconds?: number;
  /** Whether the container may call nothing but what SageMaker brings to it. */
  readonly networkIsolation: boolean;
  /** Whether what instances tell each other is encrypted. */
  readonly interContainerEncryption: boolean;
  /** The network of the job's instances. @default - none */
  readonly network?: { readonly subnetIds: AslValue; readonly securityGroupIds: AslValue };
  /** What is read from the container's output: a list of `{Name, Regex}`. @default - what SageMaker knows of its own algorithms */
  readonly metricDefinitions?: AslValue;
  /** The container's environment. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** The job's tags (a list of `{Key, Value}`). */
  readonly tags: AslValue;
}

/** Where a job's data lies: expressions for folders in S3. */
export interface TrainingJobFolders {
  readonly train: string;
  readonly validation: string;
  readonly output: string;
  /** Checkpoints: the same for each job that may go on where another stopped. */
  readonly checkpoints: string;
}

/** What a training job and the jobs of a tuning have in common. */
export interface TrainingJobDefinition {
  readonly [member: string]: AslValue | undefined;
  readonly RoleArn: string;
  readonly AlgorithmSpecification: AslValue;
  readonly InputDataConfig: AslValue;
  readonly OutputDataConfig: AslValue;
  readonly ResourceConfig: AslValue;
  readonly StoppingCondition: AslValue;
}

/**
 * The members of a CreateTrainingJob request that the job of a tuning (`HyperParameterTrainingJobDefinition`) has as well: all but
 * name, hyperparameters and tags. Keeping instances for the next job (`keptAlive`) is left to who starts jobs one by one.
 */
export function trainingJobDefinition(job: TrainingJob, folders: TrainingJobFolders): TrainingJobDefinition {
  return {
    RoleArn: job.roleArn,
    AlgorithmSpecification: {
      TrainingImage: job.image,
      TrainingInputMode: 'File',
      ...(job.metricDefinitions === undefined ? {} : { MetricDefinitions: job.metricDefinitions }),
    },
    InputDataConfig: [
      channel('train', folders.train, job.contentType, job.sharded === true ? 'ShardedByS3Key' : 'FullyReplicated'),
      // Every instance measures the whole: a mean over the instances is then the metric itself.
      channel('validation', folders.validation, job.contentType),
      ...Object.entries(job.channels ?? {}).map(([name, uri]) => channel(name, uri)),
    ],
    OutputDataConfig: {
      S3OutputPath: folders.output,
      ...(job.outputKeyArn === undefined ? {} : { KmsKeyId: job.outputKeyArn }),
    },
    ResourceConfig: resourceConfig(job),
    StoppingCondition: {
      MaxRuntimeInSeconds: job.maxRuntimeSeconds,
      ...(job.spot === undefined ? {} : { MaxWaitTimeInSeconds: job.spot.maxWaitSeconds }),
    },
    ...(job.spot === undefined ? {} : { EnableManagedSpotTraining: true, CheckpointConfig: { S3Uri: folders.checkpoints } }),
    EnableNetworkIsolation: job.networkIsolation,
    ...(job.network === undefined ? {} : { VpcConfig: { Subnets: job.network.subnetIds, SecurityGroupIds: job.network.securityGroupIds } }),
    ...(job.interContainerEncryption ? { EnableInterContainerTrafficEncryption: true } : {}),
    ...(job.environment === undefined ? {} : { Environment: job.environment }),
  };
}

/** The instances of a job. */
function resourceConfig(job: TrainingJob, instances: TrainingInstances = job): { readonly [member: string]: AslValue } {
  return {
    InstanceType: instances.instanceType,
    InstanceCount: job.instanceCount,
    VolumeSizeInGB: job.volumeSizeGb,
    ...(instances.volumeKeyArn === undefined ? {} : { VolumeKmsKeyId: instances.volumeKeyArn }),
  };
}

/**
 * The instances of a training job, which may wait for the next one. With fallbacks an expression that takes those at the index
 * in the variable `instance`: whole configurations, since some types take a key for their volumes and others refuse one.
 */
export function keptAlive(job: TrainingJob): AslValue {
  const kept = job.keepAliveSeconds === undefined ? {} : { KeepAlivePeriodInSeconds: job.keepAliveSeconds };
  const [first, ...others] = [job, ...(job.fallbacks ?? [])].map((instances) => ({ ...resourceConfig(job, instances), ...kept }));
  if (others.length === 0) return first!;
  return `{% ${JSON.stringify([first, ...others])}[$instance] %}`;
}

/** The hyperparameters of a job; all are texts. @param classes an expression for the number of classes that the prepared data has */
export function hyperParameters(job: TrainingJob, classes: string): Readonly<Record<string, string>> {
  return { ...job.hyperParameters, ...(job.classesHyperParameter === undefined ? {} : { [job.classesHyperParameter]: classes }) };
}

function channel(name: string, uri: string, contentType?: string, distribution = 'FullyReplicated'): AslValue {
  return {
    ChannelName: name,
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    InputMode: 'File',
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, S3DataDistributionType: distribution } },
  };
}
