import type { Duration } from 'aws-cdk-lib';
import type { TuningObjective } from './tuning-objective.ts';
import type { TuningRange } from './tuning-range.ts';

/** What every tuning is made of. */
export interface TuningOptions {
  /** The hyperparameters that are searched, at most 30. All others stay as the algorithm says. */
  readonly ranges: TuningRange[];

  /**
   * What the best trial is best in. Never measured on the held-out rows, which stay for the evaluation and the gates.
   * @default - the algorithm's own metric on the validation rows, such as `validation:logloss`
   */
  readonly objective?: TuningObjective;

  /**
   * How many training jobs there are at most: 750, or 10,000 of a random search (above 750 by a quota of your account).
   * @default 20
   */
  readonly maxTrials?: number;

  /**
   * How many of them run at once: at most 100 (above 10 by a quota of your account). A search that learns from earlier trials learns
   * less the more run at once.
   * @default 2
   */
  readonly maxParallelTrials?: number;

  /**
   * The seed of what is drawn at random.
   * @default 0
   */
  readonly seed?: number;

  /**
   * When the tuning ends, however many trials there were.
   * @default Duration.hours(6)
   */
  readonly maxTime?: Duration;
}

/** A search whose trials run to their end, or are stopped by the median of the others. */
export interface TuningProps extends TuningOptions {
  /**
   * Whether a trial is stopped when its objective is worse than the median of the earlier ones at the same round.
   * @default false
   */
  readonly stopTrialsEarly?: boolean;
}

/** A search by Hyperband. */
export interface HyperbandTuningProps extends TuningOptions {
  /**
   * How many rounds each trial gets before it may be stopped.
   * @default 1
   */
  readonly minResource?: number;

  /**
   * At how many rounds a trial ends, at most 20,000.
   * @default - as many as the algorithm says: `numRound`
   */
  readonly maxResource?: number;
}
