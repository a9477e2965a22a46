import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gateDemand, gateSentence } from '../../../model/evaluation/gate-sentence.ts';
import { judge } from '../../../model/evaluation/judge.ts';
import type { ChampionEvidence, JudgedEvidence } from '../../../model/evaluation/judge.ts';
import type { PairedMetric } from '../../../model/evaluation/paired/paired.ts';
import type { SliceTable } from '../../../model/evaluation/slices.ts';
import { Gate } from '../../../model/spec/gate.ts';

const part = (name: string, rows: number, value: number) => ({ name, rows, metric: { value, standardDeviation: 0.05 }, worse: false });
const table = (...slices: SliceTable['slices'][number][]): SliceTable => ({ column: 'island', metric: 'recall', overall: 0.7, slices, unmeasured: 0 });
const none: ChampionEvidence = { state: 'none', reason: 'no model is served yet' };
const paired = (metric: string, challenger: number, champion: number): PairedMetric => {
  const difference = challenger - champion;
  return { metric, challenger, champion, difference, standardDeviation: 0.002, low: difference - 0.004, high: difference + 0.005, confidence: 0.95 };
};
const against = (...metrics: PairedMetric[]): ChampionEvidence => ({ state: 'compared', modelVersion: '3', at: (name, confidence) => metrics.filter(({ metric }) => metric === name).map((metric) => ({ ...metric, confidence }))[0] });
const evidence = (metrics: Record<string, number>, changes: Partial<JudgedEvidence> = {}): JudgedEvidence => ({
  metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, { value, standardDeviation: 0.01 }])),
  slicesBy: () => table(),
  champion: none,
  ...changes,
});
const verdictOf = (gate: Gate, found: JudgedEvidence) => judge([gate.toJSON()], found)[0]!;
const sentenceOf = (gate: Gate, found: JudgedEvidence): string => gateSentence(verdictOf(gate, found));

describe('a gate with a bound', () => {
  it('judges strictly, and never passes a missing metric or one of another task', () => {
    const gates = [Gate.metric('auc').above(0.7), Gate.metric('log_loss').below(0.5), Gate.metric('f1').above(0), Gate.metric('r2').above(0)].map((gate) => gate.toJSON());
    expect(judge(gates, evidence({ auc: 0.7, log_loss: 0.4, r2: Number.NaN })).map((verdict) => verdict.passed)).toEqual([false, true, false, false]);
  });

  it('says by how much, also beside chance', () => {
    expect(verdictOf(Gate.metric('auc').above(0.7), evidence({ auc: 0.73 }))).toMatchObject({ metric: 'auc', comparison: 'above', threshold: 0.7, value: 0.73, passed: true });
    expect(verdictOf(Gate.metric('log_loss').below(0.5), evidence({ log_loss: 0.52 }))).toMatchObject({ passed: false, distance: expect.closeTo(-0.02, 12) as number, deviations: expect.closeTo(-2, 9) as number });
    expect(sentenceOf(Gate.metric('auc').above(0.72), evidence({ auc: 0.73812345 }))).toBe('auc 0.7381 is above 0.72 by 0.0181 (1.8 standard deviations)');
    expect(sentenceOf(Gate.metric('auc').above(0.99), evidence({ auc: 0.73812345 }))).toBe('auc 0.7381 is not above 0.99: 0.2519 short (25 standard deviations)');
    expect(sentenceOf(Gate.metric('log_loss').below(0.5), evidence({ log_loss: 0.61 }))).toBe('log_loss 0.61 is not below 0.5: 0.11 over (11 standard deviations)');
    expect(sentenceOf(Gate.metric('auc').above(0.7), evidence({ auc: Number.NaN }))).toBe('auc could not be computed and is not above 0.7');
    expect(sentenceOf(Gate.metric('auc').above(0.7), evidence({}))).toBe('auc could not be computed and is not above 0.7');
  });

  it('never shows what contradicts its verdict', () => {
    expect(sentenceOf(Gate.metric('auc').above(0.72), evidence({ auc: 0.7199999 }))).toMatch(/^auc 0\.7199999 is not above 0\.72: 1e-7 short/);
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: -1e-6, max: 1e-6, noNaN: true }), (threshold, distance) => {
      const found = evidence({ auc: threshold + distance });
      const shown = Number(/^auc (\S+) /.exec(sentenceOf(Gate.metric('auc').above(threshold), found))?.[1]);
      if (verdictOf(Gate.metric('auc').above(threshold), found).passed) expect(shown).toBeGreaterThanOrEqual(threshold);
      else expect(shown).toBeLessThanOrEqual(threshold);
    }));
  });
});

