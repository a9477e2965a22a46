import type { AslValue, Catcher, TaskState } from './asl.ts';
import { trainingRetries } from './retries.ts';
import { hyperParameters, keptAlive, trainingJobDefinition } from './training-job-definition.ts';
import type { TrainingJob, TrainingJobFolders } from './training-job-definition.ts';

/** How long a job may wait for its instances beyond its running time. */
const provisioningMarginSeconds = 3600;
const jobNameMaxLength = 63;
const hashLength = 8;

/**
 * A job's name, from the run's name and the attempt: the same attempt has the same name, another attempt another one. What a
 * job's name may not hold becomes `-`; a name changed by that or cut ends in a hash of the run's name, so that two runs never share it.
 */
export function jobName(prefix: string, maxLength: number): string {
  const longest = maxLength - prefix.length - 1;
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

/** The name of a training job. */
export function trainingJobName(prefix: string): string {
  return jobName(prefix, jobNameMaxLength);
}

/** What later states need of a training job, from the answer of DescribeTrainingJob. @param more what else is known of it */
export function trainingVariable(job: TrainingJob, more: { readonly [key: string]: AslValue } = {}): AslValue {
  return {
    // A job that was stopped may have written none.
    modelData: "{% [$states.result.ModelArtifacts.S3ModelArtifacts, ''][0] %}",
    job: {
      name: '{% $states.result.TrainingJobName %}',
      arn: '{% $states.result.TrainingJobArn %}',
      image: '{% $states.result.AlgorithmSpecification.TrainingImage %}',
      hyperParameters: '{% $states.result.HyperParameters %}',
      // Whether it was stopped, for ConvertModel: `.sync` may let such a job pass.
      status: '{% $states.result.TrainingJobStatus %}',
      secondaryStatus: '{% [$states.result.SecondaryStatus, $states.result.TrainingJobStatus][0] %}',
      maxRuntimeSeconds: job.maxRuntimeSeconds,
      ...more,
    },
  };
}

/** Fields of the state around the job. */
export interface TrainingTaskFields {
  readonly comment: string;
  readonly folders: TrainingJobFolders;
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
      ...trainingJobDefinition(job, fields.folders),
      HyperParameters: hyperParameters(job, fields.classes),
      ResourceConfig: keptAlive(job),
      Tags: job.tags,
    },
    TimeoutSeconds: (job.spot?.maxWaitSeconds ?? job.maxRuntimeSeconds) + provisioningMarginSeconds,
    Retry: trainingRetries,
    Catch: fields.catch,
    Assign: fields.assign,
    Output: fields.output,
    Next: fields.next,
  };
}
