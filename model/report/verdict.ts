import { gateDemand } from '../evaluation/gate-sentence.ts';
import { isChampionGate } from '../spec/gate.ts';
import type { GateVerdict } from '../spec/gate.ts';
import { direction } from '../spec/metrics.ts';
import { count, decimal, escapeHtml, figure, isNumber, percent } from './html.ts';
import type { ReportInput } from './input.ts';
import { metricNames } from './metrics.ts';

/** So many sentences are read; of more gates the table tells the rest. */
const toldGates = 3;

/** The headline: whether the model may be registered, and how far each gate was from the other answer. */
export function verdictCard(input: ReportInput): string {
  const { gates, evaluation } = input;
  const missed = gates.filter((gate) => !gate.passed);
  const sentences = (missed.length > 0 ? missed : gates).slice(0, toldGates).map((gate) => `<p>${escapeHtml(gateSentence(gate))}</p>`);
  const more =
    gates.length > 1
      ? `<div class="scroll"><table style="margin-top:12px"><thead><tr><th>Gate</th><th class="n">Found</th><th class="n">By</th><th></th></tr></thead><tbody>${gates.map(gateRow).join('')}</tbody></table></div>`
      : '';
  return `<section class="card verdict${missed.length === 0 ? '' : ' no'}"><span class="badge">${missed.length === 0 ? '✓ Passed' : '✕ Not passed'}</span><div>
<p class="lead">${lead(gates.length, missed.length)}</p>
${sentences.join('\n')}
<p class="soft">Measured on ${count(evaluation.rows)} held-out rows that it has not seen${evaluation.rows < 200 ? ', which is few: mind the ±' : ''}; ${heldOut(input)}.</p>${more}</div></section>`;
}

function lead(gates: number, missed: number): string {
  if (gates === 0) return 'No gate was set, so nothing held this model back.';
  if (missed === 0) return `This model is good enough: it meets ${gates === 1 ? 'its gate' : `all ${count(gates)} gates`}.`;
  return `This model is not good enough: it misses ${gates === 1 ? 'its gate' : `${count(missed)} of ${count(gates)} gates`}, so it is not registered.`;
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
export function gateSentence(gate: GateVerdict): string {
  const { metric, value, passed, distance, note, slice, champion } = gate;
  const name = metricNames[metric] ?? metric;
  const digits = digitsOf(gate);
  const demand = `the gate (${gateDemand(gate)})`;
  const more = note === undefined ? '' : ` (${note})`;
  if (isChampionGate(gate)) {
    if (champion === undefined) return `${name} ${passed ? 'passes' : 'misses'} ${demand}: ${note ?? ''}.`;
    const better = direction(metric) * champion.difference;
    const found = champion.difference === 0 ? 'the same' : `${shown(Math.abs(champion.difference), digits)} ${better > 0 ? 'better' : 'worse'}`;
    return `${name} ${decimal(value, digits)} ${passed ? 'passes' : 'misses'} ${demand}: version ${champion.modelVersion} has ${decimal(champion.value, digits)} on the same rows, so this model is ${found}, somewhere between ${signed(champion.low, digits)} and ${signed(champion.high, digits)} at ${percent(champion.confidence, 0)} confidence.`;
  }
  if (!isNumber(value)) return `${name} could not be computed, so ${demand} is not passed${note === undefined ? '' : `: ${note}`}.`;
  const where = slice === undefined || gate.inEachSlice === undefined ? '' : ` where ${gate.inEachSlice.column} is ${slice.name} (${count(slice.rows)} rows, ${slice.missed > 0 ? `${count(slice.missed)} of ${count(slice.judged)} parts miss it` : `the worst of ${count(slice.judged)} parts`})`;
  return `${name} ${decimal(value, digits)}${where} ${passed ? 'passes' : 'misses'} ${demand} by ${shown(Math.abs(distance ?? value - gate.threshold), digits)}${spread(gate)}${more}.`;
}

/** As many as the bound has, three at least. */
function digitsOf(gate: GateVerdict): number {
  return Math.max(3, String(isChampionGate(gate) ? gate.margin : gate.threshold).split('.')[1]?.length ?? 0);
}

/** A distance too small for the shown digits would read as none at all. */
function shown(distance: number, digits: number): string {
  return distance < 10 ** -digits && distance > 0 ? distance.toPrecision(2) : decimal(distance, digits);
}

function signed(value: number, digits: number): string {
  return `${value < 0 ? '−' : '+'}${decimal(Math.abs(value), digits)}`;
}

function spread({ deviations }: GateVerdict): string {
  if (!isNumber(deviations)) return '';
  const size = Math.abs(deviations);
  return `, ${size >= 10 ? count(size) : decimal(size, 1)} standard deviations`;
}

function gateRow(gate: GateVerdict): string {
  const { metric, value, passed, distance, slice, champion, note } = gate;
  const name = metricNames[metric] ?? metric;
  const digits = digitsOf(gate) + 1;
  const aside = champion === undefined ? (slice === undefined ? (note ?? '') : `${slice.name}, ${count(slice.rows)} rows`) : `champion ${decimal(champion.value, digits)}`;
  const by = isNumber(distance) ? `${distance < 0 ? '−' : '+'}${shown(Math.abs(distance), digits)}` : '';
  return `<tr><td>${escapeHtml(name)} ${escapeHtml(gateDemand(gate))}</td><td class="n">${decimal(value, digits)}${aside === '' ? '' : `<br><span class="soft small" style="white-space:nowrap">${escapeHtml(aside.length > 40 ? `${aside.slice(0, 39)}…` : aside)}</span>`}</td><td class="n">${by}</td><td><span class="badge${passed ? '' : ' no'}">${passed ? 'passed' : 'not passed'}</span></td></tr>`;
}
