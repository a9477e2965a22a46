import { TrainingStopped } from '../shared/errors.ts';
import type { EndedJob } from './payload.ts';

/**
 * Checks that a job ran to its end: one that was stopped, at its limit or by hand, leaves a model that has not learned all it should.
 * @throws TrainingStopped
 */
export function checkCompleted({ name, status, secondaryStatus, maxRuntimeSeconds }: EndedJob): void {
  if (status === 'Completed') return;
  const how = secondaryStatus === status ? status : `${status} (${secondaryStatus})`;
  throw new TrainingStopped(
    `The training job ${name} ended as ${how}, expected Completed: it may run ${String(maxRuntimeSeconds)} s (maxTrainingTime), or somebody stopped it. ` +
      'Allow it more time or a larger instance, and start a new run: this one keeps the stopped job.',
  );
}
