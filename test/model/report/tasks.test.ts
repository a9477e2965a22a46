import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../model/evaluation/evaluate.ts';
import type { Evaluation } from '../../../model/evaluation/evaluate.ts';
import { slices } from '../../../model/evaluation/slices.ts';
import type { ReportInput } from '../../../model/report/input.ts';
import { scale } from '../../../model/report/plot.ts';
import { renderReport } from '../../../model/report/report.ts';
import { classified, measuredValues } from '../evaluation/data.ts';

const inputOf = (evaluation: Evaluation): ReportInput => ({
  title: 'a-model', createdAt: '2026-11-20T18:40:12.345Z', target: 'the target', evaluation, gates: [],
  data: { rows: 400, split: { train: 300, validation: 50, test: 50 } },
  lineage: {
    dataset: { bucket: 'data', key: 'raw/a.csv', sha256: 'd'.repeat(64) },
    execution: { name: 'run-1', arn: 'arn:aws:states:us-east-1:000000000000:execution:a:run-1' },
    trainer: 'slipway-histogram 0.1.0', hyperparameters: {}, artifact: { bucket: 'artifacts', key: 'models/a/run-1/model.tar.gz', sha256: 'a'.repeat(64) },
  },
});
const ownPage = (page: string): void => {
  expect(page.length).toBeLessThan(1_000_000);
  expect(page).not.toMatch(/<script|<link|<img|url\(|@import|https?:\/\//);
  expect(page).not.toMatch(/NaN|undefined|null|Infinity/);
};
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `c${String(index)}`);

describe('the report of several classes', () => {
  const evaluation = evaluate({ task: 'multiclass', ...classified(500, ['Adelie', 'Chinstrap', 'Gentoo'], 3), bootstraps: 10 });

  it('shows the matrix, each class and how sure the model is', () => {
    const page = renderReport({ ...inputOf(evaluation), gates: [{ metric: 'macro_f1', comparison: 'above', threshold: 0.1, value: evaluation.metrics.macro_f1.value, passed: true }] });
    ownPage(page);
    for (const text of [
      `Macro F1 ${evaluation.metrics.macro_f1.value.toFixed(3)} passes the gate (above 0.1) by`, '3 classes of “the target”', 'Macro F1 · gate', 'Each class', 'Calibration', 'How sure it is',
      `${String(evaluation.confusion[0]![2])} of ${String(evaluation.classes[0]!.rows)} “Adelie” are called “Gentoo”`, 'Always answering',
    ]) expect(page).toContain(text);
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page.match(/class="cell/g)).toHaveLength(9);
  });

  it('lists the class that is hardest to tell first, and those without rows last', () => {
    const page = renderReport(inputOf(evaluate({
      task: 'multiclass', classes: ['easy', 'unseen', 'hard'], labels: Float32Array.of(0, 0, 2, 2),
      predictions: Float32Array.of(0.8, 0.1, 0.1, 0.7, 0.2, 0.1, 0.6, 0.1, 0.3, 0.1, 0.2, 0.7),
    })));
    const order = [...page.matchAll(/<tr><td>(easy|hard|unseen)</g)].map((match) => match[1]);
    expect(order).toEqual(['hard', 'easy', 'unseen']);
    expect(page).toContain('easy (1)');
    ownPage(page);
  });

  it('stays one small page for a hundred classes', () => {
    const page = renderReport(inputOf(evaluate({ task: 'multiclass', ...classified(50_000, names(100), 3), bootstraps: 2 })));
    ownPage(page);
    expect(page).toContain('class="heatmap"');
    expect(page).toContain('and 75 more');
    expect(page.length).toBeLessThan(300_000);
  });

  it('escapes the names of classes, and survives JSON', () => {
    const evil = `<script>alert("x")</script>&'`;
    const page = renderReport(JSON.parse(JSON.stringify({ ...inputOf(evaluate({ task: 'multiclass', ...classified(90, ['a', evil], 1), bootstraps: 2 })), target: evil })) as ReportInput);
    ownPage(page);
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)');
  });
});

describe('the report of a regression', () => {
  const evaluation = evaluate({ task: 'regression', ...measuredValues(400, 3), bootstraps: 10 });

  it('shows predictions beside values, errors and how far off they are', () => {
    const page = renderReport({ ...inputOf(evaluation), gates: [{ metric: 'rmse', comparison: 'below', threshold: 0.5, value: evaluation.metrics.rmse.value, passed: false }] });
    ownPage(page);
    for (const text of [
      `RMSE ${evaluation.metrics.rmse.value.toFixed(3)} misses the gate (below 0.5) by`, 'RMSE · gate', 'their “the target” lies between', 'Predicted the target', 'Actual less predicted', 'How far off',
      'Always answering their mean', '8 of 10',
    ]) expect(page).toContain(text);
    expect(page.match(/<svg/g)).toHaveLength(3);
    expect(page.match(/<circle class="spot"/g)).toHaveLength(evaluation.scatter.cells.length);
  });

  it('says which way the model leans where that is more than chance', () => {
    const rows = measuredValues(400, 3);
    expect(renderReport(inputOf(evaluation))).toContain('neither too much nor too little');
    expect(renderReport(inputOf(evaluate({ task: 'regression', labels: rows.labels.map((label) => label + 5), predictions: rows.predictions })))).toMatch(/says [\d.]+ too little/);
    expect(renderReport(inputOf(evaluate({ task: 'regression', labels: rows.labels.map((label) => label - 5), predictions: rows.predictions })))).toMatch(/says [\d.]+ too much/);
  });

  it.each([
    ['a single row', [3], [4]],
    ['equal labels', [2, 2, 2], [1, 2, 3]],
    ['a perfect model', [1, 2, 3], [1, 2, 3]],
    ['huge numbers', [1e30, 2e30, -3e30], [2e30, 1e30, 1]],
    ['tiny numbers', [1e-9, 2e-9, 3e-9], [2e-9, 1e-9, 4e-9]],
    ['far from zero', [1e7, 1e7 + 1, 1e7 + 2], [1e7, 1e7 + 2, 1e7 + 1]],
  ])('draws %s', (_, labels, predictions) => {
    const drawn = evaluate({ task: 'regression', labels: Float32Array.from(labels), predictions: Float32Array.from(predictions), bootstraps: 5 });
    ownPage(renderReport(JSON.parse(JSON.stringify(inputOf(drawn))) as ReportInput));
  });

  it('stays small for very many rows', () => {
    const page = renderReport(inputOf(evaluate({ task: 'regression', ...measuredValues(100_000, 3), bootstraps: 2 })));
    ownPage(page);
    expect(page.length).toBeLessThan(300_000);
    expect(page).toContain('<rect class="spot"');
    expect(page).toContain('further out than is drawn');
  });
});

describe('the report of two classes', () => {
  it('shows what other thresholds would do', () => {
    const page = renderReport({ ...inputOf(evaluate({ task: 'binary', ...classified(500, ['no', 'yes'], 2), bootstraps: 5 })), positiveClass: 'yes' });
    ownPage(page);
    expect(page).toContain('Choosing a threshold');
    expect(page).toMatch(/used here/);
    expect(page).toMatch(/best F1/);
  });
});

describe('the weakest parts', () => {
  const rows = measuredValues(600, 1);
  const labels = rows.labels.map((label, row) => (row % 3 === 1 ? label + 8 : label));
  const evaluation = evaluate({ task: 'regression', ...rows, labels, bootstraps: 5 });
  const by = (name: string, values: string[]) => slices({ task: 'regression', ...rows, labels, column: { name, type: 'string' }, values });

  it('come first, and are said to be no chance', () => {
    const even = by('even', Array.from(labels, (_, row) => (Math.floor(row / 3) % 2 === 0 ? 'a' : 'b')));
    const region = by('region', Array.from(labels, (_, row) => ['north', '<b>', 'west'][row % 3]!));
    const page = renderReport({ ...inputOf(evaluation), slices: [even, region] });
    ownPage(page);
    expect(page).toContain('Where is it weakest?');
    expect([...page.matchAll(/<summary><code>(\w+)/g)].map((match) => match[1])).toEqual(['region', 'even']);
    expect(page).toContain('&lt;b&gt;');
    expect(page).toContain('1 part is clearly worse');
    expect(page.match(/<details open>/g)).toHaveLength(1);
  });

  it('leave the page small, however many columns and however long their values', () => {
    const long = by('long', Array.from(labels, (_, row) => `${'x'.repeat(20_000)}${String(row % 20)}`));
    const page = renderReport({ ...inputOf(evaluation), slices: Array.from({ length: 200 }, (_, index) => ({ ...long, column: `c${String(index)}` })) });
    ownPage(page);
    expect(page).toContain('The other 170 columns stand in slices.json.');
    expect(page).toContain(`${'x'.repeat(79)}…`);
  });

  it('are not spoken of where there are none', () => {
    expect(renderReport(inputOf(evaluation))).not.toContain('weakest');
    const few = by('few', Array.from(labels, (_, row) => String(row)).map((text) => text));
    ownPage(renderReport({ ...inputOf(evaluation), slices: [{ ...few, slices: [], unmeasured: 600 }] }));
  });
});

describe('what a model cannot do without', () => {
  it.each([
    ['regression', evaluate({ task: 'regression', ...measuredValues(60, 1), bootstraps: 2 }), 'mae'],
    ['multiclass', evaluate({ task: 'multiclass', ...classified(60, names(3), 1), bootstraps: 2 }), 'accuracy'],
    ['binary', evaluate({ task: 'binary', ...classified(60, names(2), 1), bootstraps: 2 }), 'auc'],
  ] as const)('is shown for %s', (_, evaluation, metric) => {
    const columns = [{ column: '<b>', loss: 0.25, standardDeviation: 0.01 }, { column: 'unused', loss: -0.001, standardDeviation: 0.002 }];
    const page = renderReport({ ...inputOf(evaluation), permutation: { metric, rows: 60, value: 0.9, columns } });
    ownPage(page);
    expect(page).toContain('What it cannot do without');
    expect(page).toContain('&lt;b&gt;</td>');
    expect(page).toMatch(/0\.250? <span class="soft">± 0\.01/);
    expect(renderReport(inputOf(evaluation))).not.toContain('cannot do without');
  });
});

describe('scale', () => {
  it.each([
    [0, 43, 0, 50, ['0', '10', '20', '30', '40', '50']],
    [-6.8, 6.8, -10, 10, ['-10', '-5', '0', '5', '10']],
    [0.1, 0.43, 0.1, 0.5, ['0.1', '0.2', '0.3', '0.4', '0.5']],
    [3, 3, 2.5, 3.5, ['2.5', '2.75', '3', '3.25', '3.5']],
    [1e7, 1e7 + 2, 1e7, 1e7 + 2, ['10M', '10.0000005M', '10.000001M', '10.0000015M', '10.000002M']],
    [0, 3e6, 0, 3e6, ['0', '1M', '2M', '3M']],
    [-3e30, 3e30, -4e30, 4e30, ['-4E30', '-2E30', '0', '2E30', '4E30']],
    [0, 3e-9, 0, 3e-9, ['0', '1E-9', '2E-9', '3E-9']],
  ])('from %d to %d', (from, to, lower, upper, ticks) => {
    const axis = scale(from, to);
    expect(axis.lower / (lower || 1)).toBeCloseTo(lower === 0 ? 0 : 1, 12);
    expect(axis.upper / upper).toBeCloseTo(1, 12);
    expect(axis.ticks).toEqual(ticks);
    expect(axis.at(axis.lower)).toBe(0);
    expect(axis.at(axis.upper)).toBe(1);
  });
});
