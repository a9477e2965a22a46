import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { compareMeans, mannWhitney, sampleForMeans, spreadOf } from '../../../../model/evaluation/ab/means.ts';
import { compareProportions, detectableRise, isEnoughForProportions, sampleForProportions } from '../../../../model/evaluation/ab/proportions.ts';
import { abReport, usualChances } from '../../../../model/evaluation/ab/report.ts';
import { generator } from '../../../../model/evaluation/random.ts';

const count = (of: number, part: number) => ({ of, count: part });
const counts = fc.integer({ min: 1, max: 5000 }).chain((of) => fc.record({ of: fc.constant(of), count: fc.integer({ min: 0, max: of }) }));

describe('two shares', () => {
  test('as R has them: prop.test(c(15, 25), c(100, 100), correct = FALSE)', () => {
    expect(compareProportions(count(100, 15), count(100, 25), 0.95)).toMatchObject({ difference: 0.1, p: expect.closeTo(0.07709987, 7) as number });
  });

  test('as Newcombe has them (1998, method 10): 56 of 70 against 48 of 80', () => {
    const { difference, low, high } = compareProportions(count(80, 48), count(70, 56), 0.95);
    expect([difference, low, high]).toEqual([expect.closeTo(0.2, 10), expect.closeTo(0.0524, 4), expect.closeTo(0.3339, 4)]);
  });

  it('differ by as much the other way round, within an interval that holds the difference and lies in [-1, 1]', () => {
    fc.assert(fc.property(counts, counts, fc.constantFrom(0.8, 0.95, 0.99), (a, b, confidence) => {
      const [there, back] = [compareProportions(a, b, confidence), compareProportions(b, a, confidence)];
      expect(back.difference).toBeCloseTo(-there.difference, 12);
      expect([back.low, back.high, back.p]).toEqual([expect.closeTo(-there.high, 10), expect.closeTo(-there.low, 10), expect.closeTo(there.p, 10)]);
      expect(there.low).toBeLessThanOrEqual(there.difference + 1e-12);
      expect(there.high).toBeGreaterThanOrEqual(there.difference - 1e-12);
      expect([there.low >= -1 - 1e-9, there.high <= 1 + 1e-9, there.p >= 0 && there.p <= 1]).toEqual([true, true, true]);
    }));
  });

  it('that are equal are found different once in twenty, and the interval holds the truth', () => {
    const random = generator(3);
    let [found, held] = [0, 0];
    const draws = () => count(400, Array.from({ length: 400 }, random).filter((value) => value < 0.1).length);
    for (let round = 0; round < 1000; round += 1) {
      const { p, low, high } = compareProportions(draws(), draws(), 0.95);
      if (p < 0.05) found += 1;
      if (low <= 0 && high >= 0) held += 1;
    }
    expect(found).toBeGreaterThan(25);
    expect(found).toBeLessThan(80);
    expect(held).toBeGreaterThan(920);
  });

  it('need as many as R says: power.prop.test(p1 = .50, p2 = .75, power = .90)', () => {
    expect(sampleForProportions(0.5, 0.75, { confidence: 0.95, power: 0.9 })).toBe(77);
    expect(sampleForProportions(0.5, 0.5, usualChances)).toBe(Infinity);
    const rise = detectableRise(0.05, 1000, 1000, usualChances)!;
    expect(sampleForProportions(0.05, 0.05 + rise, usualChances)).toBeLessThanOrEqual(1000);
    expect(sampleForProportions(0.05, 0.05 + rise * 0.99, usualChances)).toBeGreaterThan(1000);
    expect(detectableRise(0.5, 2, 2, usualChances)).toBeUndefined();
  });

  it('of too few are not for the test', () => {
    expect([isEnoughForProportions(count(100, 5), count(100, 5)), isEnoughForProportions(count(100, 1), count(100, 2))]).toEqual([true, false]);
    expect(() => compareProportions(count(1, 2), count(1, 0), 0.95)).toThrow(/2 of 1 is no share/);
    expect(compareProportions(count(10, 0), count(10, 0), 0.95).p).toBe(1);
  });
});

// R's data set sleep, by group.
const sleep = [[0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]] as const;
const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 30 });

