import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mcnemar, pairedCells } from '../../../../model/evaluation/paired/call-bootstrap.ts';
import { delongVariance } from '../../../../model/evaluation/paired/delong.ts';
import { meanDifference } from '../../../../model/evaluation/paired/paired-t.ts';
import { comparePaired } from '../../../../model/evaluation/paired/paired.ts';
import { evaluate } from '../../../../model/evaluation/evaluate.ts';
import { metricsOf } from '../../../../model/spec/metrics.ts';
import { classified, measuredValues } from '../data.ts';
import { numbers } from '../../trainer/data.ts';

const labels = Float32Array.of(1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0);
const a = Float32Array.of(0.9, 0.8, 0.55, 0.4, 0.7, 0.1, 0.3, 0.5, 0.4, 0.6, 0.2);
const b = Float32Array.of(0.7, 0.6, 0.65, 0.3, 0.9, 0.2, 0.4, 0.5, 0.1, 0.8, 0.3);

/** A champion that is like the challenger but for noise. */
function noisy(predictions: Float32Array, size: number, seed: number): Float32Array {
  const random = numbers(seed);
  return predictions.map((value) => Math.min(1, Math.max(0, value + size * (random() - 0.5))));
}

describe('known values', () => {
  it('are those of the covariance of placement values (NumPy), for DeLong', () => {
    const { metrics } = comparePaired({ task: 'binary', labels, challenger: a, champion: b });
    const auc = metrics.find(({ metric }) => metric === 'auc')!;
    expect(auc.challenger).toBeCloseTo(0.8833333333333334, 12);
    expect(auc.champion).toBeCloseTo(0.7833333333333333, 12);
    expect(delongVariance(labels, a, b)).toBeCloseTo(0.007, 12);
    expect(auc.test).toMatchObject({ name: 'DeLong' });
    // 2 * norm.sf(0.1 / sqrt(0.007))
    expect(auc.test!.p).toBeCloseTo(0.23199772362873405, 10);
    expect(auc.low).toBeCloseTo(0.1 - 1.959963984540054 * Math.sqrt(0.007), 10);
  });

  it('are those of ttest_rel (SciPy), for means', () => {
    const [x, y] = [[1.2, 3.4, 2.2, 5.1, 4.4], [1, 3.9, 1.1, 4, 4.1]];
    expect(meanDifference(Float64Array.from(x, (value, row) => value - y[row]!))!.test!.p).toBeCloseTo(0.21967353397055273, 10);
  });

  it('are those of binomtest (SciPy), for McNemar', () => {
    const cells = [
      { rows: 794, truth: 1, challenger: 1, champion: 1 }, { rows: 86, truth: 0, challenger: 0, champion: 1 },
      { rows: 150, truth: 1, challenger: 0, champion: 1 }, { rows: 570, truth: 1, challenger: 0, champion: 0 },
    ];
    expect(mcnemar(cells).p).toBeCloseTo(3.7159361395713866e-5, 12);
  });
});

const inputs = [
  ['binary', { task: 'binary', ...classified(1500, ['no', 'yes'], 5) }],
  ['multiclass', { task: 'multiclass', ...classified(1500, ['a', 'b', 'c'], 5) }],
  ['regression', { task: 'regression', ...measuredValues(1500, 5) }],
] as const;

