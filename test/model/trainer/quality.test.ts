import path from 'node:path';
import { expect, it } from 'vitest';
import type { LabelledMatrix } from '../../../model/matrix.ts';
import { auc } from '../../../model/metrics/auc.ts';
import { train } from '../../../model/trainer/train.ts';
import { predict } from '../../../model/xgboost/predict.ts';
import { askPython, describeWithOracle } from '../../support/oracle.ts';
import { noisyRows, parameters } from './data.ts';

const script = path.join(import.meta.dirname, 'fixtures', 'quality.py');

function plain(data: LabelledMatrix): { x: (number | null)[][]; y: number[] } {
  return { x: data.columns.map((column) => Array.from(column, (value) => (Number.isNaN(value) ? null : value))), y: [...data.label] };
}

describeWithOracle('xgboost', 'beside XGBoost on continuous data', () => {
  it.each([
    { title: 'plain', extra: {} },
    { title: 'with sampled rows and features', extra: { subsample: '0.7', colsample_bytree: '0.75' } },
    { title: 'with few bins', extra: { max_bin: '16' } },
  ] as readonly { title: string; extra: Record<string, string> }[])('reaches the same held-out AUC, $title', async ({ extra }) => {
    const given = { num_round: '40', max_depth: '5', eta: '0.2', objective: 'binary:logistic', tree_method: 'hist', base_score: '0.5', eval_metric: 'auc', ...extra };
    const [data, test] = [noisyRows(15_000, 21), noisyRows(15_000, 22)];
    const booster = await train({ train: data, parameters: parameters(given) });
    const expected = askPython(script, { ...plain(data), test: plain(test), parameters: given }) as { auc: number };
    expect(Math.abs(auc(test.label, predict(booster, test)) - expected.auc)).toBeLessThan(0.005);
    expect(expected.auc).toBeGreaterThan(0.7);
  });
});
