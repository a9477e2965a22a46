import { DeclarationError } from '../../model/spec/errors.ts';

/**
 * An objective as JSON, under SageMaker's names.
 * @internal
 */
export interface TuningObjectiveSpec {
  readonly type: 'Minimize' | 'Maximize';
  readonly metric: string;
}

/** What a tuning makes as good as it can: a metric that each training job prints, such as `validation:logloss`. */
export class TuningObjective {
  private readonly spec: TuningObjectiveSpec;

  /** The less the better, such as `validation:rmse`. @throws DeclarationError where the metric has no name. */
  static minimize(metric: string): TuningObjective {
    return new TuningObjective('minimize', { type: 'Minimize', metric });
  }

  /** The more the better, such as `validation:auc`. @throws DeclarationError where the metric has no name. */
  static maximize(metric: string): TuningObjective {
    return new TuningObjective('maximize', { type: 'Maximize', metric });
  }

  private constructor(factory: string, spec: TuningObjectiveSpec) {
    if (spec.metric === '') throw new DeclarationError(`TuningObjective.${factory}`, 'metric', spec.metric, "the name of a metric, such as 'validation:logloss'");
    this.spec = spec;
  }

  /**
   * The declaration as JSON.
   * @internal
   */
  toJSON(): TuningObjectiveSpec {
    return this.spec;
  }
}
