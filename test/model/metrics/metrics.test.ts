import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auc } from '../../../model/metrics/auc.ts';
import { calibrationError, probabilityBins } from '../../../model/metrics/calibration.ts';
import { confusionMatrix, thresholdMetrics } from '../../../model/metrics/confusion.ts';
import { averagePrecision, precisionRecallCurve, rocCurve } from '../../../model/metrics/curves.ts';
import { scoreGroups } from '../../../model/metrics/groups.ts';
import { logLoss } from '../../../model/metrics/log-loss.ts';
import { ascendingOrder } from '../../../model/metrics/order.ts';

/** Labels of both classes, and probabilities with many ties. */
const scored = fc
  .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.oneof(fc.integer({ min: 0, max: 10 }).map((n) => n / 10), fc.double({ min: 0, max: 1, noNaN: true })) }), { minLength: 2, maxLength: 120 })
  .filter((rows) => rows.some((row) => row.label === 1) && rows.some((row) => row.label === 0))
  .map((rows) => ({ labels: Uint8Array.from(rows, (row) => row.label), scores: Float32Array.from(rows, (row) => row.score) }));

describe('ascendingOrder', () => {
  it('sorts as a stable comparison sort does', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true }), { maxLength: 200 }), (values) => {
        const scores = Float32Array.from(values);
        const expected = [...scores.keys()].sort((a, b) => (scores[a]! < scores[b]! ? -1 : scores[a]! > scores[b]! ? 1 : a - b));
        expect([...ascendingOrder(scores)]).toEqual(expected);
        expect([...ascendingOrder(Float64Array.from(scores))]).toEqual(expected);
      }),
    );
  });

  it('refuses what cannot be ranked', () => {
    expect(() => ascendingOrder(Float32Array.of(0.5, Number.NaN))).toThrow('Score 1 is NaN');
  });
});

describe('auc', () => {
  it('is the share of pairs in the right order, a tie counting half', () => {
    fc.assert(
      fc.property(scored, ({ labels, scores }) => {
        let right = 0;
        let pairs = 0;
        labels.forEach((a, i) => {
          labels.forEach((b, j) => {
            if (a !== 1 || b !== 0) return;
            pairs += 1;
            right += scores[i]! > scores[j]! ? 1 : scores[i]! === scores[j]! ? 0.5 : 0;
          });
        });
        expect(auc(labels, scores)).toBeCloseTo(right / pairs, 12);
      }),
    );
  });

  it('does not change under a monotone map, and turns around with the labels', () => {
    fc.assert(
      fc.property(scored, ({ labels, scores }) => {
        const value = auc(labels, scores);
        const distinct = [...new Set(scores)].sort((a, b) => a - b);
        expect(auc(labels, Float64Array.from(scores, (score) => distinct.indexOf(score) ** 3 - 7))).toBeCloseTo(value, 12);
        expect(auc(labels.map((label) => 1 - label), scores)).toBeCloseTo(1 - value, 12);
        expect(auc(labels, scores.map((score) => -score))).toBeCloseTo(1 - value, 12);
      }),
    );
  });

  it('is not a number where a class is missing', () => {
    expect(auc([1, 1], Float32Array.of(0.1, 0.2))).toBeNaN();
  });
});

