import { describe, expect, it } from 'vitest';
import { DataCheck, defaultChecks } from '../../../model/spec/check.ts';
import type { CheckSpec } from '../../../model/spec/check.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import { checkChecks, checksFor, resolveChecks } from '../../../model/spec/resolve-checks.ts';

const json = (...checks: DataCheck[]): CheckSpec[] => checks.map((check) => check.toJSON());

describe('DataCheck', () => {
  it('has the default bound and level of its kind, until it is told another', () => {
    expect(json(DataCheck.nulls(), DataCheck.rows(), DataCheck.duplicates(), DataCheck.missingLabels(), DataCheck.classBalance(), DataCheck.classRows(), DataCheck.leakage(), DataCheck.drift())).toEqual([
      { check: 'nulls', level: 'fail', bound: 0.1 },
      { check: 'rows', level: 'fail', bound: 100 },
      { check: 'duplicates', level: 'fail', bound: 0.5 },
      { check: 'missingLabels', level: 'fail', bound: 0.5 },
      { check: 'classBalance', level: 'warn', bound: 0.01 },
      { check: 'classRows', level: 'warn', bound: 5 },
      { check: 'leakage', level: 'warn', bound: 0.98 },
      { check: 'drift', level: 'warn', bound: 0.1 },
    ]);
    expect(json(DataCheck.missingColumns(), DataCheck.extraColumns(), DataCheck.types(), DataCheck.ranges(), DataCheck.categories(), DataCheck.constantLabel())).toEqual([
      { check: 'missingColumns', level: 'fail' }, { check: 'extraColumns', level: 'warn' }, { check: 'types', level: 'fail' },
      { check: 'ranges', level: 'fail' }, { check: 'categories', level: 'fail' }, { check: 'constantLabel', level: 'fail' },
    ]);
    expect(json(
      DataCheck.nulls({ maximumShare: 0.3, columns: ['a'] }).warn(), DataCheck.rows({ minimum: 7 }).off(), DataCheck.duplicates({ maximumShare: 0 }).warn(), DataCheck.missingLabels({ maximumShare: 1 }),
      DataCheck.classBalance({ minimumShare: 0.2 }).fail(), DataCheck.classRows({ minimum: 50 }).fail(), DataCheck.leakage({ maximumFigure: 0.9 }).fail(), DataCheck.drift({ maximumDistance: 0.2, columns: ['b'] }).fail(),
    )).toEqual([
      { check: 'nulls', level: 'warn', bound: 0.3, columns: ['a'] }, { check: 'rows', level: 'off', bound: 7 }, { check: 'duplicates', level: 'warn', bound: 0 }, { check: 'missingLabels', level: 'fail', bound: 1 },
      { check: 'classBalance', level: 'fail', bound: 0.2 }, { check: 'classRows', level: 'fail', bound: 50 }, { check: 'leakage', level: 'fail', bound: 0.9 }, { check: 'drift', level: 'fail', bound: 0.2, columns: ['b'] },
    ]);
  });

  it.each([
    ['a share above 1', () => DataCheck.nulls({ maximumShare: 1.1 }), /DataCheck\.nulls: maximumShare is 1\.1, expected a share from 0 to 1/],
    ['a negative share', () => DataCheck.duplicates({ maximumShare: -0.1 }), /duplicates: maximumShare is -0\.1/],
    ['no number', () => DataCheck.missingLabels({ maximumShare: Number.NaN }), /missingLabels: maximumShare is null/],
    ['a class share above 1', () => DataCheck.classBalance({ minimumShare: 2 }), /classBalance: minimumShare is 2/],
    ['a figure above 1', () => DataCheck.leakage({ maximumFigure: 98 }), /leakage: maximumFigure is 98/],
    ['a distance above 1', () => DataCheck.drift({ maximumDistance: 10 }), /drift: maximumDistance is 10/],
    ['no rows', () => DataCheck.rows({ minimum: 0 }), /rows: minimum is 0, expected a whole number of at least 1/],
    ['half a row', () => DataCheck.rows({ minimum: 10.5 }), /rows: minimum is 10\.5/],
    ['no rows of a class', () => DataCheck.classRows({ minimum: 0 }), /classRows: minimum is 0/],
    ['no columns', () => DataCheck.types({ columns: [] }), /types: columns is \[\], expected at least one column/],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('the checks of a pipeline', () => {
  it('are the defaults, but for the kinds that are declared for all columns', () => {
    expect(resolveChecks([])).toEqual(defaultChecks);
    const resolved = resolveChecks(json(DataCheck.duplicates({ maximumShare: 0.2 }), DataCheck.nulls({ columns: ['a'] }).off()));
    expect(checksFor(resolved, 'duplicates')).toEqual([{ check: 'duplicates', level: 'fail', bound: 0.2 }]);
    expect(checksFor(resolved, 'nulls', 'a')).toEqual([]);
    expect(checksFor(resolved, 'nulls', 'b')).toEqual([{ check: 'nulls', level: 'fail', bound: 0.1 }]);
  });

  it('hold in the order of their strictness, those of a column in place of those of all', () => {
    const resolved = resolveChecks(json(DataCheck.drift({ maximumDistance: 0.05 }).warn(), DataCheck.drift({ maximumDistance: 0.3 }).fail(), DataCheck.drift({ maximumDistance: 0.5, columns: ['a'] }).warn()));
    expect(checksFor(resolved, 'drift', 'b').map(({ level, bound }) => [level, bound])).toEqual([['fail', 0.3], ['warn', 0.05]]);
    expect(checksFor(resolved, 'drift', 'a').map(({ level, bound }) => [level, bound])).toEqual([['warn', 0.5]]);
  });

  it('name columns that there are, and say each thing once', () => {
    const dataset = new Dataset({ columns: [Column.number('a'), Column.integer('y')], label: Label.binary('y') }).toJSON();
    expect(checkChecks(dataset, resolveChecks(json(DataCheck.extraColumns({ columns: ['z'] }).fail(), DataCheck.nulls({ columns: ['a', 'y'] }).off())))).toEqual([]);
    expect(checkChecks(dataset, json(DataCheck.nulls({ columns: ['b'] }), DataCheck.rows().warn(), DataCheck.rows().off(), DataCheck.types({ columns: ['a'] }), DataCheck.types({ columns: ['a', 'y'] })))).toEqual([
      "DataCheck.nulls names the column 'b', expected one of a, y.",
      'DataCheck.rows is off and warn at once, expected one of them.',
      "DataCheck.types of 'a' is declared twice at the level fail, expected once.",
    ]);
  });
});
