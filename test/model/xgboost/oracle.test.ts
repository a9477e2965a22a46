import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FittedFeature } from '../../../model/features/fitted.ts';
import { adversarialRows } from '../../../model/onnx/adversarial.ts';
import { encodeRows } from '../../../model/onnx/feature-values.ts';
import type { Booster } from '../../../model/xgboost/booster.ts';
import { predict, predictMargin } from '../../../model/xgboost/predict.ts';
import { readBooster } from '../../../model/xgboost/read.ts';
import { writeJson, writeUbjson } from '../../../model/xgboost/write.ts';
import { askPython, describeWithOracle } from '../../support/oracle.ts';
import { boosters } from './arbitrary.ts';
import { fixture, fixtureNames, largestDifference } from './fixtures.ts';

const script = path.join(import.meta.dirname, '../../../scripts/fixtures/predict_with_xgboost.py');

interface Answer {
  readonly margin: number[];
  readonly prediction: number[];
  readonly attributes: Record<string, string>;
  readonly resaved: string;
}

describeWithOracle('xgboost', 'real XGBoost', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'slipway-xgboost-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Lets XGBoost load what our writer wrote, both formats of all boosters in one process, and compares. */
  function compare(models: readonly Booster[]): void {
    const cases = models.flatMap((booster, index) => {
      const matrix = matrixFor(booster);
      const common = { features: booster.numFeatures, names: booster.featureNames, types: booster.featureTypes, rows: rowsOf(matrix) };
      const file = (extension: string, content: Uint8Array | string) => {
        const name = path.join(folder, `${index}.${extension}`);
        writeFileSync(name, content);
        return { booster, matrix, question: { ...common, file: name } };
      };
      return [file('ubj', writeUbjson(booster)), file('json', writeJson(booster))];
    });
    const answers = askPython(script, cases.map(({ question }) => question)) as Answer[];
    answers.forEach((answer, index) => {
      const { booster, matrix, question } = cases[index]!;
      expect(largestDifference(predictMargin(booster, matrix), answer.margin), `margin of ${question.file}`).toBeLessThanOrEqual(1e-6);
      expect(largestDifference(predict(booster, matrix), answer.prediction), `prediction of ${question.file}`).toBeLessThanOrEqual(1e-6);
      expect(answer.attributes).toEqual(booster.attributes);
      // What XGBoost understood is what it saves again.
      expect({ ...readBooster(readFileSync(answer.resaved)), version: booster.version }).toEqual(booster);
    });
  }

  it('loads what our writer wrote of its own models, and predicts the same', () => {
    compare(fixtureNames.map((name) => readBooster(fixture(name).ubjson)));
  });

  it('loads what our writer wrote of any booster, and predicts the same', () => {
    const batches = fc.array(boosters, { minLength: 25, maxLength: 25 });
    fc.assert(fc.property(batches, compare), { numRuns: 2, endOnFailure: true });
  });
});

/** Rows on every threshold, one float32 beside it, and with values missing. */
function matrixFor(booster: Booster) {
  const features = Array.from({ length: booster.numFeatures }, (_, i): FittedFeature => {
    const name = booster.featureNames[i] ?? `f${i}`;
    return { name, column: name, transform: 'numeric' };
  });
  const matrix = encodeRows(features, adversarialRows(booster, features));
  return booster.featureNames.length === 0 ? { ...matrix, names: [] } : matrix;
}

/** Row after row, as JSON takes it: null is missing. */
function rowsOf(matrix: ReturnType<typeof matrixFor>): (number | null)[] {
  const values = Array.from({ length: matrix.rows }, (_, row) => matrix.columns.map((column) => column[row]!));
  return values.flat().map((value) => (Number.isNaN(value) ? null : value));
}