describe('curves', () => {
  it('have the areas that they stand for, rise, and end in the corner', () => {
    fc.assert(
      fc.property(scored, ({ labels, scores }) => {
        const groups = scoreGroups(labels, scores, Infinity, 0.5);
        const roc = rocCurve(groups);
        expect(area(roc.falsePositiveRates, roc.truePositiveRates)).toBeCloseTo(auc(labels, scores), 10);
        expect([roc.falsePositiveRates[0], roc.truePositiveRates[0], roc.falsePositiveRates.at(-1), roc.truePositiveRates.at(-1)]).toEqual([0, 0, 1, 1]);
        const { recalls, precisions } = precisionRecallCurve(groups);
        expect([recalls[0], precisions[0], recalls.at(-1)]).toEqual([0, 1, 1]);
        expect(precisions.at(-1)).toBeCloseTo(labels.reduce((sum, label) => sum + label, 0) / labels.length, 12);
        for (const rates of [roc.falsePositiveRates, roc.truePositiveRates, recalls]) expect(rates.every((rate, i) => i === 0 || rate >= rates[i - 1]!)).toBe(true);
        const steps = recalls.reduce((sum, recall, i) => (i === 0 ? 0 : sum + (recall - recalls[i - 1]!) * precisions[i]!), 0);
        expect(averagePrecision(groups)).toBeCloseTo(steps, 10);
      }),
    );
  });

  it('keep at most 200 points of many, without moving the area visibly', () => {
    const rows = 50_000;
    const scores = Float32Array.from({ length: rows }, (_, row) => ((row * 7919) % 50_021) / 50_021);
    const labels = Uint8Array.from(scores, (score, row) => (((row * 104_729) % 1009) / 1009 < score ** 2 ? 1 : 0));
    const groups = scoreGroups(labels, scores, Infinity, 0.5);
    const roc = rocCurve(groups);
    expect(roc.falsePositiveRates.length).toBeLessThanOrEqual(200);
    expect(roc.falsePositiveRates.length).toBeGreaterThan(100);
    expect(area(roc.falsePositiveRates, roc.truePositiveRates)).toBeCloseTo(auc(labels, scores), 3);
    const pr = precisionRecallCurve(groups);
    expect(pr.recalls.length).toBeLessThanOrEqual(200);
    expect(Math.abs(area(pr.recalls, pr.precisions) - averagePrecision(groups))).toBeLessThan(0.005);
  });
});

describe('metrics at a threshold', () => {
  it('count each row once', () => {
    fc.assert(
      fc.property(scored, fc.double({ min: 0, max: 1, noNaN: true }), ({ labels, scores }, threshold) => {
        const matrix = confusionMatrix(labels, scores, threshold);
        const { trueNegatives, falsePositives, falseNegatives, truePositives } = matrix;
        expect(trueNegatives + falsePositives + falseNegatives + truePositives).toBe(labels.length);
        const { accuracy, precision, recall, f1 } = thresholdMetrics(matrix);
        expect(accuracy).toBeCloseTo(labels.filter((label, row) => (scores[row]! > threshold) === (label === 1)).length / labels.length, 12);
        expect(f1).toBeCloseTo(precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall), 12);
      }),
    );
  });

  it('call a row positive above the threshold, not at it', () => {
    expect(confusionMatrix([1, 1, 0], [0.5, 0.51, 0.5])).toEqual({ trueNegatives: 1, falsePositives: 0, falseNegatives: 1, truePositives: 1 });
  });

  it('have no precision without a positive call', () => {
    expect(thresholdMetrics({ trueNegatives: 3, falsePositives: 0, falseNegatives: 1, truePositives: 0 })).toEqual({ accuracy: 0.75, precision: 0, recall: 0, f1: 0 });
  });
});

describe('log loss', () => {
  it('is the mean of -log of the probability of what happened', () => {
    expect(logLoss([1, 0], [0.8, 0.4])).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 12);
    expect(logLoss([1], [0])).toBeCloseTo(-Math.log(1e-16), 6);
  });
});

describe('probability bins', () => {
  it('hold every row, the probability 1 in the last', () => {
    const bins = probabilityBins([1, 0, 1, 0], [1, 0.95, 0.05, 0], 10);
    expect(bins.map((bin) => [bin.positives, bin.negatives])).toEqual([[1, 1], ...Array.from({ length: 8 }, () => [0, 0]), [1, 1]]);
    expect(bins[9]!.meanPredicted).toBeCloseTo(0.975, 12);
    expect(calibrationError(bins)).toBeCloseTo((Math.abs(0.025 - 0.5) + Math.abs(0.975 - 0.5)) / 2, 12);
  });
});

function area(xs: readonly number[], ys: readonly number[]): number {
  return xs.reduce((sum, x, i) => (i === 0 ? 0 : sum + ((x - xs[i - 1]!) * (ys[i]! + ys[i - 1]!)) / 2), 0);
}
