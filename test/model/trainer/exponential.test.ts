import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exponential } from '../../../model/trainer/exponential.ts';

it('is e^x for numbers up to 0, to 1e-11 of itself', () => {
  fc.assert(
    fc.property(fc.double({ min: -699, max: 0, noNaN: true }), (x) => {
      expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-11);
    }),
    { numRuns: 5000 },
  );
});

it('is 0 where nothing is left, and 1 at 0', () => {
  expect(exponential(-1e30)).toBe(0);
  expect(exponential(-0)).toBe(1);
});
