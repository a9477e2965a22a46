import type { Catcher, Retrier } from './definition.ts';
import { StatesError, type TaskFailure } from './errors.ts';

const defaultIntervalSeconds = 1;
const defaultBackoffRate = 2;
const defaultMaxAttempts = 3;

/** Whether `ErrorEquals` names a failure, itself or by a wildcard. */
function matchesError(names: readonly string[], failure: TaskFailure): boolean {
  const reach = failure instanceof StatesError ? failure.reach : 'catchable';
  if (reach === 'never') return false;
  return names.some((name) => {
    if (name === failure.error) return true;
    if (reach === 'byName') return false;
    if (name === 'States.ALL') return true;
    const timedOut = failure.error === 'States.Timeout' || failure.error === 'States.HeartbeatTimeout';
    if (name === 'States.Timeout') return timedOut;
    return name === 'States.TaskFailed' && failure.error !== 'States.Timeout';
  });
}

/** The first Catcher that takes a failure. */
export function findCatcher(catchers: readonly Catcher[] | undefined, failure: TaskFailure): Catcher | undefined {
  return catchers?.find(({ ErrorEquals }) => matchesError(ErrorEquals, failure));
}

/** Counts, per Retrier, the retries of one visit of a state. */
export class RetryBudget {
  private readonly retriers: readonly Retrier[];
  private readonly used: number[];

  constructor(retriers: readonly Retrier[] = []) {
    this.retriers = retriers;
    this.used = retriers.map(() => 0);
  }

  /** How many milliseconds to wait before the next attempt, or undefined where there is none. */
  next(failure: TaskFailure, random: () => number): number | undefined {
    const index = this.retriers.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, failure));
    const retrier = this.retriers[index];
    const used = this.used[index] ?? 0;
    if (retrier === undefined || used >= (retrier.MaxAttempts ?? defaultMaxAttempts)) return undefined;
    this.used[index] = used + 1;
    const { IntervalSeconds = defaultIntervalSeconds, BackoffRate = defaultBackoffRate, MaxDelaySeconds = Infinity } = retrier;
    const seconds = Math.min(IntervalSeconds * BackoffRate ** used, MaxDelaySeconds);
    return 1000 * (retrier.JitterStrategy === 'FULL' ? seconds * random() : seconds);
  }
}
