import { describe, expect, it } from 'vitest';
import { classOrder, incomparable, sharedData } from '../../../model/evaluation/comparable.ts';
import { sliceColumns } from '../../../model/evaluation/slice-columns.ts';
import type { ModelDescription } from '../../../model/serving/description.ts';
import { Column, Dataset, Label } from '../../../model/spec/dataset.ts';
import type { SplitSummary } from '../../../model/spec/split-summary.ts';
import { Split } from '../../../model/spec/split.ts';
import { taskOf } from '../../../model/spec/task.ts';

const schema = new Dataset({ columns: [Column.number('x'), Column.string('place'), Column.boolean('open'), Column.number('delay')], label: Label.above('delay', 15, 'late') }).toJSON();
const described = (changes: Partial<ModelDescription> = {}): ModelDescription => ({
  version: 1, name: 'm', schema, task: taskOf((changes.schema ?? schema).label), objective: 'o', trainer: 't', trainedAt: '2026-11-20T00:00:00Z', rounds: 1, graph: { inputs: [], outputs: [] },
  features: [{ name: 'x', column: 'x', transform: 'numeric' }, { name: 'place', column: 'place', transform: 'category', encoding: [['a', 0]] }],
  ...changes,
});
const withColumns = (columns: Column[], label = Label.above('delay', 15, 'late')) => new Dataset({ columns, label }).toJSON();

describe('a champion can be compared', () => {
  it.each<[string, Partial<ModelDescription>]>([
    ['where nothing has changed', {}],
    ['where columns came, went and moved that it does not need', { schema: withColumns([Column.number('delay'), Column.string('place'), Column.string('new'), Column.number('x')]) }],
    ['where its answer is called another name', { schema: withColumns([Column.number('x'), Column.string('place'), Column.number('delay')], Label.above('delay', 15, 'too late')) }],
  ])('%s', (_, changes) => {
    expect(incomparable(described(), described(changes))).toBeUndefined();
  });

  it.each<[string, Partial<ModelDescription>, string]>([
    ['a column is gone, another of another type', { schema: withColumns([Column.string('x'), Column.number('delay')]) }, "it needs columns that have changed: 'x' was number and is string, 'place' is no column any more"],
    ['the bound of the label is another', { schema: withColumns([Column.number('x'), Column.string('place'), Column.number('delay')], Label.above('delay', 30, 'late')) }, "it predicts another label, 'delay' above 15 instead of 'delay' above 30"],
    ['the label is a number now', { schema: withColumns([Column.number('x'), Column.string('place'), Column.number('delay')], Label.number('delay')) }, 'it was made for another task, binary instead of regression'],
  ])('not where %s', (_, changes, reason) => {
    expect(incomparable(described(), described(changes))).toBe(reason);
  });

  it('not where it knows other classes; their order does not matter', () => {
    const species = new Dataset({ columns: [Column.number('x'), Column.string('place'), Column.string('species')], label: Label.category('species') }).toJSON();
    const of = (...classes: string[]) => described({ schema: species, classes });
    expect(incomparable(of('a', 'b'), of('b', 'a'))).toBeUndefined();
    expect(classOrder(['a', 'b', 'c'], ['c', 'a', 'b'])).toEqual([2, 0, 1]);
    expect(classOrder(['a', 'b'], ['a', 'b'])).toBeUndefined();
    expect(incomparable(of('a', 'b'), of('a', 'b', 'c'))).toBe("it does not know 'c' among the classes");
    expect(incomparable(of('a', 'b', 'c'), of('a', 'b'))).toBe("it knows 'c', which is no class any more");
  });
});

describe('whether the champion knows the rows', () => {
  const on = (sha256: string, splitSpec = Split.byRowHash().toJSON(), columns = schema, times?: NonNullable<SplitSummary['times']>) => ({
    dataset: { sha256 }, splitSpec, schema: columns, split: { kind: splitSpec.kind, unplacedRows: 0, ...(splitSpec.kind === 'rowHash' ? {} : { column: splitSpec.column }), ...(times === undefined ? {} : { times }) },
  });
  const until = (validation: string, test: string) => ({ train: { from: '0', to: '1' }, validation: { from: '1', to: validation }, test: { from: test, to: test } });

  it('is said of the same file and split', () => {
    expect(sharedData(on('a'), on('a'))).toMatchObject({ sameFile: true, overlap: 'none' });
  });

  it('is known of another file as well, since the hash puts a row where it was before', () => {
    expect(sharedData(on('b'), on('a'))).toMatchObject({ sameFile: false, overlap: 'none', note: expect.stringMatching(/held out there too/) as string });
  });

  it('is known of groups, which are hashed as well', () => {
    const byPlace = Split.byGroup('place').toJSON();
    expect(sharedData(on('b', byPlace), on('a', byPlace))).toMatchObject({ overlap: 'none' });
    expect(sharedData(on('b', Split.byGroup('x').toJSON()), on('a', byPlace))).toMatchObject({ overlap: 'possible' });
  });

  it('is told by the times, where the split goes by time', () => {
    const byTime = Split.byTime('x').toJSON();
    const of = (sha256: string, validation: string, test: string) => on(sha256, byTime, schema, until(validation, test));
    expect(sharedData(of('b', '2001-02-01', '2001-03-01'), of('a', '2001-01-15', '2001-02-01'))).toMatchObject({ overlap: 'none', note: expect.stringMatching(/until 2001-01-15, and these begin with 2001-03-01/) as string });
    expect(sharedData(of('b', '2001-02-01', '2001-03-01'), of('a', '2001-03-15', '2001-04-01'))).toMatchObject({ overlap: 'possible' });
    // Whole numbers are compared as such: '9' < '10'.
    expect(sharedData(of('b', '9', '10'), of('a', '9', '11'))).toMatchObject({ overlap: 'none' });
    expect(sharedData(on('b', byTime), on('a', byTime))).toMatchObject({ overlap: 'possible' });
    expect(sharedData(of('a', '9', '10'), of('a', '9', '10'))).toMatchObject({ sameFile: true, overlap: 'none' });
  });

  it('is possible with another split, with other columns, and where nothing is known', () => {
    expect(sharedData(on('a', Split.byRowHash({ train: 0.7, validation: 0.1, test: 0.2 }).toJSON()), on('a'))).toMatchObject({ sameFile: true, overlap: 'possible' });
    expect(sharedData(on('b', undefined, withColumns([Column.number('x'), Column.number('delay')])), on('a'))).toMatchObject({ sameFile: false, overlap: 'possible' });
    expect(sharedData(on('a'), undefined)).toEqual({ overlap: 'possible', note: expect.stringMatching(/not known any more/) as string });
  });
});

describe('the columns that a model is measured by', () => {
  it('are texts and booleans, then the others, never the label', () => {
    expect(sliceColumns(schema).map(({ name }) => name)).toEqual(['place', 'open', 'x']);
    const wide = withColumns([Column.number('delay'), ...Array.from({ length: 40 }, (_, index) => Column.number(`c${String(index)}`)), Column.string('text')]);
    expect(sliceColumns(wide)).toHaveLength(12);
    expect(sliceColumns(wide)[0]?.name).toBe('text');
  });

  it('are those asked for', () => {
    expect(sliceColumns(schema, ['x', 'delay']).map(({ name }) => name)).toEqual(['x']);
    expect(sliceColumns(schema, [])).toEqual([]);
  });
});
