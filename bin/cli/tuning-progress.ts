import { DescribeHyperParameterTuningJobCommand } from '@aws-sdk/client-sagemaker';
import type { DescribeHyperParameterTuningJobCommandOutput, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { figure } from './figures.ts';
import type { RunWatch } from './history.ts';

/** Who is told how far a state is. */
export interface ProgressView {
  progress(state: string, text: string): void;
}

/** Tells how many trials of a tuning have ended, and the best so far, while its state runs. */
export class TuningProgress implements RunWatch {
  readonly #client: SageMakerClient;
  readonly #view: ProgressView;
  #watched: { readonly state: string; readonly name: string } | undefined;

  constructor(client: SageMakerClient, view: ProgressView) {
    this.#client = client;
    this.#view = view;
  }

  submitted(state: string, output: unknown): void {
    const { HyperParameterTuningJobArn: arn } = (output ?? {}) as { HyperParameterTuningJobArn?: string };
    const name = arn?.split('/').at(-1);
    if (name !== undefined) this.#watched = { state, name };
  }

  async tick(): Promise<void> {
    const watched = this.#watched;
    if (watched === undefined) return;
    try {
      const job = await this.#client.send(new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: watched.name }));
      this.#view.progress(watched.state, progressOf(job));
      if (job.HyperParameterTuningJobStatus !== 'InProgress') this.#watched = undefined;
    } catch (error) {
      // The run goes on without being watched so closely: the keys at hand may not allow it.
      this.#watched = undefined;
      this.#view.progress(watched.state, `its trials cannot be followed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** `7 of 20 trials, best validation:logloss 0.3112`. */
export function progressOf(job: DescribeHyperParameterTuningJobCommandOutput): string {
  const { Completed = 0, Stopped = 0, NonRetryableError = 0 } = job.TrainingJobStatusCounters ?? {};
  const most = job.HyperParameterTuningJobConfig?.ResourceLimits?.MaxNumberOfTrainingJobs;
  const best = job.BestTrainingJob?.FinalHyperParameterTuningJobObjectiveMetric;
  const trials = `${String(Completed + Stopped + NonRetryableError)}${most === undefined ? '' : ` of ${String(most)}`} trials`;
  return best === undefined ? trials : `${trials}, best ${best.MetricName ?? ''} ${figure(best.Value)}`;
}