describe.each(inputs)('two models of %s', (task, { predictions, ...rows }) => {
  const worse = task === 'regression' ? predictions.map((value, row) => value + (row % 5) - 2) : noisy(predictions, 0.3, 1);
  // Probabilities of several classes have to sum up to 1.
  const champion = task === 'multiclass' ? worse.map((value, index) => value / (worse[index - (index % 3)]! + worse[index - (index % 3) + 1]! + worse[index - (index % 3) + 2]!)) : task === 'binary' ? worse.map((value, index) => (index % 2 === 0 ? 1 - worse[index + 1]! : value)) : worse;
  const compared = comparePaired({ ...rows, challenger: predictions, champion, replicates: 300 });

  it('are compared by every metric, with the values that the evaluation shows', () => {
    expect(compared.metrics.map(({ metric }) => metric)).toEqual(metricsOf(task));
    const ours = evaluate({ ...rows, predictions, bootstraps: 2 }).metrics as Record<string, { value: number }>;
    const theirs = evaluate({ ...rows, predictions: champion, bootstraps: 2 }).metrics as Record<string, { value: number }>;
    for (const { metric, challenger, champion: other, difference, low, high, confidence } of compared.metrics) {
      expect([metric, challenger, other, difference]).toEqual([metric, ours[metric]!.value, theirs[metric]!.value, ours[metric]!.value - theirs[metric]!.value]);
      expect(confidence).toBe(0.95);
      expect(low).toBeLessThanOrEqual(difference);
      expect(high).toBeGreaterThanOrEqual(difference);
    }
  });

  it('swap their signs when they change places', () => {
    const swapped = comparePaired({ ...rows, challenger: champion, champion: predictions, replicates: 300 });
    compared.metrics.forEach((one, index) => {
      const other = swapped.metrics[index]!;
      expect(other.difference).toBe(-one.difference);
      expect(other.standardDeviation).toBeCloseTo(one.standardDeviation, 2);
      expect(other.test?.p ?? 0).toBeCloseTo(one.test?.p ?? 0, 9);
    });
  });

  it('have wider intervals the surer they shall be, the same ones for a seed', () => {
    for (const { metric } of compared.metrics) {
      const [narrow, wide] = [compared.at(metric, 0.8)!, compared.at(metric, 0.99)!];
      expect(wide.low).toBeLessThan(narrow.low);
      expect(wide.high).toBeGreaterThan(narrow.high);
    }
    expect(comparePaired({ ...rows, challenger: predictions, champion, replicates: 300 }).metrics).toEqual(compared.metrics);
    expect(compared.at('nonsense', 0.9)).toBeUndefined();
  });

  it('are equal where one is the other', () => {
    for (const { difference, low, high, test } of comparePaired({ ...rows, challenger: predictions, champion: predictions, replicates: 50 }).metrics) {
      expect([difference, low, high]).toEqual([0, 0, 0]);
      if (test !== undefined) expect(test.p).toBe(1);
    }
  });
});

it('holds the true difference about as often as it says', () => {
  // Two equally good models of many small samples: 95 % intervals hold 0 in about 95 of 100.
  const held = new Map<string, number>();
  const samples = 120;
  for (let sample = 0; sample < samples; sample++) {
    const random = numbers(sample + 1);
    const truth = Float32Array.from({ length: 150 }, () => random());
    const drawn = Float32Array.from(truth, (p) => (random() < p ? 1 : 0));
    const model = (): Float32Array => truth.map((p) => Math.min(0.99, Math.max(0.01, p + 0.3 * (random() - 0.5))));
    for (const { metric, low, high } of comparePaired({ task: 'binary', labels: drawn, challenger: model(), champion: model(), replicates: 200 }).metrics) held.set(metric, (held.get(metric) ?? 0) + (low <= 0 && high >= 0 ? 1 : 0));
  }
  for (const [metric, times] of held) expect([metric, times / samples > 0.88]).toEqual([metric, true]);
});

it('says nothing of a metric that a model does not have', () => {
  const { metrics } = comparePaired({ task: 'binary', labels: Float32Array.of(1, 1, 1), challenger: Float32Array.of(0.5, 0.6, 0.7), champion: Float32Array.of(0.4, 0.6, 0.7) });
  expect(metrics.map(({ metric }) => metric)).not.toContain('auc');
  const constant = comparePaired({ task: 'regression', labels: Float32Array.of(1, 1, 1), challenger: Float32Array.of(1, 2, 1), champion: Float32Array.of(1, 1, 2) });
  expect(constant.metrics.map(({ metric }) => metric)).not.toContain('r2');
});

it('keeps each row once in its cells', () => {
  const call = fc.integer({ min: 0, max: 2 });
  fc.assert(fc.property(fc.array(fc.tuple(call, call, call)), (rows) => {
    const cells = pairedCells({ labels: rows.map(([truth]) => truth), challenger: rows.map(([, ours]) => ours), champion: rows.map(([, , theirs]) => theirs), classes: 3 });
    expect(cells.reduce((sum, cell) => sum + cell.rows, 0)).toBe(rows.length);
    for (const cell of cells) expect(rows.filter(([truth, ours, theirs]) => truth === cell.truth && ours === cell.challenger && theirs === cell.champion)).toHaveLength(cell.rows);
  }));
});
