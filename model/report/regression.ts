import type { RegressionEvaluation } from '../evaluation/evaluate.ts';
import { figureCard, meter } from './cards.ts';
import { count, escapeHtml, figure, percent } from './html.ts';
import type { ReportOf } from './input.ts';
import { bandChart, isShaded, residualChart, scatterChart } from './regression-charts.ts';

/** Predicted against actual values, the errors and their sizes. */
export function regressionCharts(input: ReportOf<RegressionEvaluation>): string {
  const { evaluation, target = 'label' } = input;
  const name = escapeHtml(target);
  return `<div class="charts">
${figureCard('Predicted and actual', `${isShaded(evaluation) ? 'The stronger the colour, the more rows' : 'Each dot is a row, or rows that lie close together'}; on the dashed line a prediction is right.`, scatterChart(evaluation, target))}
${figureCard('Errors', `${lean(evaluation)}${beyond(evaluation)}`, residualChart(evaluation, target))}
${figureCard('By what was predicted', 'Rows with similar predictions: what they were on average, and what 8 of 10 lay between.', bandChart(evaluation, target))}
${withinCard(evaluation, name)}
</div>`;
}

/** Whether the model says too much or too little on the whole, as far as that can be told from so many rows. */
function lean({ bias, rows, metrics }: RegressionEvaluation): string {
  const noise = (3 * metrics.rmse.value) / Math.sqrt(rows);
  if (!(Math.abs(bias) > noise)) return 'It says neither too much nor too little on the whole.';
  return `On the whole it says ${figure(Math.abs(bias), 3)} too ${bias > 0 ? 'little' : 'much'}.`;
}

function beyond({ residuals: { below, above }, rows }: RegressionEvaluation): string {
  return below + above === 0 ? '' : ` ${percent((below + above) / rows)} of the rows lie further out than is drawn.`;
}

function withinCard({ errorQuantiles, rows }: RegressionEvaluation, target: string): string {
  const largest = errorQuantiles.at(-1)?.value ?? 0;
  const lines = errorQuantiles.map(({ share, value }) => `<span>${share === 1 ? 'all' : percent(share, 0)}</span>${meter(largest === 0 ? 0 : value / largest)}<b>± ${figure(value)}</b>`);
  return `<section class="card"><h3>How far off</h3><div class="soft small">So many of the ${count(rows)} rows have a “${target}” within this distance of the prediction.</div><div class="within">${lines.join('')}</div></section>`;
}
