import { describe, expect, it } from 'vitest';
import { Gate, judge, metricsOf } from '../../../model/spec/gate.ts';

describe('Gate.metric', () => {
  it.each(['binary', 'multiclass', 'regression'] as const)('takes every metric of a %s model', (task) => {
    for (const metric of metricsOf(task)) {
      expect(Gate.metric(metric).above(0).toJSON()).toEqual({ metric, comparison: 'above', threshold: 0 });
      expect(Gate.metric(metric).below(-1.5).toJSON()).toEqual({ metric, comparison: 'below', threshold: -1.5 });
    }
  });

  it('names each known metric once where it refuses one', () => {
    expect(() => Gate.metric('weighted_f1')).toThrow(
      `Gate.metric: metric is "weighted_f1", expected one of auc, accuracy, precision, recall, f1, log_loss, macro_precision, macro_recall, macro_f1, rmse, mae, mse, r2.`,
    );
  });
});

describe('judge', () => {
  it('does not pass a metric of another task, nor one that could not be computed', () => {
    const gates = [Gate.metric('rmse').below(3), Gate.metric('r2').above(0), Gate.metric('auc').above(0)].map((gate) => gate.toJSON());
    expect(judge(gates, { rmse: 2.5, r2: Number.NaN }).map(({ passed }) => passed)).toEqual([true, false, false]);
  });
});
