import type { AslValue, Catcher, State, TaskState } from './asl.ts';
import { failureOf } from './failures.ts';
import { jobFailure, lostSight, madeByThisRun, nameInUse, nameTaken, spellings, waitForJob } from './job-adoption.ts';
import { sageMakerRetries, trainingRetries } from './retries.ts';
import { hyperParameters, keptAlive, trainingJobDefinition } from './training-job-definition.ts';
import type { TrainingJob, TrainingJobFolders } from './training-job-definition.ts';
import { trainingJobName } from './training-job-name.ts';

/** How long a job may wait for its instances beyond its running time. */
const provisioningMarginSeconds = 3600;

/** What later states need of a training job, from the answer of DescribeTrainingJob. @param more what else is known of it */
export function trainingVariable(job: TrainingJob, more: { readonly [key: string]: AslValue } = {}): AslValue {
  return {
    // A job that was stopped may have written none.
    modelData: "{% [$states.result.ModelArtifacts.S3ModelArtifacts, ''][0] %}",
    job: {
      name: '{% $states.result.TrainingJobName %}',
      arn: '{% $states.result.TrainingJobArn %}',
      image: '{% $states.result.AlgorithmSpecification.TrainingImage %}',
      // A container may have none.
      hyperParameters: '{% [$states.result.HyperParameters, {}][0] %}',
      // Whether it was stopped, for ConvertModel: `.sync` may let such a job pass.
      status: '{% $states.result.TrainingJobStatus %}',
      secondaryStatus: '{% [$states.result.SecondaryStatus, $states.result.TrainingJobStatus][0] %}',
      maxRuntimeSeconds: job.maxRuntimeSeconds,
      ...more,
    },
  };
}

/** What surrounds the job in its machine. */
export interface TrainingTaskFields {
  /** The state that runs the job: failures and redrives name it. */
  readonly state: string;
  readonly comment: string;
  readonly folders: TrainingJobFolders;
  /** An expression for the number of classes that the prepared data has. */
  readonly classes: string;
  /** What is kept of a job that has ended, from its description, which is `$states.result`. */
  readonly assign: Readonly<Record<string, AslValue>>;
  readonly output: AslValue;
  readonly next: string;
  /** Where failures go. */
  readonly onFailure: string;
}

/**
 * The states that run a SageMaker training job and wait for its end.
 *
 * The job's name says the run and the attempt, so a call that is made again finds the job that it made before (`ResourceInUse`)
 * and adopts it: DescribeTrainingJob, CheckTrainingJob and WaitForTrainingJob then do what `.sync` does for a new job.
 * With fallbacks the job is started on the next instances where the quota has none of the first (`ResourceLimitExceeded`), or where
 * the job ended before it began: no start time, or waiting for spare capacity took too long. That is read from the job's
 * fields; SageMaker has no code for a lack of capacity, and its texts may change.
 */
