import type { ClassEvaluation, MulticlassEvaluation } from '../evaluation/evaluate.ts';
import { calibrationError } from '../metrics/calibration.ts';
import { figureCard, meter } from './cards.ts';
import { calibrationChart, distributionBars } from './charts.ts';
import { count, decimal, escapeHtml, percent } from './html.ts';
import type { ReportOf } from './input.ts';
import { round } from './plot.ts';

/** The confusion matrix, the figures of each class, and how far the model's certainty can be trusted. */
export function multiclassCharts(input: ReportOf<MulticlassEvaluation>): string {
  const { evaluation } = input;
  return `<div class="charts">
${confusionCard(evaluation)}
${classCard(evaluation)}
${figureCard('Calibration', `When the model is 80 % sure of its answer, is it right in 80 %? Mean distance ${percent(calibrationError(evaluation.calibration))}.`, calibrationChart(evaluation, { x: 'Probability of the answer', y: 'Share of right answers' }))}
${figureCard('How sure it is', '<span class="key"></span>right answers<span class="key warm"></span>wrong answers', certaintyChart(evaluation))}
</div>`;
}

/** How many answers are right and wrong by how sure the model was; the colours are those of the matrix. */
function certaintyChart({ distribution }: MulticlassEvaluation): string {
  const turned = distribution.map((bin) => ({ ...bin, positives: bin.negatives, negatives: bin.positives }));
  return distributionBars(turned, { negatives: 'right answers', positives: 'wrong answers', group: 'answer' }, { of: 'all', x: 'Probability of the answer' });
}

/** Up to so many classes each cell has room for its numbers. */
const writtenClasses = 12;

function confusionCard(evaluation: MulticlassEvaluation): string {
  const { classes, metrics } = evaluation;
  const written = classes.length <= writtenClasses;
  const wide = classes.length > narrowClasses ? ' wide' : '';
  const shape = written ? writtenMatrix(evaluation) : drawnMatrix(evaluation);
  const explained = written ? '' : ' Each line is a true class, each column an answer; the darker, the larger the share of the line.';
  return `<section class="card${wide}"><h3>Confusion matrix</h3><div class="soft small">${percent(metrics.accuracy.value)} of all rows are called right.${explained}</div>${shape}</section>`;
}

function writtenMatrix({ classes, confusion }: MulticlassEvaluation): string {
  const head = classes.map(({ name }) => `<div class="head" title="${escapeHtml(name)}">${escapeHtml(name)}</div>`).join('');
  const lines = classes.map(({ name, rows }, truth) => {
    const cells = (confusion[truth] ?? []).map((value, said) => {
      const share = rows === 0 ? 0 : value / rows;
      const title = `${count(value)} of ${count(rows)} “${name}” are called “${classes[said]?.name ?? ''}”`;
      return `<div class="cell${value === 0 ? ' none' : ''}" style="--tone:var(${truth === said ? '--accent' : '--warm'});--share:${decimal(Math.sqrt(share), 3)}" title="${escapeHtml(title)}"><b>${count(value)}</b>${classes.length <= narrowClasses ? `<span>${value === 0 ? '\u00a0' : percent(share)}</span>` : ''}</div>`;
    });
    return `<div class="side" title="${escapeHtml(name)}">${escapeHtml(name)}</div>${cells.join('')}`;
  });
  return `<div class="scroll"><div class="heat" style="grid-template-columns:auto repeat(${String(classes.length)},minmax(44px,1fr))"><div class="side soft">really ↓ called →</div>${head}${lines.join('')}</div></div>`;
}

/** With many classes one path a shade keeps the page small. */
function drawnMatrix({ classes, confusion }: MulticlassEvaluation): string {
  const shades = 8;
  const paths = new Map<string, string>();
  confusion.forEach((line, truth) => {
    line.forEach((value, said) => {
      if (value === 0) return;
      const shade = Math.max(1, Math.ceil(Math.sqrt(value / (classes[truth]?.rows ?? value)) * shades));
      const key = `class="${truth === said ? 'right' : 'wrong'}" fill-opacity="${String(round(shade / shades))}"`;
      paths.set(key, `${paths.get(key) ?? ''}M${String(said)} ${String(truth)}h1v1h-1z`);
    });
  });
  const size = String(classes.length);
  const marks = [...paths].map(([key, d]) => `<path ${key} d="${d}"/>`).join('');
  return `<svg class="heatmap" viewBox="0 0 ${size} ${size}" role="img" aria-label="Confusion matrix of ${size} classes">${marks}<path class="frame" stroke-width=".1" d="M0 0h${size}v${size}h-${size}z"/></svg>`;
}

/** Up to so many classes matrix and table stand side by side. */
const narrowClasses = 5;

/** Of very many classes those that need a look. */
const listedClasses = 25;

function classCard({ classes, confusion }: MulticlassEvaluation): string {
  const worst = classes.map((entry, index) => ({ ...entry, index })).sort((a, b) => Number(a.rows === 0) - Number(b.rows === 0) || a.f1 - b.f1);
  const wide = classes.length > narrowClasses;
  const rows = worst.slice(0, listedClasses).map((entry) => classRow(entry, wide, mistakenFor(confusion[entry.index] ?? [], entry.index, classes)));
  const rest = worst.length > listedClasses ? `<p class="soft small">and ${String(worst.length - listedClasses)} more</p>` : '';
  return `<section class="card${wide ? ' wide' : ''}"><h3>Each class</h3><div class="soft small">The class that is hardest to tell comes first.</div><div class="scroll"><table>
<thead><tr><th>Class</th><th class="n">Rows</th><th class="n">Precision</th><th class="n">Recall</th><th class="n">F1</th><th>Mistaken for</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>${rest}</section>`;
}

function classRow({ name, rows, called, precision, recall, f1 }: ClassEvaluation, wide: boolean, mistaken: string): string {
  const figures = `<td class="n">${called === 0 ? '–' : percent(precision)}</td><td class="n">${rows === 0 ? '–' : percent(recall)}</td><td class="n">${rows === 0 ? '–' : `${wide ? meter(f1) : ''}${decimal(f1)}`}</td>`;
  return `<tr><td>${escapeHtml(name)}</td><td class="n">${count(rows)}</td>${figures}<td class="soft">${mistaken}</td></tr>`;
}

function mistakenFor(line: readonly number[], truth: number, classes: readonly ClassEvaluation[]): string {
  const [most] = line.map((value, said) => ({ value, said })).filter(({ said }) => said !== truth).sort((a, b) => b.value - a.value);
  return most === undefined || most.value === 0 ? 'none' : `${escapeHtml(classes[most.said]?.name ?? '')} (${count(most.value)})`;
}
