import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classCounts, classMetrics, likeliestClasses, macroMean, weightedMean } from '../../../model/metrics/classes.ts';

/** True and called classes of up to 60 rows. */
const rows = fc.integer({ min: 2, max: 5 }).chain((classes) =>
  fc.record({ classes: fc.constant(classes), pairs: fc.array(fc.tuple(fc.nat(classes - 1), fc.nat(classes - 1)), { minLength: 1, maxLength: 60 }) }),
);

describe('figures of classes', () => {
  it('are what counting rows one by one gives', () => {
    fc.assert(
      fc.property(rows, ({ classes, pairs }) => {
        const counts = classCounts(pairs.map(([truth]) => truth), pairs.map(([, said]) => said), classes);
        const metrics = classMetrics(counts, classes);
        metrics.forEach((entry, index) => {
          const count = (keep: (truth: boolean, said: boolean) => boolean): number => pairs.filter(([truth, said]) => keep(truth === index, said === index)).length;
          const right = count((truth, said) => truth && said);
          expect(entry.rows).toBe(count((truth) => truth));
          expect(entry.called).toBe(count((_, said) => said));
          expect(entry.precision).toBeCloseTo(entry.called === 0 ? 0 : right / entry.called, 12);
          expect(entry.recall).toBeCloseTo(entry.rows === 0 ? 0 : right / entry.rows, 12);
          expect(entry.f1).toBeCloseTo(right === 0 ? 0 : (2 * entry.precision * entry.recall) / (entry.precision + entry.recall), 12);
        });
        const present = metrics.filter((entry) => entry.rows + entry.called > 0);
        for (const metric of ['precision', 'recall', 'f1'] as const) {
          expect(macroMean(metrics, metric)).toBeCloseTo(present.reduce((sum, entry) => sum + entry[metric], 0) / present.length, 12);
          expect(weightedMean(metrics, metric)).toBeCloseTo(pairs.reduce((sum, [truth]) => sum + metrics[truth]![metric], 0) / pairs.length, 12);
        }
        expect(weightedMean(metrics, 'recall')).toBeCloseTo(pairs.filter(([truth, said]) => truth === said).length / pairs.length, 12);
      }),
    );
  });

  it('leave a class that neither is nor is called out of the plain mean', () => {
    const metrics = classMetrics(classCounts([0, 1], [0, 1], 3), 3);
    expect(macroMean(metrics, 'recall')).toBe(1);
    const called = classMetrics(classCounts([0, 1], [0, 2], 3), 3);
    expect(macroMean(called, 'recall')).toBeCloseTo(1 / 3, 12);
  });
});

describe('likeliestClasses', () => {
  it('takes the first of equal probabilities', () => {
    expect([...likeliestClasses(Float32Array.of(0.2, 0.4, 0.4, 0.1, 0.1, 0.8, 0.5, 0.5, 0), 3)]).toEqual([1, 2, 0]);
  });
});
