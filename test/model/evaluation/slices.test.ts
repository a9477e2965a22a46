import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../model/evaluation/evaluate.ts';
import { partsOf } from '../../../model/evaluation/slice-parts.ts';
import { slices } from '../../../model/evaluation/slices.ts';
import { classified, measuredValues } from './data.ts';

describe('partsOf', () => {
  it('holds each row once, and rows of one value together', () => {
    const value = fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -20, max: 20 }), fc.double({ min: -5, max: 5, noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 150 }), (values) => {
        const parts = partsOf(values, 'number', 1);
        expect(parts.flatMap((part) => part.rows).toSorted((a, b) => a - b)).toEqual([...values.keys()]);
        expect(parts.length).toBeLessThanOrEqual(11);
        for (const [row, entry] of values.entries()) {
          const mine = parts.find((part) => part.rows.includes(row))!;
          expect(values.every((other, index) => other !== entry || mine.rows.includes(index))).toBe(true);
        }
      }),
    );
  });

  it('puts rare texts and those beyond twenty together', () => {
    const values = [...Array.from({ length: 100 }, (_, row) => `v${String(row % 25)}`), 'rare', null];
    const parts = partsOf(values, 'string', 2);
    expect(parts).toHaveLength(22);
    expect(parts.slice(-2).map(({ name, rows }) => [name, rows.length])).toEqual([['6 other values', 21], ['missing', 1]]);
  });

  it('names values by their type', () => {
    expect(partsOf([0, 1, Number.NaN], 'boolean', 1).map((part) => part.name)).toEqual(['false', 'true', 'missing']);
    expect(partsOf([982_540_800], 'timestamp', 1).map((part) => part.name)).toEqual(['2001-02-19']);
    expect(partsOf(Array.from({ length: 1000 }, (_, row) => row), 'integer', 1).map((part) => part.name)).toEqual(['0 to 199', '200 to 399', '400 to 599', '600 to 799', '800 to 999']);
  });
});

describe('slices', () => {
  it('finds the part that the model does not know, and says that it is no chance', () => {
    const rows = measuredValues(3000, 1);
    const values = Array.from({ length: 3000 }, (_, row) => ['north', 'south', 'west'][row % 3]!);
    const labels = rows.labels.map((label, row) => (row % 3 === 1 ? label + 8 : label));
    const table = slices({ task: 'regression', ...rows, labels, column: { name: 'region', type: 'string' }, values });
    expect(table).toMatchObject({ column: 'region', metric: 'mae', unmeasured: 0 });
    expect(table.slices.map(({ name, worse }) => [name, worse])[0]).toEqual(['south', true]);
    expect(table.slices.filter(({ worse }) => worse)).toHaveLength(1);
    const south = Uint32Array.from({ length: 1000 }, (_, index) => index * 3 + 1);
    const alone = evaluate({ task: 'regression', labels: Float32Array.from(south, (row) => labels[row]!), predictions: Float32Array.from(south, (row) => rows.predictions[row]!) });
    expect(table.slices[0]!.metric.value).toBe(alone.metrics.mae.value);
    expect(table.overall).toBe(evaluate({ task: 'regression', ...rows, labels }).metrics.mae.value);
  });

  it('measures several classes and two classes by the metric asked for', () => {
    const multi = classified(600, ['a', 'b', 'c'], 2);
    const table = slices({ task: 'multiclass', ...multi, column: { name: 'x', type: 'integer' }, values: Float64Array.from({ length: 600 }, (_, row) => row % 2), metric: 'macro_f1' });
    expect(table.slices.map(({ rows }) => rows)).toEqual([300, 300]);
    expect(table.slices[0]!.metric.value).toBeLessThanOrEqual(table.slices[1]!.metric.value);
    const two = classified(600, ['no', 'yes'], 2);
    expect(slices({ task: 'binary', ...two, column: { name: 'x', type: 'integer' }, values: Float64Array.from({ length: 600 }, (_, row) => row % 2), metric: 'log_loss' }).slices[0]!.metric.value).toBeGreaterThan(0);
  });

  it('puts a part of one class, of which there is no AUC, last, and small parts aside', () => {
    const { labels, predictions } = classified(300, ['no', 'yes'], 4);
    const values = Array.from(labels, (label, row) => (row < 10 ? 'tiny' : label === 0 && row < 150 ? 'only no' : 'both'));
    const table = slices({ task: 'binary', labels, predictions, column: { name: 'x', type: 'string' }, values });
    expect(table.slices.map(({ name, worse }) => [name, worse])).toEqual([['both', expect.any(Boolean)], ['only no', false]]);
    expect(table.unmeasured).toBe(10);
  });

  it('takes no share of nothing for a weakness', () => {
    const labels = Float32Array.from({ length: 100 }, (_, row) => (row < 50 ? 0 : row % 2));
    const predictions = Float32Array.from({ length: 100 }, (_, row) => (row < 50 ? 0.1 : row % 2 === 1 ? 0.9 : 0.4));
    const by = (metric: string) => slices({ task: 'binary', labels, predictions, column: { name: 'half', type: 'string' }, values: Array.from(labels, (_, row) => (row < 50 ? 'no case' : 'cases')), metric }).slices.map(({ name, metric: { value } }) => [name, value]);
    for (const metric of ['recall', 'f1', 'precision', 'auc']) expect([metric, ...by(metric)]).toEqual([metric, ['cases', 1], ['no case', Number.NaN]]);
    expect(by('accuracy').map(([, value]) => value)).toEqual([1, 1]);
  });

  it('names what it cannot do', () => {
    const rows = measuredValues(50, 1);
    const column = { name: 'x', type: 'number' } as const;
    expect(() => slices({ task: 'regression', ...rows, column, values: [1] })).toThrow('Column "x" has 1 values for 50 labels');
    expect(() => slices({ task: 'regression', ...rows, column, values: new Float64Array(50), metric: 'auc' })).toThrow('The metric is "auc", expected one of rmse, mae, mse, r2.');
  });
});
