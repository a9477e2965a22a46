import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { DeclarationError, Tuning, TuningObjective, TuningRange } from '../../../lib/index.ts';

const ranges = [TuningRange.continuous('eta', 0.05, 0.5)];

describe('TuningRange', () => {
  it('is a name, its bounds and a scale', () => {
    expect(TuningRange.continuous('eta', 0.05, 0.5).toJSON()).toEqual({ kind: 'continuous', name: 'eta', minimum: 0.05, maximum: 0.5, scaling: 'Auto' });
    expect(TuningRange.continuous('eta', 0.05, 0.5).linear().toJSON()).toMatchObject({ scaling: 'Linear' });
    expect(TuningRange.continuous('eta', 0.05, 0.5).logarithmic().toJSON()).toMatchObject({ scaling: 'Logarithmic' });
    expect(TuningRange.continuous('subsample', 0.5, 0.99).reverseLogarithmic().toJSON()).toMatchObject({ scaling: 'ReverseLogarithmic' });
    expect(TuningRange.integer('max_depth', 2, 8).logarithmic().toJSON()).toEqual({ kind: 'integer', name: 'max_depth', minimum: 2, maximum: 8, scaling: 'Logarithmic' });
    expect(TuningRange.categorical('booster', ['gbtree', 'dart']).toJSON()).toEqual({ kind: 'categorical', name: 'booster', values: ['gbtree', 'dart'] });
  });

  it('leaves the range that it scales as it was', () => {
    const range = TuningRange.continuous('eta', 0.05, 0.5);
    range.logarithmic();
    expect(range.toJSON()).toMatchObject({ scaling: 'Auto' });
  });

  it.each<[string, () => unknown, RegExp]>([
    ['bounds the wrong way round', () => TuningRange.continuous('eta', 0.5, 0.05), /TuningRange.continuous\('eta'\): minimum is 0.5, expected less than the maximum, 0.05/],
    ['a bound that is no number', () => TuningRange.continuous('eta', Number.NaN, 1), /minimum is .*, expected a number/],
    ['a whole number that is none', () => TuningRange.integer('max_depth', 2, 8.5), /maximum is 8.5, expected a whole number/],
    ['no name', () => TuningRange.integer('', 2, 8), /the name of a hyperparameter/],
    ['one category', () => TuningRange.categorical('booster', ['dart']), /expected 2 to 30 values/],
    ['31 categories', () => TuningRange.categorical('booster', Array.from({ length: 31 }, String)), /expected 2 to 30 values/],
    ['a category twice', () => TuningRange.categorical('booster', ['dart', 'dart']), /each value once/],
    ['a logarithm of 0', () => TuningRange.continuous('alpha', 0, 1).logarithmic(), /minimum is 0, expected greater than 0/],
    ['a reverse logarithm of 1', () => TuningRange.continuous('subsample', 0.5, 1).reverseLogarithmic(), /from 0 to less than 1/],
    ['a reverse logarithm of whole numbers', () => TuningRange.integer('max_depth', 2, 8).reverseLogarithmic(), /linear or logarithmic/],
    ['a scale of categories', () => TuningRange.categorical('booster', ['a', 'b']).linear(), /categories have no order/],
    ['an objective without a name', () => TuningObjective.minimize(''), /the name of a metric/],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(DeclarationError);
    expect(make).toThrow(message);
  });
});

describe('Tuning', () => {
  it('has defaults', () => {
    expect(Tuning.random({ ranges }).toJSON()).toEqual({
      strategy: 'Random', ranges: [ranges[0]?.toJSON()], maxTrials: 20, maxParallelTrials: 2, seed: 0, maxTime: Duration.hours(6), stopTrialsEarly: false,
    });
    expect(Tuning.hyperband({ ranges }).toJSON()).toMatchObject({ strategy: 'Hyperband', minResource: 1 });
  });

  it('honours each of its props', () => {
    const common = { ranges, objective: TuningObjective.maximize('validation:auc'), maxTrials: 30, maxParallelTrials: 3, seed: 9, maxTime: Duration.hours(1) };
    const expected = { objective: { type: 'Maximize', metric: 'validation:auc' }, maxTrials: 30, maxParallelTrials: 3, seed: 9, maxTime: Duration.hours(1) };
    expect(Tuning.random({ ...common, stopTrialsEarly: true }).toJSON()).toMatchObject({ ...expected, strategy: 'Random', stopTrialsEarly: true });
    expect(Tuning.bayesian({ ...common, stopTrialsEarly: true }).toJSON()).toMatchObject({ ...expected, strategy: 'Bayesian', stopTrialsEarly: true });
    expect(Tuning.hyperband({ ...common, minResource: 2, maxResource: 50 }).toJSON()).toMatchObject({ ...expected, strategy: 'Hyperband', stopTrialsEarly: false, minResource: 2, maxResource: 50 });
  });
});
