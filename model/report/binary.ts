import type { BinaryEvaluation } from '../evaluation/evaluate.ts';
import { calibrationError } from '../metrics/calibration.ts';
import { figureCard } from './cards.ts';
import { calibrationChart, distributionChart, precisionRecallChart, rocChart } from './charts.ts';
import { count, decimal, escapeHtml, percent } from './html.ts';
import type { ReportOf } from './input.ts';

/** The four charts, the confusion matrix and the choices of a threshold. */
export function binaryCharts(input: ReportOf<BinaryEvaluation>): string {
  const { evaluation, positiveClass = 'positive' } = input;
  const positive = escapeHtml(positiveClass);
  return `<div class="charts">
${figureCard('ROC curve', 'Every threshold at once: further to the upper left is better; the dashed line is chance.', rocChart(evaluation))}
${figureCard('Precision and recall', 'What an alarm is worth against how many cases are found.', precisionRecallChart(evaluation))}
${figureCard('Calibration', `When the model says 30 %, are 30 % “${positive}”? Mean distance ${percent(calibrationError(evaluation.calibration))}.`, calibrationChart(evaluation))}
${figureCard('Scores by class', `<span class="key"></span>not ${positive}<span class="key warm"></span>${positive}`, distributionChart(evaluation))}
${confusionCard(input)}
${thresholdCard(evaluation)}
</div>`;
}

function confusionCard({ evaluation: { confusion, rows }, positiveClass = 'positive' }: ReportOf<BinaryEvaluation>): string {
  const { trueNegatives, falsePositives, falseNegatives, truePositives } = confusion;
  const positive = escapeHtml(positiveClass);
  const cell = (value: number, whole: number, right: boolean): string => {
    const share = whole === 0 ? 0 : value / whole;
    return `<div class="cell" style="--tone:var(${right ? '--accent' : '--warm'});--share:${decimal(share, 3)}"><b>${count(value)}</b><span>${percent(share)} of the row</span></div>`;
  };
  const right = (trueNegatives + truePositives) / rows;
  return `<section class="card"><h3>Confusion matrix</h3><div class="soft small">${percent(right)} of all rows are called right.</div><div class="matrix">
<div></div><div class="head">called not ${positive}</div><div class="head">called ${positive}</div>
<div class="side">really not ${positive}</div>${cell(trueNegatives, trueNegatives + falsePositives, true)}${cell(falsePositives, trueNegatives + falsePositives, false)}
<div class="side">really ${positive}</div>${cell(falseNegatives, falseNegatives + truePositives, false)}${cell(truePositives, falseNegatives + truePositives, true)}
</div></section>`;
}

function thresholdCard({ thresholds, threshold }: BinaryEvaluation): string {
  const best = Math.max(...thresholds.map((choice) => choice.f1));
  const rows = thresholds.map((choice) => {
    const notes = [choice.threshold === threshold ? 'used here' : '', choice.f1 === best && best > 0 ? 'best F1' : ''].filter((note) => note !== '').join(', ');
    return `<tr><td class="n">${decimal(choice.threshold, 2)}</td><td class="n">${percent(choice.called)}</td><td class="n">${percent(choice.precision)}</td><td class="n">${percent(choice.recall)}</td><td class="n">${decimal(choice.f1)}</td><td class="soft small">${notes}</td></tr>`;
  });
  return `<section class="card"><h3>Choosing a threshold</h3><div class="soft small">What calling a row positive above another probability would mean: how many alarms, how many of them right, how many cases found.</div>
<div class="scroll"><table><thead><tr><th class="n">Above</th><th class="n">Alarms</th><th class="n">Precision</th><th class="n">Recall</th><th class="n">F1</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}
