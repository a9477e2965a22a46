import type { TrainingJobRecord } from '../training/record.ts';
import { isOver } from '../training/record.ts';
import type { TrialRecord, TuningObjective } from './record.ts';

/** A trial with the training job that it is. */
export interface Trial {
  readonly record: TrialRecord;
  readonly job: TrainingJobRecord;
}

/** The objective that a trial's job has told last; none if it has told none. */
export function objectiveOf({ job }: Trial, { MetricName }: TuningObjective): number | undefined {
  return job.metrics.find((metric) => metric.MetricName === MetricName)?.Value;
}

/** Turns an objective into a loss: less is better. */
export function lossOf(value: number, { Type }: TuningObjective): number {
  return Type === 'Minimize' ? value : -value;
}

/** `Succeeded`, `Pending` or `Failed`, as HyperParameterTrainingJobSummary tells of a trial's objective. */
export function objectiveStatus(trial: Trial, objective: TuningObjective): 'Succeeded' | 'Pending' | 'Failed' {
  if (!isOver(trial.job)) return 'Pending';
  return trial.job.status !== 'Failed' && objectiveOf(trial, objective) !== undefined ? 'Succeeded' : 'Failed';
}

/** The trial with the best objective of those whose training is complete. */
export function bestTrial(trials: readonly Trial[], objective: TuningObjective): Trial | undefined {
  const complete = trials.filter((trial) => (trial.job.status === 'Completed' || trial.record.atGreatestResource === true) && objectiveStatus(trial, objective) === 'Succeeded');
  const loss = (trial: Trial): number => lossOf(objectiveOf(trial, objective) ?? Infinity, objective);
  return complete.reduce<Trial | undefined>((best, trial) => (best === undefined || loss(trial) < loss(best) ? trial : best), undefined);
}
