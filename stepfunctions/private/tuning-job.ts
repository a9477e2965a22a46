import type { AslValue, Catcher, TaskState } from './asl.ts';
import { trainingRetries } from './retries.ts';
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

/** What the states of a tuning need besides what a training job's state does. */
export interface TuningStatesFields extends Pick<TrainingTaskFields, 'folders' | 'classes' | 'next'> {
  readonly catchFrom: (state: string) => readonly Catcher[];
}

/** The states that run a tuning job, wait for its end, and describe the best of its training jobs as TrainModel would. */
export function tuningStates(partition: string, job: TrainingJob, tuning: TuningJob, fields: TuningStatesFields): Readonly<Record<'TuneModel' | 'DescribeBestTrial', TaskState>> {
  const { checkpoints: _, ...folders } = fields.folders;
  const { CheckpointConfig: _checkpoints, ...definition } = trainingJobDefinition(job, { ...folders, checkpoints: '' });
  return {
    TuneModel: {
      Type: 'Task',
      Comment: 'Searches hyperparameters in several SageMaker training jobs, and waits for the end of all.',
      Resource: `arn:${partition}:states:::sagemaker:createHyperParameterTuningJob.sync`,
      Arguments: {
        HyperParameterTuningJobName: jobName(tuning.jobNamePrefix, nameMaxLength, [attempt.redrive, attempt.retry]),
        HyperParameterTuningJobConfig: tuningConfig(tuning),
        // Without checkpoints, which trials of other hyperparameters would share: one whose instance is taken away starts anew.
        TrainingJobDefinition: { ...definition, StaticHyperParameters: hyperParameters(job, fields.classes) },
        Tags: job.tags,
      },
      TimeoutSeconds: tuning.maxSeconds + endingMarginSeconds,
      Retry: trainingRetries,
      Catch: fields.catchFrom('TuneModel'),
      Assign: {
        tuning: {
          name: '{% $states.result.HyperParameterTuningJobName %}',
          arn: '{% $states.result.HyperParameterTuningJobArn %}',
          trials: '{% $sum($states.result.TrainingJobStatusCounters.*) %}',
          best: `{% $exists($states.result.BestTrainingJob) ? $states.result.BestTrainingJob.TrainingJobName : $error('No trial of ' & $states.result.HyperParameterTuningJobName & ' reached an objective: see its training jobs.') %}`,
          objective: { ...tuning.objective, value: '{% [$states.result.BestTrainingJob.FinalHyperParameterTuningJobObjectiveMetric.Value, null][0] %}' },
        },
      },
      Output: { tuningJob: '{% $states.result.HyperParameterTuningJobName %}', status: '{% $states.result.HyperParameterTuningJobStatus %}' },
      Next: 'DescribeBestTrial',
    },

    DescribeBestTrial: {
      Type: 'Task',
      Comment: 'Reads where the best training job left its model, and with which hyperparameters.',
      Resource: `arn:${partition}:states:::aws-sdk:sagemaker:describeTrainingJob`,
      Arguments: { TrainingJobName: '{% $tuning.best %}' },
      TimeoutSeconds: 60,
      Retry: trainingRetries,
      Catch: fields.catchFrom('DescribeBestTrial'),
      // The tuning goes along with its best job, for the report and the registry.
      Assign: { training: trainingVariable(job, { tuning: '{% $tuning %}' }) },
      Output: { trainingJob: '{% $states.result.TrainingJobName %}', status: '{% $states.result.TrainingJobStatus %}' },
      Next: fields.next,
    },
  };
}

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
