import type { AslValue, Catcher, TaskState } from './asl.ts';
import { trainingRetries } from './retries.ts';

/** The training job of a pipeline, as far as it is the same in each run. */
export interface TrainingJob {
  /** What each job's name starts with: unique in the account and region, lower case, at most 32 characters. */
  readonly jobNamePrefix: string;
  readonly roleArn: string;
  readonly image: string;
  readonly hyperParameters: Readonly<Record<string, string>>;
  /** The hyperparameter that takes the number of classes. @default - the label has no classes */
  readonly classesHyperParameter?: string;
  /** How the prepared data is written, such as `application/x-parquet`. */
  readonly contentType: string;
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly volumeSizeGb: number;
  /** Encrypts the instances' volumes. @default - SageMaker's own key */
  readonly volumeKeyArn?: string;
  /** Encrypts what training writes. @default - as the bucket says */
  readonly outputKeyArn?: string;
  readonly maxRuntimeSeconds: number;
  /** The network of the job's instances. @default - none */
  readonly network?: { readonly subnetIds: AslValue; readonly securityGroupIds: AslValue };
  /** The job's tags (a list of `{Key, Value}`). */
  readonly tags: AslValue;
}

/** How long a job may wait for its instances beyond its running time. */
const provisioningMarginSeconds = 3600;
const jobNameMaxLength = 63;
const hashLength = 8;

/**
 * The job's name, from the run's name and the attempt: the same attempt has the same name, another attempt another one. What a
 * job's name may not hold becomes `-`; a name changed by that or cut ends in a hash of the run's name, so that two runs never share it.
 */
export function trainingJobName(prefix: string): string {
  const longest = jobNameMaxLength - prefix.length - 1;
  const cut = longest - hashLength - 1;
  const steps = [
    `$run := $states.context.Execution.Name`,
    `$attempt := '-' & [$states.context.Execution.RedriveCount, 0][0] & '-' & [$states.context.State.RetryCount, 0][0]`,
    `$clean := $replace($replace($run, /[^a-zA-Z0-9-]/, '-'), /-+$/, '')`,
    `$fits := $clean = $run and $length($clean & $attempt) <= ${String(longest)}`,
    `$hashed := $substring($clean, 0, ${String(cut)} - $length($attempt)) & '-' & $substring($hash($run, 'SHA-256'), 0, ${String(hashLength)})`,
    `'${prefix}-' & ($fits ? $clean : $hashed) & $attempt`,
  ];
  // On one line: asl-validator takes no expression that holds a line break.
  return `{% (${steps.join('; ')}) %}`;
}

/** Fields of the state around the job. */
export interface TrainingTaskFields {
  readonly comment: string;
  /** Expressions for the folders of the two channels and of the output. */
  readonly train: string;
  readonly validation: string;
  readonly outputPath: string;
  /** An expression for the number of classes that the prepared data has. */
  readonly classes: string;
  readonly assign: Readonly<Record<string, AslValue>>;
  readonly output: AslValue;
  readonly catch: readonly Catcher[];
  readonly next: string;
}

/** A state that runs a SageMaker training job and waits for its end. */
export function trainingTask(partition: string, job: TrainingJob, fields: TrainingTaskFields): TaskState {
  return {
    Type: 'Task',
    Comment: fields.comment,
    Resource: `arn:${partition}:states:::sagemaker:createTrainingJob.sync`,
    Arguments: {
      TrainingJobName: trainingJobName(job.jobNamePrefix),
      RoleArn: job.roleArn,
      AlgorithmSpecification: { TrainingImage: job.image, TrainingInputMode: 'File' },
      HyperParameters: {
        ...job.hyperParameters,
        ...(job.classesHyperParameter === undefined ? {} : { [job.classesHyperParameter]: fields.classes }),
      },
      InputDataConfig: [channel('train', fields.train, job.contentType), channel('validation', fields.validation, job.contentType)],
      OutputDataConfig: {
        S3OutputPath: fields.outputPath,
        ...(job.outputKeyArn === undefined ? {} : { KmsKeyId: job.outputKeyArn }),
      },
      ResourceConfig: {
        InstanceType: job.instanceType,
        InstanceCount: job.instanceCount,
        VolumeSizeInGB: job.volumeSizeGb,
        ...(job.volumeKeyArn === undefined ? {} : { VolumeKmsKeyId: job.volumeKeyArn }),
      },
      StoppingCondition: { MaxRuntimeInSeconds: job.maxRuntimeSeconds },
      // The container gets its data from SageMaker and needs no network of its own.
      EnableNetworkIsolation: true,
      ...(job.network === undefined ? {} : { VpcConfig: { Subnets: job.network.subnetIds, SecurityGroupIds: job.network.securityGroupIds } }),
      ...(job.instanceCount > 1 ? { EnableInterContainerTrafficEncryption: true } : {}),
      Tags: job.tags,
    },
    TimeoutSeconds: job.maxRuntimeSeconds + provisioningMarginSeconds,
    Retry: trainingRetries,
    Catch: fields.catch,
    Assign: fields.assign,
    Output: fields.output,
    Next: fields.next,
  };
}

function channel(name: string, uri: string, contentType: string): AslValue {
  return {
    ChannelName: name,
    ContentType: contentType,
    InputMode: 'File',
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, S3DataDistributionType: 'FullyReplicated' } },
  };
}
