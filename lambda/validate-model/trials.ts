import { paginateListTrainingJobsForHyperParameterTuningJob } from '@aws-sdk/client-sagemaker';
import type { HyperParameterTrainingJobSummary } from '@aws-sdk/client-sagemaker';
import type { Trial, TrialTable } from '../../model/report/trial.ts';
import { sagemaker } from '../shared/clients/sagemaker.ts';
import type { TuningResult } from '../shared/payload.ts';

/** SageMaker's largest page. */
const pageSize = 100;

/** The trials of a tuning, from SageMaker, in the order in which they were started. @param best the name of the training job that became the model. */
export async function readTrials({ name, objective }: TuningResult, best: string): Promise<TrialTable> {
  const found: HyperParameterTrainingJobSummary[] = [];
  const pages = paginateListTrainingJobsForHyperParameterTuningJob({ client: sagemaker, pageSize }, { HyperParameterTuningJobName: name, SortBy: 'CreationTime', SortOrder: 'Ascending' });
  for await (const page of pages) found.push(...(page.TrainingJobSummaries ?? []));
  return { tuningJob: name, objective: { metric: objective.metric, minimize: objective.type === 'Minimize' }, best, trials: found.map(trialOf) };
}

function trialOf(job: HyperParameterTrainingJobSummary): Trial {
  const { TrainingStartTime: started, TrainingEndTime: ended, FinalHyperParameterTuningJobObjectiveMetric: metric } = job;
  return {
    name: job.TrainingJobName ?? '',
    hyperparameters: job.TunedHyperParameters ?? {},
    status: job.TrainingJobStatus ?? '',
    ...(metric?.Value === undefined ? {} : { objective: metric.Value }),
    ...(started === undefined || ended === undefined ? {} : { seconds: (ended.getTime() - started.getTime()) / 1000 }),
  };
}
