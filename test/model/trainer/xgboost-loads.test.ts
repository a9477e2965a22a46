import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { train } from '../../../model/trainer/train.ts';
import { predict } from '../../../model/xgboost/predict.ts';
import { writeUbjson } from '../../../model/xgboost/write.ts';
import { askPython, describeWithOracle } from '../../support/oracle.ts';
import { noisyRows, parameters } from './data.ts';

const script = path.join(import.meta.dirname, '../../../scripts/fixtures/predict_with_xgboost.py');

describeWithOracle('xgboost', 'a model of the trainer in XGBoost itself', () => {
  it('predicts the same, also for missing values and on thresholds', async () => {
    const data = noisyRows(4000, 50);
    const booster = await train({ train: data, validation: noisyRows(2000, 51), parameters: parameters({ num_round: '60', early_stopping_rounds: '10', base_score: '0.3', scale_pos_weight: '2' }) });
    // Thresholds are values of the training data, so that many of these rows stand on one.
    const rows = Array.from({ length: data.rows }, (_, row) => data.columns.map((column) => (Number.isNaN(column[row]!) ? null : column[row]!)));
    const folder = mkdtempSync(path.join(tmpdir(), 'slipway-trained-'));
    try {
      const file = path.join(folder, 'xgboost-model.ubj');
      writeFileSync(file, writeUbjson({ ...booster, featureNames: [], featureTypes: [] }));
      const [answer] = askPython(script, [{ file, features: 4, names: [], types: [], rows: rows.flat() }]) as [{ prediction: number[]; attributes: Record<string, string> }];
      const found = predict(booster, data);
      const largest = Math.max(...answer.prediction.map((value, row) => Math.abs(value - found[row]!)));
      expect(largest).toBeLessThanOrEqual(1e-6);
      expect(answer.attributes).toEqual(booster.attributes);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
