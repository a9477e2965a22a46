import type { GateVerdict } from '../spec/gate.ts';
import { count, decimal, escapeHtml, figure, isNumber, percent } from './html.ts';
import type { ReportInput } from './input.ts';
import { metricNames } from './metrics.ts';

/** The headline: whether the model may be registered, and how far each gate was from the other answer. */
export function verdictCard(input: ReportInput): string {
  const { gates, evaluation } = input;
  const passed = gates.every((gate) => gate.passed);
  const shown = gates.find((gate) => !gate.passed) ?? gates[0];
  const lead = shown === undefined ? 'No gate was set, so nothing held this model back.' : gateSentence(shown);
  const more =
    gates.length > 1
      ? `<div class="scroll"><table style="margin-top:12px"><thead><tr><th>Gate</th><th class="n">Value</th><th class="n">Threshold</th><th></th></tr></thead><tbody>${gates.map(gateRow).join('')}</tbody></table></div>`
      : '';
  return `<section class="card verdict${passed ? '' : ' no'}"><span class="badge">${passed ? '✓ Passed' : '✕ Not passed'}</span><div>
<p class="lead">${escapeHtml(lead)}</p>
<p class="soft">Measured on ${count(evaluation.rows)} held-out rows that no tree has seen${evaluation.rows < 200 ? ', which is few: mind the ±' : ''}; ${heldOut(input)}.</p>${more}</div></section>`;
}

/** What the held-out rows are like. */
function heldOut({ evaluation, positiveClass = 'positive', target = 'label' }: ReportInput): string {
  if (evaluation.task === 'binary') return `${percent(evaluation.positives / evaluation.rows)} of them are “${escapeHtml(positiveClass)}”`;
  if (evaluation.task === 'regression') {
    const { minimum, maximum, mean } = evaluation.label;
    return `their “${escapeHtml(target)}” lies between ${figure(minimum)} and ${figure(maximum)}, ${figure(mean)} on average`;
  }
  const most = evaluation.classes.toSorted((a, b) => b.rows - a.rows)[0];
  return `${String(evaluation.classes.length)} classes of “${escapeHtml(target)}”, the most frequent is “${escapeHtml(most?.name ?? '')}” with ${percent((most?.rows ?? 0) / evaluation.rows)}`;
}

/** One gate in words. */
export function gateSentence({ metric, value, threshold, comparison, passed }: GateVerdict): string {
  const name = metricNames[metric] ?? metric;
  const digits = Math.max(3, String(threshold).split('.')[1]?.length ?? 0);
  const gate = `the gate (${comparison} ${String(threshold)})`;
  if (!isNumber(value)) return `${name} could not be computed, so ${gate} is not passed and the model is not registered.`;
  const distance = Math.abs(value - threshold);
  // A distance too small for the shown digits would read as none at all.
  const by = distance < 10 ** -digits && distance > 0 ? distance.toPrecision(2) : decimal(distance, digits);
  return passed ? `${name} ${decimal(value, digits)} passes ${gate} by ${by}.` : `${name} ${decimal(value, digits)} misses ${gate} by ${by}, so the model is not registered.`;
}

function gateRow(gate: GateVerdict): string {
  const name = metricNames[gate.metric] ?? gate.metric;
  return `<tr><td>${escapeHtml(name)}</td><td class="n">${decimal(gate.value, 4)}</td><td class="n">${gate.comparison} ${String(gate.threshold)}</td><td><span class="badge${gate.passed ? '' : ' no'}">${gate.passed ? 'passed' : 'not passed'}</span></td></tr>`;
}
