import { describe, expect, it } from 'vitest';
import { withTuningObjective } from '../../../containers/xgboost/tuning-objective.ts';

describe('the objective of a tuning', () => {
  it('is printed besides the other metrics, and decides early stopping: it comes last', () => {
    expect(withTuningObjective({ num_round: '2', _tuning_objective_metric: 'validation:auc' })).toEqual({ num_round: '2', eval_metric: 'auc' });
    expect(withTuningObjective({ eval_metric: 'auc, logloss', _tuning_objective_metric: 'validation:auc' })).toEqual({ eval_metric: 'logloss,auc' });
  });

  it('changes nothing where there is none', () => {
    expect(withTuningObjective({ eval_metric: 'auc,logloss' })).toEqual({ eval_metric: 'auc,logloss' });
  });
});
