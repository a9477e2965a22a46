import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halvingRule, medianRule } from '../../../../local/services/sagemaker/tuning/samplers/early-stopping.ts';
import { randomOf } from '../../../../local/services/sagemaker/tuning/samplers/random.ts';
import { randomPoint } from '../../../../local/services/sagemaker/tuning/samplers/random-search.ts';
import { valueAt, valuesAt } from '../../../../local/services/sagemaker/tuning/samplers/space.ts';
import type { Parameter, Point, Scaling, Space } from '../../../../local/services/sagemaker/tuning/samplers/space.ts';
import { tpePoint } from '../../../../local/services/sagemaker/tuning/samplers/tpe.ts';
import type { Observation } from '../../../../local/services/sagemaker/tuning/samplers/tpe.ts';

const bounds = (least: number, most: number) => fc.tuple(fc.double({ min: least, max: most, noNaN: true }), fc.double({ min: least, max: most, noNaN: true })).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const whole = (least: number) => fc.tuple(fc.integer({ min: least, max: 5000 }), fc.nat(5000)).map(([from, more]) => [from, from + more] as const);
const numeric = (kind: 'continuous' | 'integer', scaling: Scaling, range: fc.Arbitrary<readonly [number, number]>): fc.Arbitrary<Parameter> =>
  range.map(([minimum, maximum]) => ({ kind, name: '', minimum, maximum, scaling }));
const parameters = fc.oneof(
  numeric('continuous', 'Linear', bounds(-1000, 1000)),
  numeric('continuous', 'Logarithmic', bounds(1e-6, 1e4)),
  numeric('continuous', 'ReverseLogarithmic', bounds(0, 0.999)),
  numeric('integer', 'Linear', whole(-5000)),
  numeric('integer', 'Logarithmic', whole(1)),
  fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }).map((values): Parameter => ({ kind: 'categorical', name: '', values })),
);
const spaces: fc.Arbitrary<Space> = fc.array(parameters, { minLength: 1, maxLength: 5 }).map((found) => found.map((parameter, index) => ({ ...parameter, name: `p${String(index)}` })));

function expectWithin(space: Space, point: Point): void {
  for (const [name, text] of Object.entries(valuesAt(space, point))) {
    const parameter = space.find((candidate) => candidate.name === name)!;
    if (parameter.kind === 'categorical') {
      expect(parameter.values).toContain(text);
      continue;
    }
    expect(Number(text)).toBeGreaterThanOrEqual(parameter.minimum);
    expect(Number(text)).toBeLessThanOrEqual(parameter.maximum);
    if (parameter.kind === 'integer') expect(Number.isInteger(Number(text))).toBe(true);
  }
}

