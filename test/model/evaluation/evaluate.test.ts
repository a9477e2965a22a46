import { describe, expect, it } from 'vitest';
import { evaluateBinary, metricValues } from '../../../model/evaluation/evaluate.ts';
import { evaluationJson } from '../../../model/evaluation/evaluation-json.ts';
import { featureImportance } from '../../../model/evaluation/importance.ts';
import { auc } from '../../../model/metrics/auc.ts';
import { confusionMatrix, thresholdMetrics } from '../../../model/metrics/confusion.ts';
import { logLoss } from '../../../model/metrics/log-loss.ts';
import { train } from '../../../model/trainer/train.ts';
import { noisyRows, numbers, parameters } from '../trainer/data.ts';

/** Rows whose class follows the probability exactly. */
function calibrated(rows: number, seed: number): { labels: Uint8Array; probabilities: Float32Array } {
  const random = numbers(seed);
  const probabilities = Float32Array.from({ length: rows }, () => random() ** 2);
  return { probabilities, labels: Uint8Array.from(probabilities, (probability) => (random() < probability ? 1 : 0)) };
}

describe('evaluateBinary', () => {
  it('gives exact values', () => {
    const { labels, probabilities } = calibrated(5000, 1);
    const evaluation = evaluateBinary({ labels, probabilities });
    const values = metricValues(evaluation);
    expect(values.auc).toBe(auc(labels, probabilities));
    expect(values.log_loss).toBeCloseTo(logLoss(labels, probabilities), 10);
    expect(values).toMatchObject(thresholdMetrics(confusionMatrix(labels, probabilities)));
    expect(evaluation.positives).toBe(labels.reduce((sum, label) => sum + label, 0));
    expect(evaluation.distribution.reduce((sum, bin) => sum + bin.positives + bin.negatives, 0)).toBe(5000);
  });

  it('gives deviations that other samples of the same kind show', () => {
    const samples = Array.from({ length: 60 }, (_, seed) => metricValues(evaluateBinary({ ...calibrated(2000, seed + 10), bootstraps: 2 })));
    const evaluation = evaluateBinary({ ...calibrated(2000, 5), bootstraps: 400 });
    for (const metric of ['auc', 'accuracy', 'precision', 'recall', 'f1', 'log_loss'] as const) {
      const mean = samples.reduce((sum, sample) => sum + sample[metric], 0) / samples.length;
      const deviation = Math.sqrt(samples.reduce((sum, sample) => sum + (sample[metric] - mean) ** 2, 0) / (samples.length - 1));
      expect(evaluation.metrics[metric].standardDeviation / deviation, metric).toBeGreaterThan(0.7);
      expect(evaluation.metrics[metric].standardDeviation / deviation, metric).toBeLessThan(1.4);
    }
  });

  it('is the same for a seed', () => {
    const rows = calibrated(3000, 6);
    expect(evaluateBinary({ ...rows, seed: 1 })).toEqual(evaluateBinary({ ...rows, seed: 1 }));
    expect(evaluateBinary({ ...rows, seed: 1 }).metrics.auc).not.toEqual(evaluateBinary({ ...rows, seed: 2 }).metrics.auc);
  });

  it('names what it cannot evaluate', () => {
    expect(() => evaluateBinary({ labels: Uint8Array.of(1), probabilities: Float32Array.of() })).toThrow('Found 1 labels for 0 probabilities');
    expect(() => evaluateBinary({ labels: Uint8Array.of(), probabilities: Float32Array.of() })).toThrow('no row');
    expect(() => evaluateBinary({ labels: Float32Array.of(0.5), probabilities: Float32Array.of(0.5) })).toThrow('The label of row 0 is 0.5');
    expect(() => evaluateBinary({ labels: Float32Array.of(1), probabilities: Float32Array.of(Number.NaN) })).toThrow('The probability of row 0 is NaN');
  });
});

describe('evaluationJson', () => {
  it("has the shape of SageMaker's model quality files", () => {
    const { labels, probabilities } = calibrated(4000, 8);
    const evaluation = evaluateBinary({ labels, probabilities });
    const { binary_classification_metrics: metrics } = evaluationJson(evaluation);
    expect(Object.keys(metrics)).toEqual([
      'accuracy', 'auc', 'precision', 'recall', 'f1', 'log_loss', 'confusion_matrix', 'receiver_operating_characteristic_curve', 'precision_recall_curve',
    ]);
    expect(metrics.auc).toEqual({ value: evaluation.metrics.auc.value, standard_deviation: evaluation.metrics.auc.standardDeviation });
    const { trueNegatives, falsePositives, falseNegatives, truePositives } = evaluation.confusion;
    expect(metrics.confusion_matrix).toEqual({ '0': { '0': trueNegatives, '1': falsePositives }, '1': { '0': falseNegatives, '1': truePositives } });
    expect(metrics.receiver_operating_characteristic_curve.false_positive_rates).toHaveLength(metrics.receiver_operating_characteristic_curve.true_positive_rates.length);
    expect(metrics.precision_recall_curve.recalls).toHaveLength(metrics.precision_recall_curve.precisions.length);
    expect(JSON.stringify(metrics)).not.toContain('null');
  });

  it('writes "NaN" for what a single class does not show', () => {
    const json = evaluationJson(evaluateBinary({ labels: Uint8Array.of(0, 0), probabilities: Float32Array.of(0.2, 0.6) }));
    expect(json.binary_classification_metrics.auc).toEqual({ value: 'NaN', standard_deviation: 'NaN' });
    expect(json.binary_classification_metrics.accuracy.value).toBe(0.5);
  });
});

describe('featureImportance', () => {
  it('gives shares of the gain, by the names asked for', async () => {
    const booster = await train({ train: noisyRows(3000, 30), parameters: parameters() });
    const shares = featureImportance(booster);
    expect(shares.map((entry) => entry.feature)).toEqual(['hour', 'distance', 'score', 'constant']);
    expect(shares.reduce((sum, entry) => sum + entry.share, 0)).toBeCloseTo(1, 6);
    expect(shares[0]!.share).toBeGreaterThan(0.3);
    expect(shares[3]!.share).toBeLessThan(0.05);
    expect(featureImportance(booster, ['a', 'b', 'c', 'd'])[1]!.feature).toBe('b');
  });
});
