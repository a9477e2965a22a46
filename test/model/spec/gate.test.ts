import { describe, expect, it } from 'vitest';
import { Gate, metricsOf } from '../../../model/spec/gate.ts';

describe('Gate.metric', () => {
  it.each(['binary', 'multiclass', 'regression'] as const)('takes every metric of a %s model', (task) => {
    for (const metric of metricsOf(task)) {
      expect(Gate.metric(metric).above(0).toJSON()).toEqual({ metric, comparison: 'above', threshold: 0 });
      expect(Gate.metric(metric).below(-1.5).toJSON()).toEqual({ metric, comparison: 'below', threshold: -1.5 });
      expect(Gate.metric(metric).notWorseThanChampion().toJSON()).toEqual({ metric, comparison: 'notWorseThanChampion', margin: 0 });
      expect(Gate.metric(metric).betterThanChampion({ margin: 0.1, confidence: 0.9 }).toJSON()).toEqual({ metric, comparison: 'betterThanChampion', margin: 0.1, confidence: 0.9 });
    }
  });

  it('names each known metric once where it refuses one', () => {
    expect(() => Gate.metric('weighted_f1')).toThrow(
      `Gate.metric: metric is "weighted_f1", expected one of auc, accuracy, precision, recall, f1, log_loss, macro_precision, macro_recall, macro_f1, rmse, mae, mse, r2.`,
    );
  });

  it('stands in each slice of a column, and leaves the gate that it was made from as it is', () => {
    const whole = Gate.metric('recall').above(0.6);
    expect(whole.inEachSlice('island').toJSON()).toEqual({ metric: 'recall', comparison: 'above', threshold: 0.6, inEachSlice: { column: 'island', minimumRows: 30 } });
    expect(whole.inEachSlice('island', { minimumRows: 5 }).toJSON()).toMatchObject({ inEachSlice: { minimumRows: 5 } });
    expect(whole.toJSON()).not.toHaveProperty('inEachSlice');
  });

  it.each<[string, () => unknown, string]>([
    ['a margin below 0', () => Gate.metric('auc').notWorseThanChampion({ margin: -0.1 }), `Gate.metric('auc').notWorseThanChampion: margin is -0.1, expected a number, at least 0.`],
    ['a confidence in percent', () => Gate.metric('auc').betterThanChampion({ confidence: 95 }), `Gate.metric('auc').betterThanChampion: confidence is 95, expected a level such as 0.95`],
    ['a confidence that proves nothing', () => Gate.metric('auc').betterThanChampion({ confidence: 0.5 }), 'confidence is 0.5'],
    ['slices of a comparison', () => Gate.metric('auc').betterThanChampion().inEachSlice('x'), `Gate.metric('auc').betterThanChampion(..): inEachSlice is "x", expected a gate of above(..) or below(..)`],
    ['slices of slices', () => Gate.metric('auc').above(1).inEachSlice('x').inEachSlice('y'), `expected one column a gate; this one has 'x' already`],
    ['no column', () => Gate.metric('auc').above(1).inEachSlice(''), `inEachSlice is "", expected a column's name`],
    ['half a row', () => Gate.metric('auc').above(1).inEachSlice('x', { minimumRows: 0.5 }), 'minimumRows is 0.5, expected a whole number, at least 1'],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
