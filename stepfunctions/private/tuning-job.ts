import type { AslValue, State } from './asl.ts';
import { catchAll, failureOf } from './failures.ts';
import { jobFailure, lostSight, madeByThisRun, nameInUse, nameTaken, waitForJob } from './job-adoption.ts';
import { sageMakerRetries, trainingRetries } from './retries.ts';
import { hyperParameters, trainingJobDefinition } from './training-job-definition.ts';
import type { TrainingJob } from './training-job-definition.ts';
import { attempt, jobName } from './training-job-name.ts';
import { trainingVariable } from './training-job.ts';
import type { TrainingTaskFields } from './training-job.ts';

/** A range of numbers. */
export interface TunedNumber {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  /** `Auto`, `Linear`, `Logarithmic` or `ReverseLogarithmic`. */
  readonly scaling: string;
}

/** The tuning job of a pipeline, as far as it is the same in each run. */
export interface TuningJob {
  /** What each tuning job's name starts with, and so each trial's: unique in the account and region, lower case, at most 15 characters. */
  readonly jobNamePrefix: string;
  /** `Random`, `Bayesian` or `Hyperband`. */
  readonly strategy: string;
  /** `type` is `Minimize` or `Maximize`. */
  readonly objective: { readonly type: string; readonly metric: string };
  readonly integers: readonly TunedNumber[];
  readonly continuous: readonly TunedNumber[];
  readonly categories: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly maxTrials: number;
  readonly maxParallelTrials: number;
  readonly maxSeconds: number;
  readonly seed: number;
  readonly stopTrialsEarly: boolean;
  /** How many rounds a trial gets at least and at most. @default - the strategy knows no rounds */
  readonly resource?: { readonly least: number; readonly greatest: number };
}

/** A tuning job's name has at most so many characters: the trials' names are made from it. */
const nameMaxLength = 32;

/** How long a tuning may take to end beyond its time: its trials are stopped, and save what they have. */
const endingMarginSeconds = 3600;

/** What surrounds a tuning in its machine. */
export type TuningStatesFields = Pick<TrainingTaskFields, 'folders' | 'classes' | 'next' | 'onFailure'>;

/**
 * The states that run a tuning job, wait for its end, and describe the best of its training jobs as TrainModel would. A tuning job
 * that this attempt made before is adopted by DescribeTuningJob, CheckTuningJob and WaitForTuningJob.
 */
export function tuningStates(partition: string, job: TrainingJob, tuning: TuningJob, fields: TuningStatesFields): Readonly<Record<string, State>> {
  const { onFailure } = fields;
  const timeoutSeconds = tuning.maxSeconds + endingMarginSeconds;
  // A call that is made again names the same job: it may have made it.
  const name = jobName(tuning.jobNamePrefix, nameMaxLength, [attempt.redrive]);
  const { checkpoints: _, ...folders } = fields.folders;
  const { CheckpointConfig: _checkpoints, ...definition } = trainingJobDefinition(job, { ...folders, checkpoints: '' });
  return {
    TuneModel: {
      Type: 'Task',
      Comment: 'Searches hyperparameters in several SageMaker training jobs, and waits for the end of all.',
      Resource: `arn:${partition}:states:::sagemaker:createHyperParameterTuningJob.sync`,
      Arguments: {
        HyperParameterTuningJobName: name,
        HyperParameterTuningJobConfig: tuningConfig(tuning),
        // Without checkpoints, which trials of other hyperparameters would share: one whose instance is taken away starts anew.
        TrainingJobDefinition: { ...definition, StaticHyperParameters: hyperParameters(job, fields.classes) },
        Tags: job.tags,
      },
      TimeoutSeconds: timeoutSeconds,
      Retry: trainingRetries,
      Catch: [{ ErrorEquals: nameInUse, Assign: { failure: failureOf('TuneModel') }, Next: 'DescribeTuningJob' }, ...catchAll('TuneModel', onFailure)],
      Assign: { tuning: tuningVariable(tuning, `{% $exists($states.result.BestTrainingJob) ? $states.result.BestTrainingJob.TrainingJobName : $error(${noBest('$states.result.HyperParameterTuningJobName')}) %}`) },
      Output: output,
      Next: 'DescribeBestTrial',
    },

    DescribeTuningJob: {
      Type: 'Task',
      Comment: 'Asks how the tuning job stands that this attempt made before.',
      Resource: `arn:${partition}:states:::aws-sdk:sagemaker:describeHyperParameterTuningJob`,
      Arguments: { HyperParameterTuningJobName: name },
      TimeoutSeconds: 60,
      Retry: sageMakerRetries,
      // The failure that led here is what is reported.
      Catch: [{ ErrorEquals: ['States.ALL'], Next: onFailure }],
      Assign: { tuning: tuningVariable(tuning, '{% [$states.result.BestTrainingJob.TrainingJobName, null][0] %}'), job: jobFacts },
      Output: output,
      Next: 'CheckTuningJob',
    },

    CheckTuningJob: {
      Type: 'Choice',
      Comment: 'Goes on with a tuning job that completed, and waits for one that runs.',
      Choices: [
        { Condition: '{% $not($job.ofThisRun) %}', Assign: { failure: jobFailure('TuneModel', 'TuningJobNameTaken', nameTaken('tuning job', '$tuning.name')) }, Next: onFailure },
        { Condition: "{% $job.status in ['InProgress', 'Stopping'] %}", Assign: { failure: jobFailure('TuneModel', 'States.TaskFailed', lostSight('tuning job', '$tuning.name')) }, Next: 'WaitForTuningJob' },
        { Condition: "{% $job.status = 'Completed' and $tuning.best != null %}", Next: 'DescribeBestTrial' },
      ],
      Assign: { failure: jobFailure('TuneModel', 'States.TaskFailed', `$job.status = 'Completed' ? ${noBest('$tuning.name')} : $job.cause`) },
      Default: onFailure,
    },

    WaitForTuningJob: waitForJob('Gives the tuning job time.', 'DescribeTuningJob', timeoutSeconds),

    DescribeBestTrial: {
      Type: 'Task',
      Comment: 'Reads where the best training job left its model, and with which hyperparameters.',
      Resource: `arn:${partition}:states:::aws-sdk:sagemaker:describeTrainingJob`,
      Arguments: { TrainingJobName: '{% $tuning.best %}' },
      TimeoutSeconds: 60,
      Retry: trainingRetries,
      Catch: catchAll('DescribeBestTrial', onFailure),
      // The tuning goes along with its best job, for the report and the registry.
      Assign: { training: trainingVariable(job, { tuning: '{% $tuning %}' }) },
      Output: { trainingJob: '{% $states.result.TrainingJobName %}', status: '{% $states.result.TrainingJobStatus %}' },
      Next: fields.next,
    },
  };
}

