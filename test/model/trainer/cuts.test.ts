import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binColumn, binOf, cutsOf } from '../../../model/trainer/cuts.ts';

const column = fc.oneof(
  fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 200 }),
  fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 200 }),
).map((values) => Float32Array.from(values));

describe('cut points', () => {
  it('send a value left of a bin exactly when it is less than the threshold', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 2, max: 64 }), (values, maxBin) => {
        const cuts = cutsOf(values, maxBin, false);
        expect(cuts.thresholds.length).toBeLessThanOrEqual(maxBin);
        for (const value of values) {
          const bin = binOf(cuts, value);
          cuts.thresholds.forEach((threshold, index) => {
            if (index < cuts.thresholds.length - 1) expect(bin <= index).toBe(value < threshold);
          });
        }
      }),
    );
  });

  it('give each of few values its own bin', () => {
    fc.assert(
      fc.property(column, (values) => {
        const distinct = new Set(Array.from(values, (value) => value + 0));
        const cuts = cutsOf(values, 256, false);
        expect(new Set(Array.from(values, (value) => binOf(cuts, value))).size).toBe(distinct.size);
      }),
    );
  });

  it('part many values into bins of about equal size', () => {
    const values = Float32Array.from({ length: 100_000 }, (_, row) => ((row * 7919) % 100_003) ** 2);
    const cuts = cutsOf(values, 64, false);
    const counts = new Array<number>(64).fill(0);
    for (const value of values) counts[binOf(cuts, value)]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(1500);
    expect(Math.max(...counts)).toBeLessThan(1625);
  });

  it('bin a whole column as they bin each value', () => {
    fc.assert(
      fc.property(column, column, fc.integer({ min: 2, max: 64 }), (fitted, values, maxBin) => {
        const cuts = cutsOf(fitted, maxBin, true);
        const mixed = Float32Array.from([...values, ...fitted, Number.NaN, 0.5, -0, 1e30, -1e30]);
        const codes = new Uint8Array(mixed.length);
        binColumn(cuts, mixed, codes);
        expect([...codes]).toEqual(Array.from(mixed, (value) => binOf(cuts, value)));
      }),
    );
  });

  it('lay the code of a missing value behind the bins', () => {
    expect(binOf(cutsOf(Float32Array.of(1, Number.NaN, 3), 256, true), Number.NaN)).toBe(2);
    expect(binOf(cutsOf(Float32Array.of(Number.NaN), 256, true), Number.NaN)).toBe(1);
  });
});
