import { expect, it } from 'vitest';
import { describeWithOracle } from '../../support/oracle.ts';
import { allowed, besideXGBoost } from './beside.ts';
import { noisyRows, objectiveCases, rowsFor } from './data.ts';

const common = { num_round: '40', max_depth: '5', eta: '0.2', tree_method: 'hist', base_score: '0.5' };

/** Generated rows, a tenth of the values missing, and held-out rows of the same kind. */
describeWithOracle('xgboost', 'beside XGBoost on continuous data with missing values', () => {
  it.each([
    { title: 'plain', extra: {} },
    { title: 'with sampled rows and features', extra: { subsample: '0.7', colsample_bytree: '0.75' } },
    { title: 'with features sampled a level and a node', extra: { colsample_bylevel: '0.75', colsample_bynode: '0.75' } },
    { title: 'with few bins', extra: { max_bin: '16' } },
    { title: 'with rare positives that count more', extra: { scale_pos_weight: '5', max_delta_step: '1' } },
  ] as readonly { title: string; extra: Record<string, string> }[])('reaches the same held-out AUC, $title', async ({ extra }) => {
    const given = { ...common, objective: 'binary:logistic', eval_metric: 'auc', ...extra };
    const [auc] = await besideXGBoost(noisyRows(15_000, 21), noisyRows(15_000, 22), given);
    expect(Math.abs(auc!.own - auc!.xgboost)).toBeLessThan(allowed(auc!));
    expect(auc!.xgboost).toBeGreaterThan(0.7);
  });

  it('reaches the same weighted metrics with weights', async () => {
    const weighted = (seed: number) => {
      const data = noisyRows(15_000, seed);
      return { ...data, weight: data.label.map((_, row) => ((row * 7919) % 10) / 5) };
    };
    const found = await besideXGBoost(weighted(23), weighted(24), { ...common, objective: 'binary:logistic', eval_metric: 'error,logloss,auc' });
    expect(found.map(({ metric }) => metric)).toEqual(['error', 'logloss', 'auc']);
    for (const one of found) expect(Math.abs(one.own - one.xgboost), JSON.stringify(one)).toBeLessThan(allowed(one));
  });

  it.each([
    { ...objectiveCases[1], metrics: 'merror,mlogloss' },
    { ...objectiveCases[2], metrics: 'mae,rmse' },
    { ...objectiveCases[3], metrics: 'rmse,poisson-nloglik' },
  ])('reaches the same held-out metrics: $objective', async ({ given, label, metrics }) => {
    for (const extra of [{}, { subsample: '0.7', colsample_bytree: '0.75' }] as readonly Record<string, string>[]) {
      const found = await besideXGBoost(rowsFor(label, 8000, 31), rowsFor(label, 8000, 32), { ...common, ...given, ...extra, eval_metric: metrics });
      expect(found).toHaveLength(2);
      for (const one of found) expect(Math.abs(one.own - one.xgboost), JSON.stringify(one)).toBeLessThanOrEqual(allowed(one));
    }
  });
});
