import { meter } from './cards.ts';
import { count, decimal, escapeHtml, figure, percent } from './html.ts';
import type { ReportInput } from './input.ts';
import { metricNames } from './metrics.ts';
import type { ReportSection } from './section.ts';

/** What the model's answers rest on: by what its trees gained, and by what it would lose. */
export const importanceSection: ReportSection = {
  title: 'What does it rest on?',
  body: (input) => {
    const cards = permutationCard(input) + importanceCard(input);
    return cards === '' ? '' : `<div class="two">${cards}</div>`;
  },
};

/** Of very many features or columns the first ones say it. */
const listed = 12;

/** What the trees split on, the feature with the largest share first. */
function importanceCard({ importance }: Pick<ReportInput, 'importance'>): string {
  if (importance === undefined || importance.length === 0) return '';
  const sorted = importance.toSorted((a, b) => b.share - a.share);
  const widest = sorted[0]?.share ?? 1;
  const rows = sorted.slice(0, listed).map(({ feature, share }) => `<tr><td>${escapeHtml(feature)}</td><td>${meter(share / widest)}${percent(share)}</td></tr>`);
  const rest = sorted.length > listed ? `<p class="soft small">and ${String(sorted.length - listed)} more</p>` : '';
  return `<section class="card"><h3>What the trees use</h3><div class="soft small">Each feature’s share of what all splits gained.</div><table><tbody>${rows.join('')}</tbody></table>${rest}</section>`;
}

/** What the model would lose without a column, the largest loss first. */
function permutationCard({ permutation }: Pick<ReportInput, 'permutation'>): string {
  if (permutation === undefined || permutation.columns.length === 0) return '';
  const { metric, columns, rows } = permutation;
  const name = metricNames[metric] ?? metric;
  const shown = (value: number): string => (['rmse', 'mae', 'mse'].includes(metric) ? figure(value, 3) : decimal(value));
  const widest = Math.max(...columns.map(({ loss }) => loss));
  const lines = columns.slice(0, listed).map(({ column, loss, standardDeviation }) => {
    const share = widest > 0 ? Math.max(0, loss / widest) : 0;
    return `<tr><td>${escapeHtml(column)}</td><td>${meter(share)}${shown(loss)} <span class="soft">± ${shown(standardDeviation)}</span></td></tr>`;
  });
  const rest = columns.length > listed ? `<p class="soft small">and ${String(columns.length - listed)} more</p>` : '';
  return `<section class="card"><h3>What it cannot do without</h3><div class="soft small">How much worse ${escapeHtml(name)} gets when a column’s values are shuffled, on ${count(rows)} held-out rows.</div><table><tbody>${lines.join('')}</tbody></table>${rest}</section>`;
}
