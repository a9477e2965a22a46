import { describe, expect, it } from 'vitest';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { DeclarationError } from '../../../model/spec/errors.ts';
import { checkFeatures, Feature } from '../../../model/spec/feature.ts';
import { Gate } from '../../../model/spec/gate.ts';
import { Split } from '../../../model/spec/split.ts';
import { taskOf } from '../../../model/spec/task.ts';

const columns = [Column.timestamp('date'), Column.integer('delay'), Column.string('origin')];
const label = Label.above('delay', 15, 'late');

describe('Dataset', () => {
  it('is plain JSON', () => {
    const dataset = new Dataset({ columns: [Column.number('x', { minimum: 0, nullable: false }), Column.string('s', { categories: ['a'] })], label: Label.binary('s') });
    expect(JSON.parse(JSON.stringify(dataset))).toEqual({
      columns: [
        { name: 'x', type: 'number', nullable: false, minimum: 0 },
        { name: 's', type: 'string', nullable: true, categories: ['a'] },
      ],
      label: { column: 's', kind: 'binary', name: 's' },
    });
  });

  it.each([
    ['a column twice', () => new Dataset({ columns: [...columns, Column.string('Origin')], label }), /"Origin", expected each column once/],
    ['a label that is no column', () => new Dataset({ columns, label: Label.binary('y') }), /one of the columns \(date, delay, origin\)/],
    ['a column called label', () => new Dataset({ columns: [...columns, Column.string('Label')], label }), /"Label", expected another name/],
    ['a range upside down', () => Column.number('x', { minimum: 2, maximum: 1 }), /at most the maximum, 1/],
    ['a name that SQL or JSON could trip over', () => Column.number('1 x'), /Column: name is "1 x"/],
    ['classes that are fractions', () => new Dataset({ columns: [Column.number('x')], label: Label.category('x') }), /Label.category\('x'\): column type is "number", expected string or integer or boolean/],
    ['a number that is a text', () => new Dataset({ columns, label: Label.number('origin') }), /Label.number\('origin'\): column type is "string", expected number or integer/],
    ['a threshold over texts', () => new Dataset({ columns, label: Label.above('origin', 1, 'far') }), /column type is "string"/],
    ['a weight that is no column', () => new Dataset({ columns, label, weight: 'w' }), /Dataset: weight is "w", expected one of the columns \(date, delay, origin\)/],
    ['a weight that is the label', () => new Dataset({ columns, label, weight: 'delay' }), /a column other than the label/],
    ['a weight that is a text', () => new Dataset({ columns, label, weight: 'origin' }), /Dataset weight 'origin': column type is "string", expected number or integer/],
    ['a threshold that is no number', () => Label.above('delay', Number.NaN, 'late'), /a finite number/],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(DeclarationError);
    expect(make).toThrow(message);
  });

  it('holds the weight to numbers of at least 0, none of them null', () => {
    const { columns: declared, weight } = new Dataset({ columns: [...columns, Column.number('counts', { minimum: -1, maximum: 9 })], label, weight: 'counts' }).toJSON();
    expect(weight).toBe('counts');
    expect(declared.at(-1)).toEqual({ name: 'counts', type: 'number', nullable: false, minimum: 0, maximum: 9 });
  });

  it('lets the label have the name that it has in prepared data', () => {
    expect(() => new Dataset({ columns: [Column.integer('label')], label: Label.binary('label') })).not.toThrow();
  });
});

describe('taskOf', () => {
  it('follows the label', () => {
    expect([label, Label.binary('x'), Label.category('x'), Label.number('x')].map((one) => taskOf(one.toJSON()))).toEqual(['binary', 'binary', 'multiclass', 'regression']);
  });
});

describe('checkFeatures', () => {
  const dataset = new Dataset({ columns: [...columns, Column.number('Date_hour_of_day')], label }).toJSON();
  const check = (...features: Feature[]): string[] => checkFeatures(dataset, features.map((feature) => feature.toJSON())).map((error) => error.message);

  it('finds nothing in good features', () => {
    expect(check(Feature.hourOfDay('date'), Feature.dayOfWeek('date'), Feature.dayOfYear('date'), Feature.category('origin'), Feature.targetMean('origin'))).toEqual([]);
  });

  it('takes no feature from the weight', () => {
    const weighted = new Dataset({ columns: [...columns, Column.number('counts')], label, weight: 'counts' }).toJSON();
    expect(checkFeatures(weighted, [Feature.numeric('counts').toJSON()]).map(({ message }) => message)).toEqual([expect.stringContaining('a column other than the weight')]);
  });

  it('returns every error', () => {
    const errors = check(Feature.hourOfDay('origin'), Feature.numeric('delay'), Feature.category('gone'), Feature.hourOfDay('date'), Feature.numeric('Date_hour_of_day'));
    expect(errors).toHaveLength(4);
    expect(errors[0]).toMatch(/column type is "string", expected timestamp/);
    expect(errors[1]).toMatch(/a column other than the label/);
    expect(errors[2]).toMatch(/"gone", expected one of date, delay, origin/);
    expect(errors[3]).toMatch(/each feature once/);
    expect(check()).toHaveLength(1);
  });
});

describe('checkFeatures for a label of several classes', () => {
  it('refuses the mean of classes, and takes it for a number', () => {
    const features = [Feature.targetMean('origin').toJSON(), Feature.hourOfDay('date').toJSON()];
    const several = new Dataset({ columns: [...columns, Column.string('species')], label: Label.category('species') }).toJSON();
    expect(checkFeatures(several, features).map((error) => error.message)).toEqual([
      "Feature.targetMean('origin'): label is \"species\", expected a label that is binary or a number, since classes have no mean: take Feature.category instead.",
    ]);
    expect(checkFeatures(new Dataset({ columns, label: Label.number('delay') }).toJSON(), features)).toEqual([]);
  });
});

describe('Split and Gate', () => {
  it('refuse shares that do not sum to 1, and gates on what is not measured', () => {
    expect(() => Split.byRowHash({ train: 0.9 })).toThrow(/sum of shares/);
    expect(() => Split.byRowHash({ train: 1, validation: 0, test: 0 })).toThrow(/between 0 and 1/);
    expect(() => Gate.metric('f2')).toThrow(/one of auc, accuracy/);
    expect(() => Gate.metric('auc').above(Number.NaN)).toThrow(/finite/);
    expect(() => new Gate({ metric: 'nonsense', comparison: 'above', threshold: 1 })).toThrow(/"nonsense", expected one of auc/);
    expect(() => new Gate({ metric: 'auc', comparison: 'over' as 'above', threshold: 1 })).toThrow(/comparison is "over", expected above, below/);
    expect(() => new Gate({ metric: 'auc', comparison: 'below', threshold: Number.NaN })).toThrow(/below is null, expected a finite number/);
  });

  it('take the default share where one is undefined', () => {
    const shares: Record<string, number | undefined> = { train: undefined, test: 0.1 };
    expect(Split.byRowHash(shares as object).toJSON()).toEqual({ kind: 'rowHash', train: 0.8, validation: 0.1, test: 0.1 });
  });
});
