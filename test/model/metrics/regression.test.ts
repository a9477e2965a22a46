import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addErrors, noErrors, regressionValues, rowErrors } from '../../../model/metrics/regression.ts';
import { histogram, quantile, scatter } from '../../../model/metrics/spread.ts';

const value = fc.double({ min: -1000, max: 1000, noNaN: true });
const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 80 });

describe('regressionValues', () => {
  it('are what the definitions give, from wherever labels are measured', () => {
    fc.assert(
      fc.property(pairs, fc.double({ min: -100, max: 100, noNaN: true }), (rows, center) => {
        const sums = noErrors();
        for (const [label, prediction] of rows) addErrors(sums, rowErrors(label, prediction, center));
        const values = regressionValues(sums);
        const mean = rows.reduce((sum, [label]) => sum + label, 0) / rows.length;
        const squared = rows.reduce((sum, [label, prediction]) => sum + (label - prediction) ** 2, 0);
        const around = rows.reduce((sum, [label]) => sum + (label - mean) ** 2, 0);
        expect(values.mse).toBeCloseTo(squared / rows.length, 6);
        expect(values.rmse).toBeCloseTo(Math.sqrt(squared / rows.length), 8);
        expect(values.mae).toBeCloseTo(rows.reduce((sum, [label, prediction]) => sum + Math.abs(label - prediction), 0) / rows.length, 8);
        if (around > 1) expect(Math.abs(values.r2 - (1 - squared / around))).toBeLessThan(1e-6 * (1 + squared / around));
      }),
    );
  });

  it('know no R² of equal labels', () => {
    const sums = noErrors();
    for (const prediction of [0.1, 0.2, 0.4]) addErrors(sums, rowErrors(0.1, prediction, 0.3));
    expect(regressionValues(sums).r2).toBeNaN();
    expect(regressionValues(sums).mae).toBeCloseTo(0.4 / 3, 12);
  });

  it('count a row as often as it is added', () => {
    const twice = noErrors();
    addErrors(twice, rowErrors(3, 1, 0), 2);
    const both = noErrors();
    addErrors(both, rowErrors(3, 1, 0));
    addErrors(both, rowErrors(3, 1, 0));
    expect(twice).toEqual(both);
  });
});

describe('quantile', () => {
  it('is the smallest value that the share does not exceed', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 100 }), (values, hundredths) => {
        const sorted = Float64Array.from(values).sort();
        const within = (limit: number): number => values.filter((entry) => entry <= limit).length;
        const found = quantile(sorted, hundredths / 100);
        const enough = (limit: number): boolean => within(limit) * 100 >= hundredths * values.length;
        expect(found).toBe(sorted.find(enough));
      }),
    );
  });

  it('is no higher for a rounding error of the share', () => {
    expect(quantile(Float64Array.from({ length: 30 }, (_, index) => index + 1), 0.1)).toBe(3);
  });
});

describe('histogram and scatter', () => {
  it('lose no row', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const bins = histogram(Float64Array.from(rows, ([label]) => label), -300, 200, 7);
        expect(bins.counts.reduce((sum, count) => sum + count, 0) + bins.below + bins.above).toBe(rows.length);
        expect(bins.below).toBe(rows.filter(([label]) => label < -300).length);
        const cells = scatter(rows.map(([label]) => label), rows.map(([, prediction]) => prediction), -300, 200, 6);
        expect(cells.reduce((sum, cell) => sum + cell.rows, 0)).toBe(rows.length);
        expect(cells.reduce((sum, cell) => sum + cell.rows * cell.actual, 0)).toBeCloseTo(rows.reduce((sum, [label]) => sum + label, 0), 6);
        expect(cells.length).toBeLessThanOrEqual(36);
      }),
    );
  });

  it('put bounds where they belong', () => {
    expect(histogram(Float64Array.of(-1, -0.5, 0, 1, 1.01), -1, 1, 2)).toEqual({ lower: -1, upper: 1, counts: [2, 2], below: 0, above: 1 });
    expect(scatter([0, 10], [0, 10], 0, 10, 2)).toEqual([{ rows: 1, actual: 0, predicted: 0 }, { rows: 1, actual: 10, predicted: 10 }]);
  });
});
