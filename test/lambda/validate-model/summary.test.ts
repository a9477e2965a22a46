import { expect, test } from 'vitest';
import { summary } from '../../../lambda/validate-model/summary.ts';
import type { GateVerdict } from '../../../model/spec/gate.ts';

const auc: GateVerdict = { metric: 'auc', comparison: 'above', threshold: 0.7, value: 0.8, passed: true, distance: 0.1, deviations: 12.3 };
const f1: GateVerdict = { metric: 'f1', comparison: 'above', threshold: 0.5, value: 0.4, passed: false, distance: -0.1 };

test('of several gates it names those that are missed, or all, each by how much', () => {
  expect(summary([auc, f1])).toBe('f1 0.4 is not above 0.5: 0.1 short');
  expect(summary([auc, { ...f1, value: 0.6, passed: true, distance: 0.1 }])).toBe('auc 0.8 is above 0.7 by 0.1 (12 standard deviations); f1 0.6 is above 0.5 by 0.1');
  expect(summary([f1, { ...auc, value: 0.6, passed: false, distance: -0.1 }])).toBe('f1 0.4 is not above 0.5: 0.1 short; auc 0.6 is not above 0.7: 0.1 short (12 standard deviations)');
  expect(summary([])).toBe('no gate is declared');
});