describe('a point of a search', () => {
  it('lies within its bounds, an integer and a category being what they are, whoever draws it', () => {
    fc.assert(
      fc.property(spaces, fc.nat(), fc.integer({ min: 0, max: 30 }), (space, seed, trials) => {
        const history: Observation[] = [];
        for (let trial = 0; trial < trials; trial += 1) {
          const point = tpePoint(space, history, 3, randomOf(seed, trial));
          expectWithin(space, point);
          history.push(trial % 4 === 3 ? { point } : { point, loss: point.reduce((sum, place) => sum + place, 0) });
        }
        expectWithin(space, randomPoint(space, randomOf(seed, 99)));
      }),
      { numRuns: 60 },
    );
  });

  it('is the same for the same seed and trial, whatever was drawn before', () => {
    const space: Space = [{ kind: 'continuous', name: 'eta', minimum: 0.01, maximum: 0.5, scaling: 'Logarithmic' }];
    expect(randomPoint(space, randomOf(7, 3))).toEqual(randomPoint(space, randomOf(7, 3)));
    expect(randomPoint(space, randomOf(7, 3))).not.toEqual(randomPoint(space, randomOf(7, 4)));
    expect(randomPoint(space, randomOf(7, 3))).not.toEqual(randomPoint(space, randomOf(8, 3)));
  });

  it('is spread by the scale of its range', () => {
    const share = (scaling: Scaling, below: number): number => {
      const parameter: Parameter = { kind: 'continuous', name: 'x', minimum: 0.001, maximum: 0.999, scaling };
      const random = randomOf(1, 1);
      return Array.from({ length: 2000 }, () => Number(valueAt(parameter, random()))).filter((value) => value < below).length / 2000;
    };
    expect(share('Linear', 0.5)).toBeCloseTo(0.5, 1);
    expect(share('Logarithmic', 0.0316)).toBeCloseTo(0.5, 1);
    expect(share('ReverseLogarithmic', 1 - 0.0316)).toBeCloseTo(0.5, 1);
    const counts = new Map<string, number>();
    const random = randomOf(2, 2);
    for (let draw = 0; draw < 6000; draw += 1) {
      const value = valueAt({ kind: 'integer', name: 'depth', minimum: 2, maximum: 4, scaling: 'Linear' }, random());
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    for (const value of ['2', '3', '4']) expect(counts.get(value)! / 6000).toBeCloseTo(1 / 3, 1);
  });
});

describe('the Parzen estimator', () => {
  const unit = (name: string): Parameter => ({ kind: 'continuous', name, minimum: 0, maximum: 1, scaling: 'Linear' });
  const branin = ([a = 0, b = 0]: Point): number => {
    const [x, y] = [a * 15 - 5, b * 15];
    return (y - (5.1 * x * x) / (4 * Math.PI ** 2) + (5 * x) / Math.PI - 6) ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  };
  const functions: readonly (readonly [string, Space, (point: Point) => number])[] = [
    ['a bowl in two dimensions', [unit('a'), unit('b')], ([a = 0, b = 0]) => (a - 0.7) ** 2 + (b - 0.2) ** 2],
    ['a bowl in five dimensions', ['a', 'b', 'c', 'd', 'e'].map(unit), (point) => point.reduce((sum, place) => sum + (place - 0.35) ** 2, 0)],
    ['Branin, which has three valleys', [unit('a'), unit('b')], branin],
    ['a bowl whose place hangs on a category', [unit('a'), unit('b'), { kind: 'categorical', name: 'c', values: ['p', 'q', 'r', 's'] }], ([a = 0, b = 0, c = 0]) => (a - 0.2 * c) ** 2 + (b - 0.5) ** 2 + (c === 3 ? 0 : 0.3)],
  ];

  it.each(functions)('finds more than random search with as many trials: %s', (_, space, loss) => {
    const search = (next: (history: readonly Observation[], trial: number) => Point): number => {
      const history: Required<Observation>[] = [];
      for (let trial = 0; trial < 40; trial += 1) {
        const point = next(history, trial);
        history.push({ point, loss: loss(point) });
      }
      return Math.min(...history.map((trial) => trial.loss));
    };
    const seeds = Array.from({ length: 31 }, (_unused, seed) => seed);
    const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[15]!;
    const estimated = middle(seeds.map((seed) => search((history, trial) => tpePoint(space, history, 8, randomOf(seed, trial)))));
    const random = middle(seeds.map((seed) => search((_history, trial) => randomPoint(space, randomOf(seed, trial)))));
    expect(estimated).toBeLessThan(random);
  });
});

describe('stopping of trials', () => {
  it('by the median: stops what is worse than the middle of the earlier trials at the same epoch', () => {
    const rule = medianRule();
    for (const [trial, losses] of [['a', [1, 0.8, 0.6]], ['b', [1.2, 1, 0.9]]] as const) for (const loss of losses) rule.report(trial, loss);
    // Running averages at the second epoch: 0.9 and 1.1, so their median is 1.
    expect(rule.report('c', 0.9)).toBe(false);
    expect(rule.report('c', 0.99)).toBe(false);
    expect(rule.report('d', 0.95)).toBe(false);
    // With c's, the averages are 0.9, 1.1 and 0.945.
    expect(rule.report('d', 0.94)).toBe(false);
    expect(rule.report('e', 0.9)).toBe(false);
    expect(rule.report('e', 0.96)).toBe(true);
    expect(rule.report('f', 1.05)).toBe(true);
    expect(medianRule().report('alone', 100)).toBe(false);
  });

  it('by halving: a third goes on beyond each rung, and none beyond the greatest resource', () => {
    const rule = halvingRule(1, 9);
    expect([5, 4, 3, 6, 2, 7].map((loss, trial) => rule.report(`t${String(trial)}`, loss))).toEqual([false, false, false, true, false, true]);
    const alone = halvingRule(2, 4);
    expect([1, 1, 1, 1].map((loss) => alone.report('t', loss))).toEqual([false, false, false, true]);
  });
});
