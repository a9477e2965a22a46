import { describe, expect, it } from 'vitest';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { DeclarationError } from '../../../model/spec/errors.ts';
import { Feature } from '../../../model/spec/feature.ts';
import { checkSplit, Split } from '../../../model/spec/split.ts';
import { describeSplit } from '../../../model/spec/split-summary.ts';

describe('Split', () => {
  it('is plain JSON, with the default shares', () => {
    const shares = { train: 0.8, validation: 0.1, test: 0.1 };
    expect(JSON.parse(JSON.stringify([Split.byRowHash(), Split.byTime('date'), Split.byGroup('customer')]))).toEqual([
      { kind: 'rowHash', ...shares }, { kind: 'time', column: 'date', ...shares }, { kind: 'group', column: 'customer', ...shares },
    ]);
    expect(Split.byTime('date', { train: 0.6, validation: 0.1, test: 0.3 }).toJSON()).toMatchObject({ train: 0.6, test: 0.3 });
  });

  it.each([
    ['a sum over 1', () => Split.byTime('date', { train: 0.9 }), "Split.byTime('date'): sum of shares is 1.1"],
    ['an empty part', () => Split.byGroup('customer', { train: 0.9, validation: 0, test: 0.1 }), "Split.byGroup('customer'): validation is 0, expected a share between 0 and 1."],
    ['no number', () => Split.byRowHash({ train: Number.NaN }), /Split.byRowHash: train is null, expected a share/],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(DeclarationError);
    expect(make).toThrow(message);
  });
});

describe('checkSplit', () => {
  const columns = [Column.timestamp('date'), Column.integer('year'), Column.number('price'), Column.boolean('weekend'), Column.string('customer'), Column.integer('late')];
  const dataset = new Dataset({ columns, label: Label.binary('late') }).toJSON();
  const check = (split: Split, ...features: Feature[]) => checkSplit(dataset, split.toJSON(), features.map((feature) => feature.toJSON())).map(({ message }) => message);

  it('finds nothing in splits that fit', () => {
    for (const split of [Split.byRowHash(), Split.byTime('date'), Split.byTime('year'), Split.byGroup('customer'), Split.byGroup('year')]) {
      expect(check(split, Feature.dayOfYear('date'), Feature.numeric('price'), Feature.numeric('year'))).toEqual([]);
    }
    expect(check(Split.byTime('year'), Feature.category('year'))).toEqual([]);
  });

  it.each([
    ['a column that does not exist', Split.byTime('day'), [/Split.byTime\('day'\): column is "day", expected one of date, year, price/]],
    ['times that are texts', Split.byTime('customer'), [/column type is "string", expected timestamp or integer/]],
    ['groups that are times', Split.byGroup('date'), [/column type is "timestamp", expected string or integer/]],
    ['groups that are fractions', Split.byGroup('price'), [/column type is "number"/]],
    ['two groups for three parts', Split.byGroup('weekend'), [/column type is "boolean"/]],
    ['the label', Split.byGroup('late'), [/a column other than the label/]],
    ['features that learn the groups', Split.byGroup('customer'), [/Feature.category is "customer", expected no feature that learns the groups/, /Feature.targetMean is "customer_target_mean"/]],
  ])('names %s', (_, split, messages) => {
    const found = check(split, Feature.category('customer'), Feature.targetMean('customer'));
    const expected = messages.map((message) => expect.stringMatching(message) as string);
    expect(found).toEqual(expected);
  });
});

describe('describeSplit', () => {
  it('says in a line what was held out', () => {
    const times = { train: { from: '1970', to: '1977' }, validation: { from: '1978', to: '1979' }, test: { from: '1980', to: '1982' } };
    expect(describeSplit({ kind: 'time', column: 'year', unplacedRows: 0, times })).toBe('by time: year / training from 1970 / validation from 1978 / test from 1980 to 1982');
    expect(describeSplit({ kind: 'group', column: 'customer', unplacedRows: 0, groups: { train: 80, validation: 11, test: 9 } })).toBe('by group: customer / 80 training / 11 validation / 9 test');
    expect(describeSplit({ kind: 'rowHash', unplacedRows: 0 })).toBe('by row hash');
  });
});