export function trainingStates(partition: string, job: TrainingJob, fields: TrainingTaskFields): Readonly<Record<string, State>> {
  const { state, onFailure } = fields;
  const hasFallbacks = (job.fallbacks ?? []).length > 0;
  // A redriven run begins with the first instances again.
  const first = firstInstance(job);
  const failed: Catcher = { ErrorEquals: ['States.ALL'], Assign: { failure: failureOf(state), ...first }, Next: onFailure };
  const keptFailure = (to: string, ...errors: string[]): Catcher => ({ ErrorEquals: errors, Assign: { failure: failureOf(state) }, Next: to });
  const kept = { ...fields.assign, ...jobFacts };
  const timeoutSeconds = (job.spot?.maxWaitSeconds ?? job.maxRuntimeSeconds) + provisioningMarginSeconds;

  const train: TaskState = {
    Type: 'Task',
    Comment: fields.comment,
    Resource: `arn:${partition}:states:::sagemaker:createTrainingJob.sync`,
    Arguments: {
      TrainingJobName: trainingJobName(job.jobNamePrefix, hasFallbacks),
      ...trainingJobDefinition(job, fields.folders),
      HyperParameters: hyperParameters(job, fields.classes),
      ResourceConfig: keptAlive(job),
      Tags: job.tags,
    },
    TimeoutSeconds: timeoutSeconds,
    Retry: trainingRetries,
    Catch: [
      keptFailure(describeState, ...nameInUse),
      ...(hasFallbacks ? [keptFailure(nextState, ...spellings('SageMaker.ResourceLimitExceeded')), keptFailure(describeState, 'States.TaskFailed')] : []),
      failed,
    ],
    // With fallbacks `.sync` may let a job pass that was stopped while it waited for capacity.
    Assign: hasFallbacks ? kept : fields.assign,
    Output: fields.output,
    Next: hasFallbacks ? checkState : fields.next,
  };
  return {
    [state]: train,

    [describeState]: {
      Type: 'Task',
      Comment: 'Asks how the training job stands that this attempt made before, or that failed.',
      Resource: `arn:${partition}:states:::aws-sdk:sagemaker:describeTrainingJob`,
      Arguments: { TrainingJobName: trainingJobName(job.jobNamePrefix, hasFallbacks) },
      TimeoutSeconds: 60,
      Retry: sageMakerRetries,
      // The failure that led here is what is reported: there may be no job at all.
      Catch: [{ ErrorEquals: ['States.ALL'], ...(hasFallbacks ? { Assign: first } : {}), Next: onFailure }],
      Assign: kept,
      Output: fields.output,
      Next: checkState,
    },

    [checkState]: {
      Type: 'Choice',
      Comment: 'Goes on with a job that completed, waits for one that runs, and takes other instances where a job got none.',
      Choices: [
        { Condition: '{% $not($job.ofThisRun) %}', Assign: { failure: jobFailure(state, 'TrainingJobNameTaken', nameTaken('training job', '$job.name')), ...first }, Next: onFailure },
        { Condition: "{% $job.status = 'Completed' %}", Next: fields.next },
        { Condition: "{% $job.status in ['InProgress', 'Stopping'] %}", Assign: { failure: jobFailure(state, 'States.TaskFailed', lostSight('training job', '$job.name')) }, Next: waitState },
        ...(hasFallbacks ? [{ Condition: "{% $not($job.began) or $job.secondaryStatus = 'MaxWaitTimeExceeded' %}", Assign: { failure: jobFailure(state, 'States.TaskFailed', '$job.cause') }, Next: nextState }] : []),
      ],
      Assign: { failure: jobFailure(state, 'States.TaskFailed', '$job.cause'), ...first },
      Default: onFailure,
    },

    [waitState]: waitForJob('Gives the training job time.', describeState, timeoutSeconds),

    ...(hasFallbacks
      ? {
          [nextState]: {
            Type: 'Choice',
            Comment: 'Takes the next instance type, as long as there is one.',
            Choices: [{ Condition: `{% $instance < ${String(job.fallbacks!.length)} %}`, Assign: { instance: '{% $instance + 1 %}' }, Next: state }],
            Assign: first,
            Default: onFailure,
          } satisfies State,
        }
      : {}),
  };
}

const describeState = 'DescribeTrainingJob';
const checkState = 'CheckTrainingJob';
const waitState = 'WaitForTrainingJob';
const nextState = 'TakeNextInstanceType';

/** What is to be assigned before a job with fallbacks is started for the first time. */
export function firstInstance(job: TrainingJob): Readonly<Record<string, AslValue>> {
  return (job.fallbacks ?? []).length > 0 ? { instance: 0 } : {};
}

/** What CheckTrainingJob decides by: fields of the job's description. */
const jobFacts: Readonly<Record<string, AslValue>> = {
  job: {
    name: '{% $states.result.TrainingJobName %}',
    status: '{% $states.result.TrainingJobStatus %}',
    secondaryStatus: '{% [$states.result.SecondaryStatus, $states.result.TrainingJobStatus][0] %}',
    began: '{% $exists($states.result.TrainingStartTime) %}',
    ofThisRun: madeByThisRun,
    cause:
      "{% $string({'TrainingJobName': $states.result.TrainingJobName, 'TrainingJobStatus': $states.result.TrainingJobStatus, 'SecondaryStatus': $states.result.SecondaryStatus, 'FailureReason': [$states.result.FailureReason, 'the job ended as ' & $states.result.TrainingJobStatus][0]}) %}",
  },
};
