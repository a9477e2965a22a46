import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fairCoinTest, normalCdf, regularizedBeta, studentsTCdf, studentsTQuantile, twoSidedT } from '../../../model/metrics/distributions.ts';

const close = (found: number, expected: number): void => {
  expect(Math.abs(found / expected - 1)).toBeLessThan(1e-10);
};

// Expected values: SciPy 1.17.
describe('distributions', () => {
  it.each([[1.3, 4, 0.868274201764388], [-2.5, 9, 0.016930913841492867], [0.2, 1, 0.562832958189001], [12, 30, 0.999999999999721]])('t of %d with %d degrees', (t, degrees, expected) => {
    close(studentsTCdf(t, degrees), expected);
  });

  it.each([[1.3, 4, 0.2634515964712241], [9, 50, 4.921845781466772e-12], [30, 200, 5.724161208827853e-76], [8, Infinity, 1.244192114854348e-15]])('both tails of t %d with %d degrees', (t, degrees, expected) => {
    close(twoSidedT(t, degrees), expected);
    expect(twoSidedT(-t, degrees)).toBe(twoSidedT(t, degrees));
  });

  it.each([[0.975, 4, 2.7764451051977934], [0.9, 1, 3.0776835371752544], [0.995, 1000, 2.580754698065951], [0.025, 7, -2.3646242515927844], [0.975, Infinity, 1.959963984540054]])('the quantile %d of t with %d degrees', (share, degrees, expected) => {
    close(studentsTQuantile(share, degrees), expected);
  });

  it.each([[-3, 0.0013498980316300933], [0, 0.5], [0.5, 0.6914624612740131], [1.96, 0.9750021048517795]])('the normal distribution at %d', (z, expected) => {
    close(normalCdf(z), expected);
  });

  it.each([[86, 150, 3.7159361395713866e-5], [6, 16, 0.052478790283203125], [0, 5, 0.0625], [3, 3, 1], [1000, 1200, 2.1817026407914194e-5], [0, 0, 1]])('a coin with %d heads and %d tails', (heads, tails, expected) => {
    close(fairCoinTest(heads, tails), expected);
    expect(fairCoinTest(tails, heads)).toBe(fairCoinTest(heads, tails));
  });

  it.each([[0.3, 2, 5, 0.579825], [0.5, 100, 120, 0.9117960627949818], [0.99, 0.5, 0.5, 0.9362314391414803], [0, 1, 1, 0], [1, 1, 1, 1]])('the beta distribution at %d', (x, a, b, expected) => {
    expect(regularizedBeta(x, a, b)).toBeCloseTo(expected, 12);
  });

  it('grows, and its quantile takes it back', () => {
    const degrees = fc.oneof(fc.integer({ min: 1, max: 500 }), fc.constant(Infinity));
    fc.assert(fc.property(degrees, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (df, share) => {
      const t = studentsTQuantile(share, df);
      expect(studentsTCdf(t, df)).toBeCloseTo(share, 10);
      expect(studentsTCdf(t + 0.1, df)).toBeGreaterThan(share);
    }));
    expect(() => studentsTQuantile(1, 3)).toThrow('The share is 1');
  });
});
