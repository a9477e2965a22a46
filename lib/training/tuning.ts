import { Duration } from 'aws-cdk-lib';
import type { TuningObjectiveSpec } from './tuning-objective.ts';
import type { HyperbandTuningProps, TuningOptions, TuningProps } from './tuning-props.ts';
import type { TuningRangeSpec } from './tuning-range.ts';

/**
 * A tuning with its defaults filled in.
 * @internal
 */
export interface TuningSpec {
  readonly strategy: 'Random' | 'Bayesian' | 'Hyperband';
  readonly ranges: readonly TuningRangeSpec[];
  readonly objective?: TuningObjectiveSpec;
  readonly maxTrials: number;
  readonly maxParallelTrials: number;
  readonly seed: number;
  readonly maxTime: Duration;
  readonly stopTrialsEarly: boolean;
  readonly minResource?: number;
  readonly maxResource?: number;
}

/** Defaults of `Tuning`. */
const defaults = { maxTrials: 20, maxParallelTrials: 2, seed: 0, maxTime: Duration.hours(6) } as const;

/** How the algorithm's hyperparameters are searched: several training jobs instead of one, of which the best becomes the model. */
export class Tuning {
  private readonly spec: TuningSpec;

  /** Each trial is drawn by itself, evenly from the ranges: many may run at once. */
  static random(props: TuningProps): Tuning {
    return new Tuning({ strategy: 'Random', ...common(props), stopTrialsEarly: props.stopTrialsEarly ?? false });
  }

  /** Each trial is drawn where earlier ones say that it is worth it: finds more in few trials that run a few at a time. */
  static bayesian(props: TuningProps): Tuning {
    return new Tuning({ strategy: 'Bayesian', ...common(props), stopTrialsEarly: props.stopTrialsEarly ?? false });
  }

  /** Many trials are begun, and only the promising ones go on: for algorithms that take long and tell their objective each round. */
  static hyperband(props: HyperbandTuningProps): Tuning {
    const { minResource = 1, maxResource } = props;
    return new Tuning({ strategy: 'Hyperband', ...common(props), stopTrialsEarly: false, minResource, ...(maxResource === undefined ? {} : { maxResource }) });
  }

  private constructor(spec: TuningSpec) {
    this.spec = spec;
  }

  /**
   * The declaration with its defaults.
   * @internal
   */
  toJSON(): TuningSpec {
    return this.spec;
  }
}

function common({ ranges, objective, maxTrials, maxParallelTrials, seed, maxTime }: TuningOptions): Omit<TuningSpec, 'strategy' | 'stopTrialsEarly'> {
  return {
    ranges: ranges.map((range) => range.toJSON()),
    ...(objective === undefined ? {} : { objective: objective.toJSON() }),
    maxTrials: maxTrials ?? defaults.maxTrials,
    maxParallelTrials: maxParallelTrials ?? defaults.maxParallelTrials,
    seed: seed ?? defaults.seed,
    maxTime: maxTime ?? defaults.maxTime,
  };
}