describe('two means', () => {
  test('as R has them: t.test(extra ~ group, data = sleep)', () => {
    const { difference, low, high, p } = compareMeans(spreadOf(sleep[0]), spreadOf(sleep[1]), 0.95);
    expect([difference, low, high, p]).toEqual([expect.closeTo(1.58, 10), expect.closeTo(-0.2054832, 6), expect.closeTo(3.3654832, 6), expect.closeTo(0.07939414, 6)]);
  });

  it('differ by as much the other way round; of one value nothing is said', () => {
    fc.assert(fc.property(values, values, (a, b) => {
      const [there, back] = [compareMeans(spreadOf(a), spreadOf(b), 0.9), compareMeans(spreadOf(b), spreadOf(a), 0.9)];
      expect([back.low, back.p]).toEqual([expect.closeTo(-there.high, 9), expect.closeTo(there.p, 9)]);
    }));
    expect(compareMeans(spreadOf([1]), spreadOf([1, 2]), 0.95)).toMatchObject({ p: Number.NaN, high: Infinity });
    expect(sampleForMeans(0, 1, 1, usualChances)).toBe(Infinity);
    // 2 (1.959964 + 0.841621)^2 / 0.5^2: the textbook's 63 a group.
    expect(sampleForMeans(0.5, 1, 1, usualChances)).toBe(63);
  });
});

describe('two orders', () => {
  test('as Hollander and Wolfe have them (1973, p. 69): U is 35', () => {
    const { u, superiority, p } = mannWhitney([0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46], [1.15, 0.88, 0.9, 0.74, 1.21]);
    expect([u, superiority, p]).toEqual([35, expect.closeTo(0.3, 10), expect.closeTo(0.24464, 4)]);
  });

  it('stay as they are under whatever keeps the order, and turn round with the groups, ties and all', () => {
    fc.assert(fc.property(values, values, (a, b) => {
      const found = mannWhitney(a, b);
      const curved = (list: readonly number[]) => list.map((value) => Math.exp(value / 10));
      expect(mannWhitney(curved(a), curved(b)).u).toBe(found.u);
      const back = mannWhitney(b, a);
      expect(back.u).toBeCloseTo(a.length * b.length - found.u, 9);
      expect(back.p).toBeCloseTo(found.p, 9);
      expect(found.u).toBeCloseTo(a.flatMap((one) => b.map((other) => (one > other ? 1 : one === other ? 0.5 : 0) as number)).reduce((sum, win) => sum + win, 0), 9);
    }));
    expect(mannWhitney([1, 1], [1, 1])).toMatchObject({ p: 1, superiority: 0.5 });
  });
});

describe('a report', () => {
  const arm = (version: string, requests: number, errors: number, latencies: readonly number[], outcomes?: readonly number[]) => ({ version, requests, errors, latencies, ...(outcomes === undefined ? {} : { outcomes }) });

  it('tells what differs, by how much, and how sure that is', () => {
    const { measures, warnings } = abReport(arm('2', 9000, 90, [10, 11, 12, 10, 11, 12, 10, 11]), arm('3', 1000, 40, [20, 22, 21, 25, 22, 21, 20, 24]));
    expect(measures).toMatchObject([
      { name: 'error rate', stable: 0.01, canary: 0.04, difference: expect.closeTo(0.03, 10) as number, significant: true, test: 'two proportions' },
      { name: 'latency', unit: 'ms', significant: true, test: 'Mann-Whitney', note: expect.stringContaining('100 % of the pairs are slower with the canary') as string },
    ]);
    expect(warnings).toEqual([expect.stringContaining('p value holds for one look'), expect.stringContaining('2 measures are tested at once')]);
  });

  it('says how many observations a difference of the present size needs', () => {
    const { measures, warnings } = abReport(arm('2', 1000, 50, []), arm('3', 1000, 55, []));
    expect(measures).toMatchObject([{ significant: false, needed: 31_234, detectable: expect.closeTo(0.031, 3) as number }]);
    expect(warnings.at(-1)).toBe('error rate: too few observations to tell a difference of this size from none (1000 of 31234).');
  });

  it('takes outcomes that came later: shares where each is 0 or 1, means otherwise', () => {
    const bits = (ones: number, of: number) => Array.from({ length: of }, (_, index) => (index < ones ? 1 : 0));
    expect(abReport(arm('2', 0, 0, [], bits(50, 500)), arm('3', 0, 0, [], bits(90, 500))).measures).toMatchObject([{ name: 'outcome', unit: 'share', stable: 0.1, canary: 0.18, significant: true }]);
    expect(abReport(arm('2', 0, 0, [], [1, 2, 3.5]), arm('3', 0, 0, [], [2, 4, 5])).measures).toMatchObject([{ name: 'outcome', unit: 'value', test: "Welch's t" }]);
    expect(abReport(arm('2', 0, 0, []), arm('3', 10, 0, [])).measures).toEqual([]);
  });

  it('calls nothing significant that the test is not made for', () => {
    expect(abReport(arm('2', 50, 0, []), arm('3', 50, 4, [])).measures).toMatchObject([{ significant: false, note: expect.stringContaining('fewer than 5 expected') as string }]);
  });
});
