import type { Slice, SliceTable } from '../evaluation/slices.ts';
import { count, decimal, escapeHtml, figure, isNumber, percent } from './html.ts';
import { metricNames } from './metrics.ts';
import type { ReportSection } from './section.ts';

/** Where the model is weakest: its metric by the values of each column, the column with the weakest part first; nothing without slices. */
export const sliceSection: ReportSection = { title: 'Where is it weakest?', body: ({ slices }) => body(slices) };

/** Of very many columns those with the weakest parts: the page stays small. */
const listedColumns = 30;

function body(tables: readonly SliceTable[] | undefined): string {
  if (tables === undefined || tables.length === 0) return '';
  const sorted = tables.toSorted((a, b) => gap(b) - gap(a));
  const [first] = sorted;
  const weak = sorted.flatMap(({ slices }) => slices).filter((slice) => slice.worse).length;
  const lead = weak === 0 ? 'No part of the rows is clearly worse than all of them.' : `${count(weak)} ${weak === 1 ? 'part is' : 'parts are'} clearly worse than all rows together: by more than two standard deviations.`;
  const rest = sorted.length > listedColumns ? `<p class="soft small">The other ${count(sorted.length - listedColumns)} columns stand in slices.json.</p>` : '';
  return `<section class="card"><div class="soft small">The held-out rows by the values of a column, the worst first. ${lead}</div>${sorted.slice(0, listedColumns).map((table) => details(table, table === first)).join('')}${rest}</section>`;
}

/** How much worse a table's clearly weak part is than all rows, as a share of what all rows reach. */
function gap({ slices, overall }: SliceTable): number {
  const worst = slices.find((slice) => slice.worse);
  return worst === undefined ? 0 : Math.abs(worst.metric.value - overall) / (Math.abs(overall) || 1);
}

function details({ column, metric, overall, slices, unmeasured }: SliceTable, open: boolean): string {
  const shown = shownAs(metric);
  const [worst] = slices;
  const name = metricNames[metric] ?? metric;
  const lead = worst === undefined ? 'no part is large enough to be measured' : `${escapeHtml(worst.name)}: ${shown(worst.metric.value)}`;
  const rest = unmeasured === 0 ? '' : `<p class="soft small">${count(unmeasured)} rows are in parts too small to be measured.</p>`;
  const table = `<div class="scroll"><table><thead><tr><th>${escapeHtml(column)}</th><th class="n">Rows</th><th class="n">${escapeHtml(name)}</th><th class="n">±</th><th class="n">To all rows</th><th></th></tr></thead><tbody>${slices.map((slice) => row(slice, overall, shown)).join('')}<tr><td class="soft">all rows</td><td></td><td class="n">${shown(overall)}</td><td></td><td></td><td></td></tr></tbody></table></div>`;
  return `<details${open ? ' open' : ''}><summary><code>${escapeHtml(column)}</code><span class="soft">${lead}</span></summary>${table}${rest}</details>`;
}

function row({ name, rows, metric: { value, standardDeviation }, worse }: Slice, overall: number, shown: (value: number) => string): string {
  const difference = value - overall;
  const sign = difference > 0 ? '+' : '−';
  const distance = isNumber(difference) ? `${sign}${shown(Math.abs(difference))}` : '–';
  return `<tr><td>${escapeHtml(name)}</td><td class="n">${count(rows)}</td><td class="n">${shown(value)}</td><td class="n soft">${shown(standardDeviation)}</td><td class="n">${distance}</td><td>${worse ? '<span class="badge no">clearly worse</span>' : ''}</td></tr>`;
}

function shownAs(metric: string): (value: number) => string {
  if (metric === 'accuracy') return (value) => percent(value);
  return ['rmse', 'mae', 'mse'].includes(metric) ? (value) => figure(value, 3) : (value) => decimal(value);
}