describe('a gate in each slice', () => {
  const gate = Gate.metric('recall').above(0.6).inEachSlice('island', { minimumRows: 20 });

  it('asks for the table of its column, metric and rows, and stands on the worst part', () => {
    const asked: unknown[] = [];
    const slicesBy = (...question: unknown[]): SliceTable => {
      asked.push(question);
      return table(part('Dream', 52, 0.71), part('Biscoe', 60, 0.9));
    };
    const found = evidence({ recall: 0.1 }, { slicesBy });
    expect(sentenceOf(gate, found)).toBe('recall is above 0.6 in each of 2 parts by island, the worst 0.71 where island is Dream (52 rows)');
    expect(asked).toEqual([['island', 'recall', 20]]);
  });

  it('is missed where one part misses it, however good all rows are', () => {
    const found = evidence({ recall: 0.99 }, { slicesBy: () => table(part('Torgersen', 38, 0.41), part('Dream', 52, 0.55), part('Biscoe', 60, 0.9), part('none', 40, Number.NaN)) });
    expect(verdictOf(gate, found)).toMatchObject({ passed: false, value: 0.41, slice: { name: 'Torgersen', rows: 38, judged: 3, missed: 2 } });
    expect(sentenceOf(gate, found)).toBe('recall 0.41 is not above 0.6 where island is Torgersen (38 rows), the worst of 2 such parts of 3: 0.19 short (3.8 standard deviations); 1 more part has no recall to measure');
    expect(sentenceOf(Gate.metric('log_loss').below(0.5).inEachSlice('island'), evidence({}, { slicesBy: () => table(part('A', 30, 0.2), part('B', 40, 0.7)) }))).toBe('log_loss 0.7 is not below 0.5 where island is B (40 rows): 0.2 over (4 standard deviations)');
  });

  it('is not passed where no part can be judged', () => {
    expect(sentenceOf(gate, evidence({ recall: 0.9 }))).toBe('recall is not above 0.6 in each part by island: no part of the held-out rows by island has 20 rows and a recall: ask for fewer rows (minimumRows), or give it more data');
    expect(verdictOf(gate, evidence({ recall: 0.9 })).passed).toBe(false);
  });
});

