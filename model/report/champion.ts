import type { PairedMetric } from '../evaluation/paired/paired.ts';
import { direction } from '../spec/metrics.ts';
import { count, decimal, escapeHtml, figure, isNumber } from './html.ts';
import type { ReportInput } from './input.ts';
import { metricNames } from './metrics.ts';
import type { ReportSection } from './section.ts';

/** This model beside the one that is served, on the same rows; nothing where no model was looked for. */
export const championSection: ReportSection = { title: 'Is it better than what is served?', body };

function body({ champion, evaluation }: ReportInput): string {
  if (champion === undefined) return '';
  if (champion.state === 'none') return card(`<p class="small" style="margin:0">There is nothing to compare with: ${escapeHtml(champion.reason)}.</p>`);
  const version = `version ${escapeHtml(champion.modelVersion)}`;
  if (champion.state === 'incomparable') return card(`<p class="small" style="margin:0">Served now is ${version}. The two cannot be compared: ${escapeHtml(champion.reason)}.</p>`);
  const { metrics, data } = champion;
  const clear = metrics.map(({ metric, low, high }) => (low > 0 ? direction(metric) : high < 0 ? -direction(metric) : 0));
  const [better, worse] = [clear.filter((sign) => sign > 0).length, clear.filter((sign) => sign < 0).length];
  const lead =
    better === 0 && worse === 0
      ? 'no metric differs by more than chance could make of it'
      : [better > 0 ? `${count(better)} of ${count(metrics.length)} metrics ${better === 1 ? 'is' : 'are'} clearly better` : '', worse > 0 ? `${count(worse)} clearly worse` : ''].filter((part) => part !== '').join(', ');
  return card(`<h3>This model and ${version}</h3><div class="soft small">Both predicted the same ${count(evaluation.rows)} held-out rows: ${lead}.</div>
<div class="scroll"><table><thead><tr><th>Metric</th><th class="n">This model</th><th class="n">Champion</th><th class="n">Difference</th><th class="n">95 % interval</th><th class="n">p</th><th></th></tr></thead><tbody>${metrics.map((metric, index) => row(metric, clear[index] ?? 0)).join('')}</tbody></table></div>
<p class="soft small">The interval holds the difference, this model’s less the champion’s, that other rows of the same kind would show; where it holds 0, the two may be equally good. p is how likely a difference as large would be if they were${testsOf(metrics)}.</p>
<p class="small" style="margin-bottom:0">${escapeHtml(data.note)}</p>`);
}

const card = (content: string): string => `<section class="card">${content}</section>`;

function row({ metric, challenger, champion, difference, low, high, test }: PairedMetric, clear: number): string {
  const show = (value: number): string => (['rmse', 'mae', 'mse'].includes(metric) ? figure(value) : decimal(value, 4));
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${show(Math.abs(value))}`;
  const badge = clear === 0 ? '<span class="soft small">no clear difference</span>' : `<span class="badge${clear > 0 ? '' : ' no'}">clearly ${clear > 0 ? 'better' : 'worse'}</span>`;
  return `<tr><td>${escapeHtml(metricNames[metric] ?? metric)}</td><td class="n">${show(challenger)}</td><td class="n">${show(champion)}</td><td class="n">${signed(difference)}</td><td class="n">${signed(low)} to ${signed(high)}</td><td class="n soft">${test === undefined ? '' : probability(test.p)}</td><td>${badge}</td></tr>`;
}

function probability(p: number): string {
  if (!isNumber(p)) return '–';
  return p < 0.0001 ? '&lt; 0.0001' : decimal(p, p < 0.1 ? 4 : 2);
}

function testsOf(metrics: readonly PairedMetric[]): string {
  const names = [...new Set(metrics.flatMap(({ test }) => test?.name ?? []))];
  return names.length === 0 ? '' : ` (${names.map(escapeHtml).join(', ')}; intervals without a p come from a paired bootstrap)`;
}
