import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toOnnx } from '../../../model/onnx/convert.ts';
import { OnnxModel } from '../../../model/onnx/session.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { askPython, describeWithOracle } from '../../support/oracle.ts';
import { largestDifference } from './fixtures.ts';

const script = path.join(import.meta.dirname, '../../../scripts/fixtures/train_with_xgboost.py');

const objective = fc.constantFrom(
  { objective: 'binary:logistic', base_score: 0.5 }, { objective: 'binary:logistic', base_score: 0.2 }, { objective: 'reg:squarederror', base_score: 3.5 },
  { objective: 'count:poisson', base_score: 1.2 }, { objective: 'multi:softprob', num_class: 3, base_score: 0.5 },
);
const booster = fc.constantFrom({ booster: 'gbtree' }, { booster: 'gbtree', tree_method: 'exact' }, { booster: 'dart', rate_drop: 0.5, one_drop: 1 }, { booster: 'dart', rate_drop: 0.3, normalize_type: 'forest' });

/** What a model is trained with, and on what. */
const cases = fc.record({
  seed: fc.nat(1e6),
  rows: fc.integer({ min: 40, max: 400 }),
  columns: fc.integer({ min: 1, max: 6 }),
  missing: fc.constantFrom(0, 0.1, 0.5),
  integers: fc.boolean(),
  rounds: fc.integer({ min: 1, max: 8 }),
  parameters: fc
    .record({ of: objective, by: booster, max_depth: fc.integer({ min: 1, max: 7 }), eta: fc.constantFrom(0.1, 0.3, 1), gamma: fc.constantFrom(0, 2), seed: fc.nat(100) })
    .map(({ of, by, ...more }) => ({ ...of, ...by, ...more })),
});

interface Answer {
  readonly model: string;
  readonly json: string;
  readonly rows: readonly (number | null)[];
  readonly prediction: readonly number[];
}

describeWithOracle('xgboost', 'models that XGBoost trains', () => {
  it('predict the same as ONNX, from UBJSON and from JSON, on every row', async () => {
    const batches = fc.array(cases, { minLength: 30, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        const answers = askPython(script, batch) as Answer[];
        for (const [index, { model: ubjson, json, rows, prediction }] of answers.entries()) {
          const read = readBooster(Buffer.from(ubjson, 'base64'));
          expect(readBooster(Buffer.from(json))).toEqual(read);
          const model = await OnnxModel.load(toOnnx(read));
          const { values } = await model.runAll({ features: Float32Array.from(rows, (value) => value ?? Number.NaN) }, batch[index]!.rows);
          await model.close();
          const found = read.objective === 'binary:logistic' ? values.filter((_, at) => at % 2 === 1) : values;
          expect(largestDifference(found, prediction), JSON.stringify(batch[index])).toBeLessThanOrEqual(1e-5);
        }
      }),
      { numRuns: 1, endOnFailure: true },
    );
  });
});
