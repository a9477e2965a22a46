import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, evaluationJson, metricValues } from '../../../model/evaluation/evaluate.ts';
import { metricsOf } from '../../../model/spec/gate.ts';
import { classified } from './data.ts';

const classes = ['Adelie', 'Chinstrap', 'Gentoo'];
const task = 'multiclass' as const;

describe('evaluate of several classes', () => {
  it('gives what the definitions give', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 2, max: 5 }), (seed, rows, size) => {
        const input = classified(rows, Array.from({ length: size }, (_, index) => `c${String(index)}`), seed);
        const evaluation = evaluate({ task, ...input, bootstraps: 2 });
        const of = (row: number): number[] => [...input.predictions.subarray(row * size, (row + 1) * size)];
        const called = Array.from(input.labels, (_, row) => of(row).indexOf(Math.max(...of(row))));
        expect(evaluation.metrics.accuracy.value).toBeCloseTo(called.filter((said, row) => said === input.labels[row]).length / rows, 12);
        const loss = Array.from(input.labels, (label, row) => -Math.log(of(row)[label]!)).reduce((sum, value) => sum + value, 0) / rows;
        expect(evaluation.metrics.log_loss.value).toBeCloseTo(loss, 5);
        evaluation.confusion.forEach((line, truth) => {
          line.forEach((count, said) => {
            expect(count).toBe(called.filter((entry, row) => entry === said && input.labels[row] === truth).length);
          });
        });
        expect(evaluation.classes.reduce((sum, entry) => sum + entry.rows, 0)).toBe(rows);
        expect(evaluation.weighted.weighted_recall.value).toBeCloseTo(evaluation.metrics.accuracy.value, 12);
        expect(evaluation.distribution.reduce((sum, bin) => sum + bin.positives + bin.negatives, 0)).toBe(rows);
      }),
    );
  });

  it('has a value for each metric that a gate can stand on', () => {
    expect(Object.keys(metricValues(evaluate({ task, ...classified(50, classes, 1) })))).toEqual(metricsOf('multiclass'));
  });

  it('gives deviations that other samples of the same kind show', () => {
    const samples = Array.from({ length: 80 }, (_, seed) => metricValues(evaluate({ task, ...classified(3000, classes, seed + 10), bootstraps: 2 })));
    const { metrics } = evaluate({ task, ...classified(3000, classes, 5), bootstraps: 300 });
    for (const metric of ['accuracy', 'macro_precision', 'macro_recall', 'macro_f1', 'log_loss'] as const) {
      const mean = samples.reduce((sum, sample) => sum + sample[metric], 0) / samples.length;
      const deviation = Math.sqrt(samples.reduce((sum, sample) => sum + (sample[metric] - mean) ** 2, 0) / (samples.length - 1));
      expect(metrics[metric].standardDeviation / deviation, metric).toBeGreaterThan(0.75);
      expect(metrics[metric].standardDeviation / deviation, metric).toBeLessThan(1.35);
    }
  });

  it('is the same for a seed', () => {
    const rows = classified(2500, classes, 6);
    expect(evaluate({ task, ...rows, seed: 1 })).toEqual(evaluate({ task, ...rows, seed: 1 }));
    expect(evaluate({ task, ...rows, seed: 1 }).metrics.accuracy).not.toEqual(evaluate({ task, ...rows, seed: 2 }).metrics.accuracy);
  });

  it('leaves classes without rows at no rows, and measures the others', () => {
    const evaluation = evaluate({ task, classes, labels: Float32Array.of(0, 0, 1), predictions: Float32Array.of(0.8, 0.1, 0.1, 0.7, 0.2, 0.1, 0.3, 0.6, 0.1) });
    expect(evaluation.classes[2]).toEqual({ name: 'Gentoo', rows: 0, called: 0, precision: 0, recall: 0, f1: 0 });
    expect(evaluation.metrics.macro_f1).toEqual({ value: 1, standardDeviation: 0 });
  });

  it('evaluates a single row, and rows of one class', () => {
    const one = evaluate({ task, classes, labels: Float32Array.of(1), predictions: Float32Array.of(0.2, 0.5, 0.3) });
    expect(one.metrics.accuracy).toEqual({ value: 1, standardDeviation: 0 });
    expect(one.metrics.log_loss.value).toBeCloseTo(Math.log(2), 6);
  });

  it('names what it cannot evaluate', () => {
    const predictions = Float32Array.of(0.2, 0.5, 0.3);
    const labels = Float32Array.of(1);
    expect(() => evaluate({ task, labels, predictions })).toThrow('Found no names of classes');
    expect(() => evaluate({ task, labels, predictions, classes: ['one'] })).toThrow('Found 1 classes, expected at least two');
    expect(() => evaluate({ task, labels, predictions, classes: ['a', 'b'] })).toThrow('Found 1 labels for 3 probabilities, expected 2 a row');
    expect(() => evaluate({ task, labels: Float32Array.of(3), predictions, classes })).toThrow('The label of row 0 is 3, expected the index of one of 3 classes');
    expect(() => evaluate({ task, labels: Float32Array.of(Number.NaN), predictions, classes })).toThrow('The label of row 0 is NaN');
    expect(() => evaluate({ task, labels, predictions: Float32Array.of(0.2, Number.NaN, 0.3), classes })).toThrow('The probability of "Chinstrap" in row 0 is NaN');
    expect(() => evaluate({ task, labels, predictions: Float32Array.of(0.2, 0.2, 0.2), classes })).toThrow('The probabilities of row 0 sum up to 0.6');
    expect(() => evaluate({ task, labels: Float32Array.of(), predictions: Float32Array.of(), classes })).toThrow('Found no row');
  });
});

describe('evaluationJson of several classes', () => {
  it("has the shape of SageMaker's model quality files, with classes by name", () => {
    const evaluation = evaluate({ task, ...classified(400, ['__proto__', '10', 'a b'], 8) });
    const { multiclass_classification_metrics: metrics } = evaluationJson(evaluation);
    expect(metrics.accuracy).toEqual({ value: evaluation.metrics.accuracy.value, standard_deviation: evaluation.metrics.accuracy.standardDeviation });
    expect(Object.keys(metrics)).toEqual([...metricsOf('multiclass'), 'weighted_precision', 'weighted_recall', 'weighted_f1', 'confusion_matrix']);
    const copy = JSON.parse(JSON.stringify(metrics.confusion_matrix)) as Record<string, Record<string, number>>;
    evaluation.classes.forEach((truth, line) => {
      evaluation.classes.forEach((said, column) => {
        expect(Object.getOwnPropertyDescriptor(Object.getOwnPropertyDescriptor(copy, truth.name)!.value, said.name)!.value).toBe(evaluation.confusion[line]![column]);
      });
    });
  });
});
