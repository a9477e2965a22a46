import { describe, expect, it } from 'vitest';
import { evaluateBinary } from '../../../model/evaluation/evaluate.ts';
import type { ReportInput } from '../../../model/report/input.ts';
import { renderReport } from '../../../model/report/report.ts';
import { gateSentence } from '../../../model/report/verdict.ts';
import { numbers } from '../trainer/data.ts';

const random = numbers(1);
const probabilities = Float32Array.from({ length: 2000 }, () => random() ** 2);
const labels = Uint8Array.from(probabilities, (probability) => (random() < probability ? 1 : 0));
const evaluation = evaluateBinary({ labels, probabilities, bootstraps: 20 });
const gate = { metric: 'auc', comparison: 'above' as const, threshold: 0.7, value: evaluation.metrics.auc.value, passed: true };
const input: ReportInput = {
  title: 'flight-delays', createdAt: '2026-11-20T18:40:12.345Z', positiveClass: 'late', evaluation, gates: [gate],
  data: {
    rows: 3_000_000, split: { train: 2_400_000, validation: 300_000, test: 300_000 },
    columns: [{ name: 'delay', type: 'integer', nullShare: 0.00004, range: '-1,160 to 1,399' }, { name: 'origin', type: 'string', nullShare: 0 }],
    warnings: ['12,345 rows stand in the file more than once.'],
  },
  lineage: {
    dataset: { bucket: 'data', key: 'raw/flights.parquet', versionId: 'v7', sha256: 'd'.repeat(64) },
    execution: { name: 'run-1', arn: 'arn:aws:states:us-east-1:000000000000:execution:flight-delays:run-1' },
    trainer: 'slipway-histogram 0.1.0', trainingJob: 'job-1', hyperparameters: { num_round: '100', eta: '0.2' },
    artifact: { bucket: 'artifacts', key: 'models/flight-delays/run-1/model.tar.gz', sha256: 'a'.repeat(64), bytes: 341_234 }, gitCommit: 'c0ffee',
  },
  importance: [{ feature: 'hour', share: 0.7 }, { feature: 'origin', share: 0.3 }],
};