describe('a gate against the champion', () => {
  it.each<[string, Gate, PairedMetric, boolean]>([
    ['as good', Gate.metric('auc').notWorseThanChampion(), paired('auc', 0.75, 0.75), true],
    ['as good, but better is asked for', Gate.metric('auc').betterThanChampion(), paired('auc', 0.75, 0.75), false],
    ['a little worse than the margin allows', Gate.metric('auc').notWorseThanChampion({ margin: 0.004 }), paired('auc', 0.745, 0.75), false],
    ['as much worse as the margin allows', Gate.metric('auc').notWorseThanChampion({ margin: 0.0625 }), paired('auc', 0.6875, 0.75), true],
    ['better, but by less than asked for', Gate.metric('auc').betterThanChampion({ margin: 0.01 }), paired('auc', 0.755, 0.75), false],
    ['better by more than asked for', Gate.metric('auc').betterThanChampion({ margin: 0.004 }), paired('auc', 0.755, 0.75), true],
    ['less error is better', Gate.metric('log_loss').betterThanChampion(), paired('log_loss', 0.4, 0.5), true],
    ['more error is worse', Gate.metric('log_loss').notWorseThanChampion(), paired('log_loss', 0.51, 0.5), false],
    ['better, and proved', Gate.metric('auc').betterThanChampion({ confidence: 0.95 }), paired('auc', 0.755, 0.75), true],
    ['better, but perhaps by chance', Gate.metric('auc').betterThanChampion({ confidence: 0.95 }), paired('auc', 0.753, 0.75), false],
    ['not proved to be within the margin', Gate.metric('auc').notWorseThanChampion({ margin: 0.003, confidence: 0.95 }), paired('auc', 0.75, 0.75), false],
    ['proved to be within the margin', Gate.metric('auc').notWorseThanChampion({ margin: 0.005, confidence: 0.95 }), paired('auc', 0.75, 0.75), true],
    ['less error, but perhaps by chance', Gate.metric('log_loss').betterThanChampion({ confidence: 0.95 }), paired('log_loss', 0.498, 0.5), false],
    ['less error, and proved', Gate.metric('log_loss').betterThanChampion({ confidence: 0.95 }), paired('log_loss', 0.495, 0.5), true],
  ])('%s', (_, gate, metric, passed) => {
    expect(verdictOf(gate, evidence({ [metric.metric]: metric.challenger }, { champion: against(metric) })).passed).toBe(passed);
  });

  it('says version, difference and interval', () => {
    const found = evidence({ auc: 0.7381 }, { champion: against(paired('auc', 0.7381, 0.7421)) });
    expect(sentenceOf(Gate.metric('auc').notWorseThanChampion({ margin: 0.005 }), found)).toBe("auc 0.7381 is at most 0.005 worse than the champion's 0.7421 (version 3): 0.004 worse, 95 % interval of the difference -0.008 to +0.001");
    expect(sentenceOf(Gate.metric('auc').betterThanChampion(), found)).toMatch(/^auc 0\.7381 is not better than the champion's 0\.7421 \(version 3\): 0\.004 worse, 95 % interval/);
    expect(sentenceOf(Gate.metric('auc').notWorseThanChampion(), found)).toMatch(/^auc 0\.7381 is worse than the champion's/);
    expect(sentenceOf(Gate.metric('auc').betterThanChampion({ confidence: 0.9 }), found)).toMatch(/^auc 0\.7381 is not certainly better than .*, 90 % interval/);
    expect(verdictOf(Gate.metric('auc').betterThanChampion(), found).champion).toMatchObject({ modelVersion: '3', value: 0.7421, confidence: 0.95 });
  });

  it('passes where nothing is served yet, and not where the two cannot be compared', () => {
    const gate = Gate.metric('auc').betterThanChampion();
    expect(verdictOf(gate, evidence({ auc: 0.6 }))).toMatchObject({ passed: true, note: 'no model is served yet' });
    expect(sentenceOf(gate, evidence({ auc: 0.6 }))).toBe('auc 0.6 has nothing to be compared with: no model is served yet');
    const changed = evidence({ auc: 0.6 }, { champion: { state: 'incomparable', modelVersion: '3', reason: "'x' is no column any more" } });
    expect(verdictOf(gate, changed).passed).toBe(false);
    expect(sentenceOf(gate, changed)).toBe("auc cannot be compared with the champion, version 3: 'x' is no column any more");
    expect(verdictOf(gate, evidence({ auc: Number.NaN }, { champion: against() }))).toMatchObject({ passed: false, note: expect.stringMatching(/one of the two has no auc/) as string });
  });
});

it('says what a gate asks for', () => {
  const demands = [
    Gate.metric('auc').above(0.7), Gate.metric('mae').below(4).inEachSlice('origin'), Gate.metric('auc').notWorseThanChampion(), Gate.metric('auc').notWorseThanChampion({ margin: 0.005, confidence: 0.95 }),
    Gate.metric('auc').betterThanChampion(), Gate.metric('auc').betterThanChampion({ margin: 0.01 }),
  ].map((gate) => gateDemand(gate.toJSON()));
  expect(demands).toEqual(['above 0.7', 'below 4 in each part by origin', 'not worse than the champion', 'at most 0.005 worse than the champion with confidence 0.95', 'better than the champion', 'more than 0.01 better than the champion']);
});
