import { expect, it } from 'vitest';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { featureGroupSpec, groupFeatureName } from '../../../model/spec/feature-group.ts';

it('writes names in the letters of Feature Store', () => {
  expect(['total spent', '_private_', 'a.b-c', 'ok'].map(groupFeatureName)).toEqual(['total_spent', 'private', 'a_b-c', 'ok']);
});

it('refuses names that come out alike, empty, too long or reserved, all at once', () => {
  const long = `a${'b'.repeat(70)}`;
  const columns = [Column.string('id'), Column.timestamp('at'), Column.number('a b'), Column.number('A_b'), Column.number('_'), Column.number(long), Column.number('is_deleted'), Column.integer('y')];
  const dataset = new Dataset({ columns, label: Label.binary('y') }).toJSON();
  expect(() => featureGroupSpec(dataset, { recordIdentifier: 'id', eventTime: 'at' })).toThrow(/4 problems\n.*'a b' and 'A_b' would both be called 'A_b' in lower case.*\n.*'_' would be called ''.*\n.*expected 1 to 64.*\n.*'is_deleted', which Feature Store keeps for itself/);
  expect(featureGroupSpec(dataset, { recordIdentifier: 'id', eventTime: 'at', columns: ['a b'] }).features).toHaveLength(3);
});
