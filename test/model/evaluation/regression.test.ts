import { describe, expect, it } from 'vitest';
import { evaluate, evaluationJson, metricValues } from '../../../model/evaluation/evaluate.ts';
import { metricsOf } from '../../../model/spec/gate.ts';
import { measuredValues } from './data.ts';

const task = 'regression' as const;

describe('evaluate of a regression', () => {
  it('gives what the definitions give, and loses no row', () => {
    const rows = measuredValues(4000, 1);
    const evaluation = evaluate({ task, ...rows, bootstraps: 2 });
    const errors = Array.from(rows.labels, (label, row) => label - rows.predictions[row]!);
    expect(evaluation.metrics.mae.value).toBeCloseTo(errors.reduce((sum, error) => sum + Math.abs(error), 0) / 4000, 10);
    expect(evaluation.bias).toBeCloseTo(errors.reduce((sum, error) => sum + error, 0) / 4000, 10);
    expect(evaluation.metrics.rmse.value ** 2).toBeCloseTo(evaluation.metrics.mse.value, 10);
    const { counts, below, above, upper } = evaluation.residuals;
    expect(counts.reduce((sum, count) => sum + count, 0) + below + above).toBe(4000);
    expect(below + above).toBe(40);
    expect(evaluation.errorQuantiles.find(({ share }) => share === 0.99)!.value).toBe(upper);
    expect(evaluation.errorQuantiles.at(-1)!.value).toBe(Math.max(...errors.map(Math.abs)));
    expect(evaluation.scatter.cells.reduce((sum, cell) => sum + cell.rows, 0)).toBe(4000);
    expect(evaluation.calibration.map((band) => band.rows)).toEqual(new Array(10).fill(400));
    for (const band of evaluation.calibration) {
      expect(Math.abs(band.actual - band.predicted)).toBeLessThan(1);
      expect(band.low).toBeLessThan(band.actual);
      expect(band.high).toBeGreaterThan(band.actual);
    }
  });

  it('has a value for each metric that a gate can stand on', () => {
    expect(Object.keys(metricValues(evaluate({ task, ...measuredValues(50, 1) })))).toEqual(metricsOf('regression'));
  });

  it.each([500, 5000])('gives deviations that other samples of %i rows show', (size) => {
    const samples = Array.from({ length: 150 }, (_, seed) => metricValues(evaluate({ task, ...measuredValues(size, seed + 10), bootstraps: 2 })));
    const { metrics } = evaluate({ task, ...measuredValues(size, 5), bootstraps: 300 });
    for (const metric of ['rmse', 'mae', 'mse', 'r2'] as const) {
      const mean = samples.reduce((sum, sample) => sum + sample[metric], 0) / samples.length;
      const deviation = Math.sqrt(samples.reduce((sum, sample) => sum + (sample[metric] - mean) ** 2, 0) / (samples.length - 1));
      expect(metrics[metric].standardDeviation / deviation, metric).toBeGreaterThan(0.75);
      expect(metrics[metric].standardDeviation / deviation, metric).toBeLessThan(1.35);
    }
  });

  it('is the same for a seed', () => {
    const rows = measuredValues(2500, 6);
    expect(evaluate({ task, ...rows, seed: 1 })).toEqual(evaluate({ task, ...rows, seed: 1 }));
    expect(evaluate({ task, ...rows, seed: 1 }).metrics.mae).not.toEqual(evaluate({ task, ...rows, seed: 2 }).metrics.mae);
  });

  it('knows no R² where all labels are the same, but the errors', () => {
    const { metrics } = evaluate({ task, labels: new Float32Array(20).fill(0.1), predictions: Float32Array.from({ length: 20 }, (_, row) => row / 10) });
    expect(metrics.r2.value).toBeNaN();
    expect(metrics.r2.standardDeviation).toBeNaN();
    expect(metrics.mae.value).toBeGreaterThan(0.5);
  });

  it('evaluates a perfect model, and a single row', () => {
    const perfect = evaluate({ task, labels: Float32Array.of(1, 2, 3), predictions: Float32Array.of(1, 2, 3) });
    expect(metricValues(perfect)).toEqual({ rmse: 0, mae: 0, mse: 0, r2: 1 });
    expect(perfect.residuals.counts.reduce((sum, count) => sum + count, 0)).toBe(3);
    const one = evaluate({ task, labels: Float32Array.of(1), predictions: Float32Array.of(3) });
    expect(one.metrics.mae).toEqual({ value: 2, standardDeviation: 0 });
    expect(one.calibration).toEqual([{ rows: 1, predicted: 3, actual: 1, low: 1, high: 1 }]);
  });

  it('keeps one wild row from pressing all others into a corner', () => {
    const rows = measuredValues(5000, 9);
    rows.labels[17] = 1e6;
    const evaluation = evaluate({ task, ...rows, bootstraps: 2 });
    expect(evaluation.scatter.upper).toBeLessThan(100);
    expect(evaluation.residuals.upper).toBeLessThan(100);
    expect(evaluation.errorQuantiles.at(-1)!.value).toBeGreaterThan(9e5);
  });

  it('names what it cannot evaluate', () => {
    expect(() => evaluate({ task, labels: Float32Array.of(1), predictions: Float32Array.of() })).toThrow('Found 1 labels for 0 predictions, expected as many');
    expect(() => evaluate({ task, labels: Float32Array.of(), predictions: Float32Array.of() })).toThrow('Found no row');
    expect(() => evaluate({ task, labels: Float32Array.of(1), predictions: Float32Array.of(Number.NaN) })).toThrow('The prediction of row 0 is NaN, expected a finite number');
    expect(() => evaluate({ task, labels: Float32Array.of(Infinity), predictions: Float32Array.of(1) })).toThrow('The label of row 0 is Infinity');
  });
});

describe('evaluationJson of a regression', () => {
  it("has the shape of SageMaker's model quality files", () => {
    const evaluation = evaluate({ task, ...measuredValues(400, 8) });
    const json = evaluationJson(evaluation);
    expect(Object.keys(json.regression_metrics)).toEqual(['mae', 'mse', 'rmse', 'r2']);
    expect(json.regression_metrics.mae).toEqual({ value: evaluation.metrics.mae.value, standard_deviation: evaluation.metrics.mae.standardDeviation });
  });

  it('writes "NaN" for an R² that cannot be computed', () => {
    const json = evaluationJson(evaluate({ task, labels: Float32Array.of(1, 1), predictions: Float32Array.of(1, 2) }));
    expect(json.regression_metrics.r2).toEqual({ value: 'NaN', standard_deviation: 'NaN' });
  });
});

describe('evaluate of two classes', () => {
  it('takes one probability a row, or both', () => {
    const labels = Uint8Array.of(0, 1, 1);
    const one = evaluate({ task: 'binary', labels, predictions: Float32Array.of(0.25, 0.75, 0.5) });
    expect(evaluate({ task: 'binary', labels, predictions: Float32Array.of(0.75, 0.25, 0.25, 0.75, 0.5, 0.5) })).toEqual(one);
    expect(Object.keys(metricValues(one))).toEqual(metricsOf('binary'));
    expect(() => evaluate({ task: 'binary', labels, predictions: new Float32Array(9) })).toThrow('Found 3 labels for 9 probabilities');
  });
});
