import { describe, expect, it } from 'vitest';
import type { ReportInput } from '../../../model/report/input.ts';
import type { Trial, TrialTable } from '../../../model/report/trial.ts';
import { trialsSection } from '../../../model/report/trials.ts';

const trial = (number: number, objective: number | undefined, hyperparameters: Record<string, string>, status = 'Completed'): Trial => ({ name: `tune-${String(number)}`, hyperparameters, objective, status, seconds: number });
const table = (changes: Partial<TrialTable> = {}): TrialTable => ({
  tuningJob: 'tune',
  objective: { metric: 'validation:mlogloss', minimize: true },
  best: 'tune-3',
  trials: [
    trial(1, 0.4, { eta: '0.1', booster: 'dart' }),
    trial(2, 0.5, { eta: '0.01', booster: 'gbtree' }, 'Stopped'),
    trial(3, 0.2, { eta: '0.45', booster: 'gbtree' }),
    trial(4, undefined, { eta: '0.3', booster: 'dart' }, 'Failed'),
  ],
  ...changes,
});
const body = (tuning?: TrialTable): string => trialsSection.body((tuning === undefined ? {} : { tuning }) as ReportInput);

describe("the report's trials", () => {
  it('are left out where nothing was searched', () => {
    expect(body()).toBe('');
    expect(body(table({ trials: [] }))).toBe('');
  });

  it('stand in a chart of the objective, a chart for each hyperparameter, and a table, the best first and marked', () => {
    const html = body(table());
    expect(html.match(/<svg/g)).toHaveLength(3);
    for (const text of ['less is better', '1 were stopped early', '1 failed', 'The best 3 of 4', 'best 0.2', 'validation:mlogloss over eta', 'validation:mlogloss over booster']) expect(html).toContain(text);
    const rows = [...html.matchAll(/<tr><td title="(tune-\d)">/g)].map(([, name]) => name);
    expect(rows).toEqual(['tune-3', 'tune-1', 'tune-2']);
    expect(html).toMatch(/title="tune-3">3 <span class="badge model">the model<\/span><\/td><td class="n">0.2<\/td><td class="n">0.45<\/td><td class="n">gbtree/);
    expect(html.match(/class="best"/g)).toHaveLength(3);
  });

  it('are judged the other way round where more is better', () => {
    const html = body(table({ objective: { metric: 'validation:auc', minimize: false }, best: 'tune-2' }));
    expect([...html.matchAll(/<tr><td title="(tune-\d)">/g)].map(([, name]) => name)).toEqual(['tune-2', 'tune-1', 'tune-3']);
    expect(html).toContain('more is better');
  });

  it.each<[number, string[]]>([[1, ['1']], [6, ['1', '2', '3', '4', '5', '6']], [40, ['1', '11', '21', '30', '40']]])('of %i stand above their own numbers', (count, numbers) => {
    const html = body(table({ trials: Array.from({ length: count }, (_, index) => trial(index + 1, 0.5 + index / 100, { eta: String(0.1 + index / 100) })), best: 'tune-1' }));
    const large = html.slice(0, html.indexOf('</svg>'));
    const ticks = [...large.matchAll(/<text class="tick" x="([\d.]+)" y="[\d.]+" text-anchor="middle">(\d+)<\/text>/g)].map(([, left, number]) => [left, number]);
    expect(ticks.map(([, number]) => number)).toEqual(numbers);
    for (const [left, number] of ticks) expect(large).toMatch(new RegExp(`<circle class="trial" cx="${String(left)}"[^>]*><title>trial ${String(number)}:`));
  });

  it('show the best so far as steps that never get worse', () => {
    const html = body(table({ trials: [0.5, 0.7, 0.3, 0.6, 0.1].map((value, index) => trial(index + 1, value, { eta: String(0.1 * (index + 1)) })), best: 'tune-5' }));
    const path = /class="steps" d="([^"]+)"/.exec(html)![1]!;
    const heights = [...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, up]) => Number(up));
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    expect(new Set(heights).size).toBe(3);
  });

  it('are drawn by the logarithm of the objective where it spans much', () => {
    const html = body(table({ trials: [0.3, 0.03, 0.003].map((value, index) => trial(index + 1, value, { eta: String(index) })), best: 'tune-3' }));
    const heights = [...html.split('</svg>')[0]!.matchAll(/class="trial" cx="[\d.]+" cy="([\d.]+)"/g)].map(([, up]) => Number(up));
    expect(heights[1]! - heights[0]!).toBeCloseTo(heights[2]! - heights[1]!, 0);
  });

  it('stay small with very many trials and hyperparameters, and never lose the best', () => {
    const hyperparameters = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`p${String(index)}`, String(index)]));
    const html = body(table({ trials: Array.from({ length: 10_000 }, (_, index) => trial(index + 1, index === 7776 ? 0 : 1 + index, hyperparameters)), best: 'tune-7777' }));
    expect(html.length).toBeLessThan(500_000);
    expect(html).toContain('and 22 more');
    expect(html).toContain('best 0');
  });

  it('escapes what a job says', () => {
    expect(body(table({ best: '', trials: [trial(1, 1, { '<i>': '<b>' })] }))).not.toMatch(/<i>|<b>/);
  });

  it('can be drawn with one trial, with equal objectives and with none', () => {
    for (const objectives of [[1], [1, 1], [undefined]]) {
      const html = body(table({ best: 'tune-1', trials: objectives.map((objective, index) => trial(index + 1, objective, { eta: '0.1' })) }));
      expect(html).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
});
