import type { Output } from '../../../core/call.ts';
import { bestTrial, objectiveOf, objectiveStatus } from './outcome.ts';
import type { Trial } from './outcome.ts';
import type { TuningJobRecord, TuningObjective } from './record.ts';

const noObjective: TuningObjective = { Type: 'Minimize', MetricName: '' };

/** The objective of a tuning job. */
export function objectiveIn({ input }: TuningJobRecord): TuningObjective {
  return input.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective ?? noObjective;
}

/** The answer of DescribeHyperParameterTuningJob. */
export function describeTuningJob(record: TuningJobRecord, trials: readonly Trial[], now: Date): Output {
  const { Tags: _tags, HyperParameterTuningJobConfig, ...input } = record.input;
  const best = bestTrial(trials, objectiveIn(record));
  return {
    ...input,
    HyperParameterTuningJobConfig: { ...HyperParameterTuningJobConfig, RandomSeed: record.seed },
    ...summarised(record, trials),
    ...(record.failureReason === undefined ? {} : { FailureReason: record.failureReason }),
    ...(best === undefined ? {} : { BestTrainingJob: describeTrial(best, objectiveIn(record)) }),
    ConsumedResources: { RuntimeInSeconds: Math.round((Date.parse(record.endTime ?? now.toISOString()) - Date.parse(record.creationTime)) / 1000) },
  };
}

/** A tuning job in the answer of ListHyperParameterTuningJobs. */
export function tuningJobSummary(record: TuningJobRecord, trials: readonly Trial[]): Output {
  const { HyperParameterTuningJobName, HyperParameterTuningJobConfig: config } = record.input;
  return { HyperParameterTuningJobName, Strategy: config.Strategy, ResourceLimits: config.ResourceLimits, ...summarised(record, trials) };
}

/** A trial in the answer of ListTrainingJobsForHyperParameterTuningJob. */
export function describeTrial(trial: Trial, objective: TuningObjective): Output {
  const { record, job } = trial;
  const value = objectiveOf(trial, objective);
  const at = (time: string | undefined): Date | undefined => (time === undefined ? undefined : new Date(time));
  return {
    TrainingJobName: record.trainingJobName,
    TrainingJobArn: job.arn,
    CreationTime: new Date(job.creationTime),
    TrainingStartTime: at(job.trainingStartTime),
    TrainingEndTime: at(job.trainingEndTime),
    TrainingJobStatus: job.status,
    TunedHyperParameters: record.tuned,
    ...(job.failureReason === undefined ? {} : { FailureReason: job.failureReason }),
    ...(value === undefined ? {} : { FinalHyperParameterTuningJobObjectiveMetric: { ...objective, Value: value } }),
    ObjectiveStatus: objectiveStatus(trial, objective),
  };
}

function summarised(record: TuningJobRecord, trials: readonly Trial[]): Output {
  const objective = objectiveIn(record);
  const jobs = (...statuses: readonly string[]): number => trials.filter(({ job }) => statuses.includes(job.status)).length;
  const objectives = (status: string): number => trials.filter((trial) => objectiveStatus(trial, objective) === status).length;
  return {
    HyperParameterTuningJobArn: record.arn,
    HyperParameterTuningJobStatus: record.status,
    CreationTime: new Date(record.creationTime),
    LastModifiedTime: new Date(record.lastModifiedTime),
    ...(record.endTime === undefined ? {} : { HyperParameterTuningEndTime: new Date(record.endTime) }),
    TrainingJobStatusCounters: { Completed: jobs('Completed'), InProgress: jobs('InProgress', 'Stopping'), RetryableError: 0, NonRetryableError: jobs('Failed'), Stopped: jobs('Stopped') },
    ObjectiveStatusCounters: { Succeeded: objectives('Succeeded'), Pending: objectives('Pending'), Failed: objectives('Failed') },
  };
}
