import { PassThrough } from 'node:stream';
import type { DescribeHyperParameterTuningJobCommandOutput, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from 'vitest';
import { HistoryReader } from '../../bin/cli/history.ts';
import { RunView } from '../../bin/cli/run-view.ts';
import { Terminal } from '../../bin/cli/terminal.ts';
import { progressOf, TuningProgress } from '../../bin/cli/tuning-progress.ts';

const job = (more: object = {}) => ({
  HyperParameterTuningJobStatus: 'InProgress',
  HyperParameterTuningJobConfig: { ResourceLimits: { MaxNumberOfTrainingJobs: 20 } },
  TrainingJobStatusCounters: { Completed: 5, Stopped: 1, NonRetryableError: 1, InProgress: 2 },
  BestTrainingJob: { FinalHyperParameterTuningJobObjectiveMetric: { MetricName: 'validation:logloss', Value: 0.31118 } },
  ...more,
}) as unknown as DescribeHyperParameterTuningJobCommandOutput;

describe('the progress of a tuning', () => {
  it('is how many trials have ended, and the best so far', () => {
    expect(progressOf(job())).toBe('7 of 20 trials, best validation:logloss 0.3112');
    expect(progressOf(job({ BestTrainingJob: undefined, TrainingJobStatusCounters: {} }))).toBe('0 of 20 trials');
  });

  it('is asked for while the tuning job of the run is in progress, and no longer', async () => {
    const asked: unknown[] = [];
    const told: string[] = [];
    const answers = [job(), job({ HyperParameterTuningJobStatus: 'Completed' })];
    const client = { send: ({ input }: { input: unknown }) => Promise.resolve(answers[asked.push(input) - 1]) } as unknown as SageMakerClient;
    const progress = new TuningProgress(client, { progress: (state, text) => told.push(`${state}: ${text}`) });
    await progress.tick();
    const reader = new HistoryReader(() => undefined, progress);
    reader.read({ id: 1, previousEventId: 0, type: 'TaskStateEntered', timestamp: new Date(0), stateEnteredEventDetails: { name: 'TuneModel' } });
    reader.read({
      id: 2, previousEventId: 1, type: 'TaskSubmitted', timestamp: new Date(0),
      taskSubmittedEventDetails: { resourceType: 'sagemaker', resource: 'createHyperParameterTuningJob.sync', output: JSON.stringify({ HyperParameterTuningJobArn: 'arn:aws:sagemaker:us-east-1:1:hyper-parameter-tuning-job/tune-1' }) },
    });
    for (let tick = 0; tick < 3; tick += 1) await progress.tick();
    expect(asked).toEqual([{ HyperParameterTuningJobName: 'tune-1' }, { HyperParameterTuningJobName: 'tune-1' }]);
    expect(told[0]).toBe('TuneModel: 7 of 20 trials, best validation:logloss 0.3112');
  });

  it('does not end a run that may not be watched so closely, and says why', async () => {
    const told: string[] = [];
    const client = { send: () => Promise.reject(new Error('not authorized')) } as unknown as SageMakerClient;
    const progress = new TuningProgress(client, { progress: (_, text) => told.push(text) });
    progress.submitted('TuneModel', { HyperParameterTuningJobArn: 'arn:aws:sagemaker:us-east-1:1:hyper-parameter-tuning-job/tune-1' });
    await progress.tick();
    await progress.tick();
    expect(told).toEqual(['its trials cannot be followed: not authorized']);
  });

  it('stands beside its state while that runs', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true });
    const terminal = new Terminal({ json: false, stream });
    const view = new RunView(terminal);
    view.started({ pipelineName: 'p', dataBucket: 'b' } as never, { key: 'k', bytes: 1 } as never, { name: 'r' } as never);
    view.state({ name: 'TuneModel', status: 'entered', seconds: 0, depth: 0, variables: {} });
    view.progress('TuneModel', '7 of 20 trials');
    terminal.line();
    expect(String(stream.read())).toMatch(/TuneModel 0\.\d s 7 of 20 trials/);
    view.state({ name: 'TuneModel', status: 'succeeded', seconds: 3, depth: 0, variables: { tuning: { trials: 20, objective: { metric: 'validation:logloss', value: 0.25 } } } });
    terminal.stop();
    expect(String(stream.read())).toMatch(/TuneModel +3\.0 s +.*20 trials, best validation:logloss 0\.2500/);
  });
});
