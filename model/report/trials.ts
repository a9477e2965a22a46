import { count, escapeHtml, figure } from './html.ts';
import type { ReportSection } from './section.ts';
import { objectiveChart, parameterChart, shortened } from './trial-charts.ts';
import { ranked } from './trial.ts';
import type { Trial, TrialTable } from './trial.ts';

/** Of many hyperparameters the first ones say it, and of many trials the best. */
const mostParameters = 8;
const mostRows = 10;

/** How the hyperparameters were searched; nothing where they were not. */
export const trialsSection: ReportSection = { title: 'Which hyperparameters work?', body: ({ tuning }) => (tuning === undefined || tuning.trials.length === 0 ? '' : body(tuning)) };

function body(table: TrialTable): string {
  const { objective, trials } = table;
  const direction = objective.minimize ? 'less is better' : 'more is better';
  const names = Object.keys(trials[0]?.hyperparameters ?? {});
  const small = names.slice(0, mostParameters).map((name) => `<figure class="card"><h3>${escapeHtml(name)}</h3>${parameterChart(table, name)}</figure>`);
  const rest = names.length > mostParameters ? `<p class="soft small">and ${String(names.length - mostParameters)} more</p>` : '';
  const objectives = `<figure class="card large"><h3>Trials</h3><figcaption>Each dot is a training job; the line is the best so far (${direction}).${cut(trials)}</figcaption>${objectiveChart(table)}</figure>`;
  return `<div class="multiples">${objectives}${small.join('')}</div>${rest}${bestCard(table, names)}`;
}

function cut(trials: readonly Trial[]): string {
  const of = (status: string): number => trials.filter((trial) => trial.status === status).length;
  return [
    of('Stopped') > 0 ? ` ${count(of('Stopped'))} were stopped early, shown hollow.` : '',
    of('Failed') > 0 ? ` ${count(of('Failed'))} failed.` : '',
  ].join('');
}

function bestCard(table: TrialTable, names: readonly string[]): string {
  const rows = ranked(table).slice(0, mostRows).map((trial) => row(trial, table, names));
  const head = names.map((name) => `<th class="n">${escapeHtml(name)}</th>`).join('');
  return `<section class="card" style="margin-top:16px"><h3>The best ${String(rows.length)} of ${count(table.trials.length)}</h3><div class="soft small">Chosen on the validation rows by <code>${escapeHtml(table.objective.metric)}</code>; how good the best is, the held-out rows say above.</div>
<div class="scroll"><table><thead><tr><th>Trial</th><th class="n">${escapeHtml(table.objective.metric)}</th>${head}<th class="n">Seconds</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

function row(trial: Trial & { readonly objective: number }, table: TrialTable, names: readonly string[]): string {
  const number = table.trials.findIndex(({ name }) => name === trial.name) + 1;
  const badge = trial.name === table.best ? ' <span class="badge model">the model</span>' : trial.status === 'Completed' ? '' : ` <span class="soft small">${escapeHtml(trial.status.toLowerCase())}</span>`;
  const values = names.map((name) => `<td class="n">${escapeHtml(shortened(trial.hyperparameters[name] ?? '–'))}</td>`).join('');
  return `<tr><td title="${escapeHtml(trial.name)}">${String(number)}${badge}</td><td class="n">${figure(trial.objective)}</td>${values}<td class="n">${trial.seconds === undefined ? '–' : count(trial.seconds)}</td></tr>`;
}
