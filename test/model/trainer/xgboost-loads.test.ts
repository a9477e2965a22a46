import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { toOnnx } from '../../../model/onnx/convert.ts';
import { OnnxModel } from '../../../model/onnx/session.ts';
import { train } from '../../../model/trainer/train.ts';
import { predict } from '../../../model/xgboost/predict.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { writeUbjson } from '../../../model/xgboost/write.ts';
import { askPython, describeWithOracle } from '../../support/oracle.ts';
import { largestDifference } from '../xgboost/fixtures.ts';
import { objectiveCases, parameters, rowsFor } from './data.ts';

const script = path.join(import.meta.dirname, '../../../scripts/fixtures/predict_with_xgboost.py');

describeWithOracle('xgboost', 'a model of the trainer in XGBoost itself', () => {
  it.each(objectiveCases)('predicts the same, also for missing values and on thresholds, and so does ONNX: $objective', async ({ given, label }) => {
    const data = rowsFor(label, 4000, 50);
    const booster = await train({ train: data, validation: rowsFor(label, 2000, 51), parameters: parameters({ ...given, num_round: '60', early_stopping_rounds: '10' }) });
    // Thresholds are values of the training data, so that many of these rows stand on one.
    const values = Float32Array.from({ length: data.rows * 4 }, (_, cell) => data.columns[cell % 4]![Math.floor(cell / 4)]!);
    const folder = mkdtempSync(path.join(tmpdir(), 'slipway-trained-'));
    try {
      const file = path.join(folder, 'xgboost-model.ubj');
      const written = { ...booster, featureNames: [], featureTypes: [] };
      writeFileSync(file, writeUbjson(written));
      const rows = Array.from(values, (value) => (Number.isNaN(value) ? null : value));
      const [answer] = askPython(script, [{ file, features: 4, names: [], types: [], rows }]) as [{ prediction: number[]; attributes: Record<string, string> }];
      expect(largestDifference(predict(booster, data), answer.prediction)).toBeLessThanOrEqual(1e-6);
      expect(answer.attributes).toEqual(booster.attributes);
      expect(readBooster(writeUbjson(written))).toEqual({ ...written, baseScore: Math.fround(written.baseScore) });
      const model = await OnnxModel.load(toOnnx(written));
      const { values: all } = await model.runAll({ features: values }, data.rows);
      await model.close();
      const found = booster.objective === 'binary:logistic' ? all.filter((_, index) => index % 2 === 1) : all;
      expect(largestDifference(found, answer.prediction)).toBeLessThanOrEqual(1e-5);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
