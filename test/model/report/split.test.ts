import { describe, expect, it } from 'vitest';
import { evaluateBinary } from '../../../model/evaluation/evaluate.ts';
import { renderReport } from '../../../model/report/report.ts';
import type { SplitSummary } from '../../../model/spec/split-summary.ts';

const evaluation = evaluateBinary({ labels: Uint8Array.of(0, 1, 0, 1), probabilities: Float32Array.of(0.1, 0.7, 0.4, 0.3), bootstraps: 5 });

function page(splitBy?: SplitSummary): string {
  return renderReport({
    title: 'flights', createdAt: '2026-11-20T18:40:12Z', evaluation, gates: [],
    data: { rows: 1100, split: { train: 800, validation: 120, test: 80 }, ...(splitBy === undefined ? {} : { splitBy }) },
    lineage: { dataset: { bucket: 'b', key: 'k', sha256: 'd' }, execution: { name: 'r', arn: 'a' }, trainer: 't', hyperparameters: {}, artifact: { bucket: 'b', key: 'k', sha256: 'a' } },
  });
}

describe('what was held out', () => {
  it('are the newest rows: with the times of each part, and why it matters', () => {
    const times = { train: { from: '2001-01-01T00:01:00', to: '2001-03-08T12:00:00' }, validation: { from: '2001-03-08T12:05:00', to: '2001-03-20T23:59:00' }, test: { from: '2001-03-21T00:00:00', to: '2001-03-31T23:50:00' } };
    const html = page({ kind: 'time', column: 'date', unplacedRows: 7, times });
    for (const text of ['<h2>What was held out?</h2>', 'The newest rows, by <code>date</code>', 'days that it has not seen', '2001-03-21 00:00:00', '2001-03-31 23:50:00', '80.0', '7 rows with a label have no <code>date</code>', '93 without a label and 7 without a time, in no part']) {
      expect(html).toContain(text);
    }
  });

  it('are whole groups: with how many of them each part has', () => {
    const html = page({ kind: 'group', column: 'customer', unplacedRows: 0, groups: { train: 4001, validation: 502, test: 503 } });
    for (const text of ['Whole groups, by <code>customer</code>', 'groups that it has not seen', '4,001', '502', '100 without a label, in no part']) expect(html).toContain(text);
    expect(html).not.toContain('without a group');
  });

  it('are a random share: with what that cannot tell', () => {
    const html = page({ kind: 'rowHash', unplacedRows: 0 });
    for (const text of ['A random share of the rows', 'more rows like these', 'Split.byTime', 'Split.byGroup']) expect(html).toContain(text);
  });

  it('escapes what users write, and says nothing of what is not known', () => {
    expect(page({ kind: 'group', column: '<b>', unplacedRows: 1, groups: { train: 1, validation: 1, test: 1 } })).not.toContain('<code><b>');
    expect(page()).not.toContain('What was held out?');
  });
});
