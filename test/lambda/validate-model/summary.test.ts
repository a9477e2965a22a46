import fc from 'fast-check';
import { expect, test } from 'vitest';
import { summary } from '../../../lambda/validate-model/summary.ts';
import { judge } from '../../../model/spec/gate.ts';

const auc = (threshold: number, value: number) => judge([{ metric: 'auc', comparison: 'above', threshold }], { auc: value });

test('it names metric, value and threshold', () => {
  expect(summary(auc(0.72, 0.73812345))).toBe('auc 0.7381 is above 0.72');
  expect(summary(auc(0.99, 0.73812345))).toBe('auc 0.7381 is not above 0.99');
  expect(summary(judge([{ metric: 'log_loss', comparison: 'below', threshold: 0.5 }], { log_loss: 0.61 }))).toBe('log_loss 0.61 is not below 0.5');
  expect(summary(auc(0.7, Number.NaN))).toBe('auc could not be computed and is not above 0.7');
  expect(summary([])).toBe('no gate is declared');
});

test('of several gates it names those that are missed, or all', () => {
  const gates = [{ metric: 'auc', comparison: 'above', threshold: 0.7 }, { metric: 'f1', comparison: 'above', threshold: 0.5 }] as const;
  expect(summary(judge(gates, { auc: 0.8, f1: 0.4 }))).toBe('f1 0.4 is not above 0.5');
  expect(summary(judge(gates, { auc: 0.8, f1: 0.6 }))).toBe('auc 0.8 is above 0.7; f1 0.6 is above 0.5');
});

test('what it shows never contradicts the verdict', () => {
  expect(summary(auc(0.72, 0.7199999))).toBe('auc 0.7199999 is not above 0.72');
  fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: -1e-6, max: 1e-6, noNaN: true }), (threshold, distance) => {
    const [verdict] = auc(threshold, threshold + distance);
    const shown = Number(/^auc (\S+) /.exec(summary(auc(threshold, threshold + distance)))?.[1]);
    if (verdict?.passed === true) expect(shown).toBeGreaterThanOrEqual(threshold);
    else expect(shown).toBeLessThanOrEqual(threshold);
  }));
});
