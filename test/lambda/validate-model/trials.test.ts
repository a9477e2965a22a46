import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrialTable } from '../../../model/report/trial.ts';
import { FakeAws } from '../support/fake-aws.ts';

const aws = new FakeAws();
let readTrials: (tuning: { name: string; arn: string; trials: number; objective: { metric: string; type: 'Minimize' | 'Maximize' } }, best: string) => Promise<TrialTable>;

beforeAll(async () => {
  await aws.start();
  ({ readTrials } = await import('../../../lambda/validate-model/trials.ts'));
});
afterAll(() => aws.stop());

test('the trials of a tuning are read page by page, in the order in which they were started', async () => {
  const job = (number: number, more: object) => ({ TrainingJobName: `tune-${String(number)}`, TunedHyperParameters: { eta: String(number / 10) }, TrainingJobStatus: 'Completed', CreationTime: number, ...more });
  const pages = [
    { TrainingJobSummaries: [job(1, { TrainingStartTime: 100, TrainingEndTime: 102.5, FinalHyperParameterTuningJobObjectiveMetric: { MetricName: 'validation:auc', Value: 0.8 } })], NextToken: 'next' },
    { TrainingJobSummaries: [job(2, { TrainingJobStatus: 'Failed' })] },
  ];
  aws.fault = ({ body }) => ({ status: 200, body: JSON.stringify(pages[body.includes('"NextToken":"next"') ? 1 : 0]) });
  expect(await readTrials({ name: 'tune', arn: 'arn', trials: 2, objective: { metric: 'validation:auc', type: 'Maximize' } }, 'tune-1')).toEqual({
    tuningJob: 'tune',
    objective: { metric: 'validation:auc', minimize: false },
    best: 'tune-1',
    trials: [
      { name: 'tune-1', hyperparameters: { eta: '0.1' }, status: 'Completed', objective: 0.8, seconds: 2.5 },
      { name: 'tune-2', hyperparameters: { eta: '0.2' }, status: 'Failed' },
    ],
  });
  expect(aws.calls.map(({ name, body }) => [name, JSON.parse(body) as unknown])).toEqual([
    ['ListTrainingJobsForHyperParameterTuningJob', { HyperParameterTuningJobName: 'tune', SortBy: 'CreationTime', SortOrder: 'Ascending', MaxResults: 100 }],
    ['ListTrainingJobsForHyperParameterTuningJob', { HyperParameterTuningJobName: 'tune', SortBy: 'CreationTime', SortOrder: 'Ascending', MaxResults: 100, NextToken: 'next' }],
  ]);
});
