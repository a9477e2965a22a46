import path from 'node:path';
import { expect, it } from 'vitest';
import type { LabelledMatrix } from '../../../model/matrix.ts';
import type { RoundMetric } from '../../../model/trainer/evaluation.ts';
import { train } from '../../../model/trainer/train.ts';
import { askPython, describeWithOracle } from '../../support/oracle.ts';
import { noisyRows, objectiveCases, parameters, rowsFor } from './data.ts';

const script = path.join(import.meta.dirname, 'fixtures', 'quality.py');
const common = { num_round: '40', max_depth: '5', eta: '0.2', tree_method: 'hist', base_score: '0.5' };

function plain(data: LabelledMatrix): { x: (number | null)[][]; y: number[] } {
  return { x: data.columns.map((column) => Array.from(column, (value) => (Number.isNaN(value) ? null : value))), y: [...data.label] };
}

/** The last metrics on held-out rows: ours, and what XGBoost reaches with the same parameters on the same split. */
async function beside(data: LabelledMatrix, test: LabelledMatrix, given: Record<string, string>): Promise<{ metric: string; own: number; xgboost: number }[]> {
  let last: readonly RoundMetric[] = [];
  await train({ train: data, validation: test, parameters: parameters(given), onRound: ({ metrics }) => { last = metrics; } });
  const xgboost = askPython(script, { ...plain(data), test: plain(test), parameters: given }) as Record<string, number>;
  return last.filter((entry) => entry.data === 'validation').map(({ metric, value }) => ({ metric, own: value, xgboost: xgboost[metric]! }));
}

describeWithOracle('xgboost', 'beside XGBoost on continuous data', () => {
  it.each([
    { title: 'plain', extra: {} },
    { title: 'with sampled rows and features', extra: { subsample: '0.7', colsample_bytree: '0.75' } },
    { title: 'with few bins', extra: { max_bin: '16' } },
  ] as readonly { title: string; extra: Record<string, string> }[])('reaches the same held-out AUC, $title', async ({ extra }) => {
    const given = { ...common, objective: 'binary:logistic', eval_metric: 'auc', ...extra };
    const [auc] = await beside(noisyRows(15_000, 21), noisyRows(15_000, 22), given);
    expect(Math.abs(auc!.own - auc!.xgboost)).toBeLessThan(0.005);
    expect(auc!.xgboost).toBeGreaterThan(0.7);
  });

  // The promise: 0.01 accuracy, 2 % RMSE.
  it.each([
    { ...objectiveCases[1], metrics: 'merror,mlogloss' },
    { ...objectiveCases[2], metrics: 'mae,rmse' },
    { ...objectiveCases[3], metrics: 'rmse,poisson-nloglik' },
  ])('reaches the same held-out metrics: $objective', async ({ given, label, metrics }) => {
    for (const extra of [{}, { subsample: '0.7', colsample_bytree: '0.75' }] as readonly Record<string, string>[]) {
      const found = await beside(rowsFor(label, 8000, 31), rowsFor(label, 8000, 32), { ...common, ...given, ...extra, eval_metric: metrics });
      expect(found).toHaveLength(2);
      for (const { metric, own, xgboost } of found) {
        const bound = metric === 'merror' ? 0.01 : 0.02 * xgboost;
        expect(Math.abs(own - xgboost), `${metric}: ${String(own)}, XGBoost ${String(xgboost)}`).toBeLessThanOrEqual(bound);
      }
    }
  });
});
