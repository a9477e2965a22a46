import type { Operation, Output } from '../../../core/call.ts';
import { listPage } from '../lists.ts';
import type { ListInput } from '../lists.ts';
import { checkTrainingJob } from '../training/operations.ts';
import { checkTuningJob } from './check.ts';
import { describeTrial, describeTuningJob, objectiveIn, tuningJobSummary } from './describe.ts';
import { objectiveOf } from './outcome.ts';
import type { TuningJobInput } from './record.ts';
import type { TuningJobs } from './tuning-jobs.ts';

interface Named {
  readonly HyperParameterTuningJobName: string;
}

/** CreateHyperParameterTuningJob and its relatives. */
export function tuningOperations(jobs: TuningJobs, now: () => Date): Readonly<Record<string, Operation>> {
  return {
    CreateHyperParameterTuningJob(input: TuningJobInput): Output {
      checkTuningJob(input);
      const { StaticHyperParameters, ...definition } = input.TrainingJobDefinition!;
      checkTrainingJob({ ...definition, TrainingJobName: input.HyperParameterTuningJobName, ...(StaticHyperParameters === undefined ? {} : { HyperParameters: StaticHyperParameters }) });
      return { HyperParameterTuningJobArn: jobs.create(input).arn };
    },
    DescribeHyperParameterTuningJob({ HyperParameterTuningJobName }: Named): Output {
      const record = jobs.get(HyperParameterTuningJobName);
      return describeTuningJob(record, jobs.trials(record), now());
    },
    StopHyperParameterTuningJob({ HyperParameterTuningJobName }: Named): Output {
      jobs.stop(HyperParameterTuningJobName);
      return {};
    },
    ListHyperParameterTuningJobs(input: ListInput & { StatusEquals?: string }): Output {
      const found = jobs.list().filter(({ status }) => input.StatusEquals === undefined || status === input.StatusEquals);
      const items = found.map((record) => ({ name: record.input.HyperParameterTuningJobName, creationTime: record.creationTime, record }));
      return listPage('HyperParameterTuningJobSummaries', items, input, 'Descending', ({ record }) => tuningJobSummary(record, jobs.trials(record)));
    },
    ListTrainingJobsForHyperParameterTuningJob({ HyperParameterTuningJobName, StatusEquals: status, SortBy: by = 'Name', ...input }: Named & ListInput & { StatusEquals?: string }): Output {
      const record = jobs.get(HyperParameterTuningJobName);
      const objective = objectiveIn(record);
      const found = jobs.trials(record).filter(({ job }) => status === undefined || job.status === status);
      const listed = by === 'FinalObjectiveMetricValue' ? found.filter((trial) => objectiveOf(trial, objective) !== undefined) : found;
      const value = (trial: (typeof listed)[0]): number => objectiveOf(trial, objective) ?? Infinity;
      const sorted = by === 'FinalObjectiveMetricValue' ? listed.toSorted((a, b) => value(a) - value(b)) : listed;
      const items = sorted.map((trial, index) => ({ name: by === 'FinalObjectiveMetricValue' ? String(index).padStart(6, '0') : trial.record.trainingJobName, creationTime: trial.job.creationTime, trial }));
      const page = { ...input, SortBy: by === 'CreationTime' ? 'CreationTime' : 'Name' };
      return listPage('TrainingJobSummaries', items, page, 'Ascending', ({ trial }) => describeTrial(trial, objective));
    },
  };
}
