import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FittedFeature } from '../../../model/features/fitted.ts';
import { toOnnx } from '../../../model/onnx/convert.ts';
import { checkParity } from '../../../model/onnx/parity.ts';
import { OnnxModel } from '../../../model/onnx/session.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { writeJson, writeUbjson } from '../../../model/xgboost/write.ts';
import { boosters, latestBoosters } from './arbitrary.ts';

const any = fc.oneof(boosters, latestBoosters);

it('any booster reads back from UBJSON and from JSON as it was', () => {
  fc.assert(
    fc.property(any, (booster) => {
      expect(readBooster(writeUbjson(booster))).toEqual(booster);
      expect(readBooster(new TextEncoder().encode(writeJson(booster)))).toEqual(booster);
    }),
  );
});

it('any booster predicts the same on ONNX Runtime', async () => {
  await fc.assert(
    fc.asyncProperty(any, async (booster) => {
      const features = Array.from({ length: booster.numFeatures }, (_, i): FittedFeature => {
        const name = booster.featureNames[i] ?? `f${i}`;
        return { name, column: name, transform: 'numeric' };
      });
      const model = await OnnxModel.load(toOnnx(booster, features));
      const { maxDifference } = await checkParity(booster, features, model, { rows: 0, inputs: {} }).finally(() => model.close());
      expect(maxDifference).toBeLessThanOrEqual(1e-5);
    }),
  );
});
