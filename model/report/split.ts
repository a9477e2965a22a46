import type { SplitSummary } from '../spec/split-summary.ts';
import { count, escapeHtml, percent } from './html.ts';
import type { ReportData, ReportInput } from './input.ts';
import type { ReportSection } from './section.ts';

/** Which rows the model was judged by, and what that says of it. */
export const splitSection: ReportSection = { title: 'What was held out?', body: ({ data }: ReportInput) => (data.splitBy === undefined ? '' : card(data, data.splitBy)) };

function card(data: ReportData, split: SplitSummary): string {
  const { lead, why } = words(split);
  return `<section class="card"><h3>${lead}</h3><p class="small">${why}</p>${table(data, split)}${unplaced(split)}</section>`;
}

/** What the metric of a split tells: most of what surprises people after a deployment is that it was another question than theirs. */
function words({ kind, column = '' }: SplitSummary): { readonly lead: string; readonly why: string } {
  const name = `<code>${escapeHtml(column)}</code>`;
  switch (kind) {
    case 'rowHash':
      return {
        lead: 'A random share of the rows, by a hash of each',
        why: `The held-out rows come from the same days, customers or machines as the rows that were learned from. The figures say how good the model is on <b>more rows like these</b>.
Where it will predict a time still to come, or customers that it has not met, they are too good: <code>Split.byTime</code> and <code>Split.byGroup</code> hold out the newest rows, or whole groups, and ask that question.`,
      };
    case 'time':
      return {
        lead: `The newest rows, by ${name}`,
        why: `The model learned from the oldest rows, was stopped by the next, and is judged by the newest. The figures say how good it is on <b>days that it has not seen</b>, which is how it will be used.
They are mostly lower than those of a random share of the rows, where every day is partly known: the difference is what such a figure would have promised too much.`,
      };
    case 'group':
      return {
        lead: `Whole groups, by ${name}`,
        why: `No value of ${name} stands in two parts. The figures say how good the model is on <b>groups that it has not seen</b>.
A random share of the rows would have known every held-out group by its other rows, and so have promised too much.`,
      };
  }
}

function table({ split }: ReportData, { times, groups }: SplitSummary): string {
  const total = split.train + split.validation + split.test;
  const head = times === undefined ? (groups === undefined ? '' : '<th class="n">Groups</th>') : '<th>From</th><th>To</th>';
  const rows = ([['training', 'train'], ['validation', 'validation'], ['held out', 'test']] as const).map(([name, part]) => {
    const more = times === undefined ? (groups === undefined ? '' : `<td class="n">${count(groups[part])}</td>`) : `<td>${time(times[part].from)}</td><td>${time(times[part].to)}</td>`;
    return `<tr><td>${name}</td><td class="n">${count(split[part])}</td><td class="n">${percent(split[part] / total)}</td>${more}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr><th>Part</th><th class="n">Rows</th><th class="n">Share</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function unplaced({ kind, column = '', unplacedRows }: SplitSummary): string {
  if (unplacedRows === 0) return '';
  return `<p class="soft small">${count(unplacedRows)} rows with a label have no <code>${escapeHtml(column)}</code>: without a ${kind} they belong to no part and were left out.</p>`;
}

function time(text: string): string {
  return escapeHtml(text.replace('T', ' '));
}