/** What later states need of a tuning job, from its description. @param best the name of its best training job */
function tuningVariable(tuning: TuningJob, best: string): AslValue {
  return {
    name: '{% $states.result.HyperParameterTuningJobName %}',
    arn: '{% $states.result.HyperParameterTuningJobArn %}',
    trials: '{% $sum($states.result.TrainingJobStatusCounters.*) %}',
    best,
    objective: { ...tuning.objective, value: '{% [$states.result.BestTrainingJob.FinalHyperParameterTuningJobObjectiveMetric.Value, null][0] %}' },
  };
}

const output: AslValue = { tuningJob: '{% $states.result.HyperParameterTuningJobName %}', status: '{% $states.result.HyperParameterTuningJobStatus %}' };

/** What CheckTuningJob decides by. */
const jobFacts: AslValue = {
  status: '{% $states.result.HyperParameterTuningJobStatus %}',
  ofThisRun: madeByThisRun,
  cause:
    "{% $string({'HyperParameterTuningJobName': $states.result.HyperParameterTuningJobName, 'HyperParameterTuningJobStatus': $states.result.HyperParameterTuningJobStatus, 'FailureReason': [$states.result.FailureReason, 'the job ended as ' & $states.result.HyperParameterTuningJobStatus][0]}) %}",
};

/** An expression for what is wrong with a tuning job that has no best trial. @param name an expression */
const noBest = (name: string): string => `'No trial of ' & ${name} & ' reached an objective: see its training jobs.'`;

function tuningConfig(tuning: TuningJob): AslValue {
  const numbers = (ranges: readonly TunedNumber[]): AslValue =>
    ranges.map(({ name, minimum, maximum, scaling }) => ({ Name: name, MinValue: String(minimum), MaxValue: String(maximum), ScalingType: scaling }));
  return {
    Strategy: tuning.strategy,
    ...(tuning.resource === undefined ? {} : { StrategyConfig: { HyperbandStrategyConfig: { MinResource: tuning.resource.least, MaxResource: tuning.resource.greatest } } }),
    HyperParameterTuningJobObjective: { Type: tuning.objective.type, MetricName: tuning.objective.metric },
    ResourceLimits: { MaxNumberOfTrainingJobs: tuning.maxTrials, MaxParallelTrainingJobs: tuning.maxParallelTrials, MaxRuntimeInSeconds: tuning.maxSeconds },
    ParameterRanges: {
      ...(tuning.integers.length === 0 ? {} : { IntegerParameterRanges: numbers(tuning.integers) }),
      ...(tuning.continuous.length === 0 ? {} : { ContinuousParameterRanges: numbers(tuning.continuous) }),
      ...(tuning.categories.length === 0 ? {} : { CategoricalParameterRanges: tuning.categories.map(({ name, values }) => ({ Name: name, Values: values })) }),
    },
    TrainingJobEarlyStoppingType: tuning.stopTrialsEarly ? 'Auto' : 'Off',
    RandomSeed: tuning.seed,
  };
}
