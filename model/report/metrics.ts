import type { Evaluation } from '../evaluation/evaluate.ts';
import { decimal, escapeHtml, figure, isNumber, percent } from './html.ts';
import type { ReportInput } from './input.ts';
import type { ReportSection } from './section.ts';

/** What a metric is called in a sentence. */
export const metricNames: Readonly<Record<string, string>> = {
  auc: 'AUC', accuracy: 'Accuracy', precision: 'Precision', recall: 'Recall', f1: 'F1', log_loss: 'Log loss',
  macro_precision: 'Macro precision', macro_recall: 'Macro recall', macro_f1: 'Macro F1',
  rmse: 'RMSE', mae: 'MAE', mse: 'MSE', r2: 'R²',
};

const explanations: Readonly<Record<string, string>> = {
  auc: 'how well it ranks',
  accuracy: 'rows called right',
  precision: 'alarms that are right',
  recall: 'positives found',
  f1: 'precision and recall',
  log_loss: 'lower is better',
  macro_precision: 'calls that are right, mean of the classes',
  macro_recall: 'rows found, mean of the classes',
  macro_f1: 'precision and recall, mean of the classes',
  rmse: 'typical error, large ones weigh more',
  mae: 'how far off on average',
  mse: 'the square of RMSE',
  r2: 'share of the variance explained',
};

/** One card a metric, with its standard deviation; metrics that a gate stands on are marked. */
export const metricsSection: ReportSection = { title: 'How good is it?', body };

function body({ evaluation, gates }: ReportInput): string {
  // Shares stand with the same digits; errors have the size of what is predicted.
  const sized = (metric: string): boolean => evaluation.task === 'regression' && metric !== 'r2';
  const cards = Object.entries(evaluation.metrics).map(([metric, { value, standardDeviation }]) => {
    const gated = gates.some((gate) => gate.metric === metric);
    const shown = sized(metric) ? figure(value) : decimal(value);
    const spread = sized(metric) ? figure(standardDeviation, 2) : decimal(standardDeviation, 4);
    return `<div class="card metric${gated ? ' gate' : ''}"><div class="name">${metricNames[metric] ?? metric}${gated ? ' · gate' : ''}</div><div class="value">${shown}</div><div class="spread">± ${spread}</div><div class="why">${explanations[metric] ?? ''}</div></div>`;
  });
  return `<div class="metrics">${cards.join('')}</div>
<p class="soft small">± is one standard deviation: how far the figure would move on other rows of the same kind. ${note(evaluation)}</p>`;
}

/** How to read the cards: what they rest on, and what knowing nothing would reach. */
function note(evaluation: Evaluation): string {
  if (evaluation.task === 'binary') return `Accuracy, precision, recall and F1 call a row positive above a probability of ${decimal(evaluation.threshold, 2)}.`;
  if (evaluation.task === 'multiclass') {
    const [most] = evaluation.classes.toSorted((a, b) => b.rows - a.rows);
    return most === undefined ? '' : `Always answering “${escapeHtml(most.name)}” would have an accuracy of ${percent(most.rows / evaluation.rows)}.`;
  }
  const { mse, r2 } = evaluation.metrics;
  if (!isNumber(r2.value) || r2.value >= 1) return '';
  return `Always answering their mean, ${figure(evaluation.label.mean)}, would have an RMSE of ${figure(Math.sqrt(mse.value / (1 - r2.value)))}.`;
}