describe('the report', () => {
  it('shows verdict, metrics, data and lineage', () => {
    const page = renderReport(input);
    for (const text of [
      '✓ Passed', `AUC ${evaluation.metrics.auc.value.toFixed(3)} passes the gate (above 0.7) by`, '2026-11-20 18:40:12 UTC', '3,000,000 rows', '2,400,000 training',
      '-1,160 to 1,399', '0.004\u00a0%', '12,345 rows stand', 's3://data/raw/flights.parquet', 'v7', 'd'.repeat(64), 'run-1', 'job-1', 'slipway-histogram 0.1.0', 'num_round', 'a'.repeat(64),
      '341.2 kB', 'c0ffee', `± ${evaluation.metrics.auc.standardDeviation.toFixed(4)}`, 'hour',
    ]) expect(page).toContain(text);
    expect(page.match(/<svg/g)).toHaveLength(4);
  });

  it('is one page that asks nothing of any server', () => {
    const page = renderReport(input);
    expect(page.length).toBeLessThan(1_000_000);
    expect(page).not.toMatch(/<script|<link|<img|url\(|@import|https?:\/\//);
    expect(page).toContain('prefers-color-scheme:dark');
    expect(page).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  it('says which gate was missed, by how much, and what that means', () => {
    const missed = { ...gate, threshold: 0.95, passed: false };
    const page = renderReport({ ...input, gates: [gate, missed] });
    expect(page).toContain('✕ Not passed');
    expect(page).toContain(`misses the gate (above 0.95) by ${(0.95 - gate.value).toFixed(3)}.`);
    expect(page).toContain('it misses 1 of 2 gates, so it is not registered');
    expect(page.match(/<span class="badge[^>]*>(passed|not passed)</g)).toHaveLength(2);
  });

  it('says how many rows are in no part', () => {
    expect(renderReport(input)).not.toContain('without a label');
    expect(renderReport({ ...input, data: { ...input.data, rows: 3_000_123 } })).toContain('123 without a label, in no part');
  });

  it('escapes what users write', () => {
    const evil = `<script>alert("x")</script>&'`;
    const page = renderReport({
      ...input, title: evil, positiveClass: evil, createdAt: evil,
      data: { ...input.data, columns: [{ name: evil, type: evil, nullShare: 0, range: evil }], warnings: [evil] },
      lineage: { ...input.lineage, trainer: evil, hyperparameters: { [evil]: evil }, dataset: { bucket: evil, key: evil, sha256: evil } },
      importance: [{ feature: evil, share: 1 }], gates: [{ ...gate, metric: evil }],
    });
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;');
  });

  it('survives a trip through JSON, empty bins and a single class', () => {
    const single = evaluateBinary({ labels: Uint8Array.of(0, 0, 0), probabilities: Float32Array.of(0.1, 0.2, 0.7), bootstraps: 5 });
    const failed = { ...gate, value: Number.NaN, passed: false };
    const page = renderReport(JSON.parse(JSON.stringify({ ...input, evaluation: single, gates: [failed], importance: undefined })) as ReportInput);
    expect(page).toContain('AUC could not be computed');
    expect(page).not.toMatch(/NaN|undefined|null|Infinity/);
  });
});

describe('a gate in words', () => {
  it.each([
    [{ metric: 'auc', comparison: 'above', threshold: 0.7, value: 0.738, passed: true }, 'AUC 0.738 passes the gate (above 0.7) by 0.038.'],
    [{ metric: 'log_loss', comparison: 'below', threshold: 0.4, value: 0.45, passed: false }, 'Log loss 0.450 misses the gate (below 0.4) by 0.050.'],
    [{ metric: 'auc', comparison: 'above', threshold: 0.7, value: 0.700_04, passed: true }, 'AUC 0.700 passes the gate (above 0.7) by 0.000040.'],
    [{ metric: 'auc', comparison: 'above', threshold: 0.7, value: 0.7, passed: false }, 'AUC 0.700 misses the gate (above 0.7) by 0.000.'],
    [{ metric: 'auc', comparison: 'above', threshold: 0.7, value: 0.738, passed: true, distance: 0.038, deviations: 34.2 }, 'AUC 0.738 passes the gate (above 0.7) by 0.038, 34 standard deviations.'],
    [
      { metric: 'recall', comparison: 'above', threshold: 0.6, inEachSlice: { column: 'island', minimumRows: 30 }, value: 0.41, passed: false, distance: -0.19, deviations: -2.14, slice: { name: 'Torgersen', rows: 38, judged: 3, missed: 2 } },
      'Recall 0.410 where island is Torgersen (38 rows, 2 of 3 parts miss it) misses the gate (above 0.6 in each part by island) by 0.190, 2.1 standard deviations.',
    ],
    [
      { metric: 'auc', comparison: 'notWorseThanChampion', margin: 0.005, value: 0.738, passed: true, distance: 0.003, champion: { modelVersion: '3', value: 0.74, difference: -0.002, low: -0.0051, high: 0.0012, confidence: 0.95 } },
      'AUC 0.738 passes the gate (at most 0.005 worse than the champion): version 3 has 0.740 on the same rows, so this model is 0.002 worse, somewhere between −0.005 and +0.001 at 95\u00a0% confidence.',
    ],
    [{ metric: 'auc', comparison: 'betterThanChampion', margin: 0, value: 0.738, passed: true, note: 'no model is served yet' }, 'AUC passes the gate (better than the champion): no model is served yet.'],
  ] as const)('%j', (verdict, sentence) => {
    expect(gateSentence(verdict)).toBe(sentence);
  });
});

describe('what the figures mean', () => {
  it('is said in words and hundreds', () => {
    const page = renderReport(input);
    expect(page).toContain('Of 100 rows that it calls “late”, 74 are. Of 100 that are, it finds 67.');
    expect(page).toContain('gives the right one the higher probability in 88 of 100 cases; guessing would in 50.');
  });
});

describe('the champion', () => {
  const metric = { metric: 'auc', challenger: 0.75, champion: 0.74, difference: 0.01, standardDeviation: 0.002, low: 0.006, high: 0.014, confidence: 0.95, test: { name: 'DeLong', p: 0.00001 } };
  const loss = { ...metric, metric: 'log_loss', challenger: 0.5, champion: 0.49, test: { name: 'paired t', p: 0.2 } };
  const compared = { state: 'compared', modelVersion: '3', modelPackageArn: 'arn', rows: 2000, metrics: [metric, loss, { ...metric, metric: 'f1', low: -0.01, test: undefined }], data: { overlap: 'none', note: 'Neither has learned from <these>.' } } as const;

  it('stands beside the model, with what is clearly better or worse', () => {
    const page = renderReport(JSON.parse(JSON.stringify({ ...input, champion: compared })) as ReportInput);
    for (const text of ['This model and version 3', '1 of 3 metrics is clearly better, 1 clearly worse', '+0.0060 to +0.0140', '&lt; 0.0001', '0.20', 'DeLong, paired t', 'no clear difference', 'Neither has learned from &lt;these&gt;.']) expect(page).toContain(text);
    expect(page).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  it('is said to be missing, or why it cannot be compared', () => {
    expect(renderReport({ ...input, champion: { state: 'none', reason: 'no model is served yet' } })).toContain('nothing to compare with: no model is served yet.');
    expect(renderReport({ ...input, champion: { state: 'incomparable', modelVersion: '3', modelPackageArn: 'arn', reason: "it needs columns that have changed: '<x>' is no column any more" } })).toContain('cannot be compared: it needs columns that have changed: &#39;&lt;x&gt;&#39;');
    expect(renderReport(input)).not.toContain('Is it better than what is served?');
  });
});

describe('the latency', () => {
  it('names the machine, and is not shown where it was not measured', () => {
    const latency = { machine: 'a Lambda function with 3,008 MB on arm64', singleRow: { calls: 500, p50Ms: 0.0873, p99Ms: 1.234 }, batch: { rows: 1000, calls: 9, rowsPerSecond: 123_456 } };
    const page = renderReport({ ...input, latency });
    for (const text of ['3,008 MB on arm64', '0.087', '1.2', '123,456', '500 calls']) expect(page).toContain(text);
    expect(renderReport(input)).not.toContain('How fast is it?');
  });
});
