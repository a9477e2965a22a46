import { isChampionGate } from '../spec/gate-spec.ts';
import type { BoundGateSpec, ChampionGateSpec, GateEvidence, GateSpec, GateVerdict } from '../spec/gate-spec.ts';
import { direction } from '../spec/metrics.ts';

/** What a gate asks for, such as `above 0.7`, `above 0.6 in each part by island` or `at most 0.005 worse than the champion`. */
export function gateDemand(gate: GateSpec): string {
  if (!isChampionGate(gate)) return `${gate.comparison} ${String(gate.threshold)}${gate.inEachSlice === undefined ? '' : ` in each part by ${gate.inEachSlice.column}`}`;
  const proved = gate.confidence === undefined ? '' : ` with confidence ${String(gate.confidence)}`;
  if (gate.comparison === 'betterThanChampion') return `${gate.margin === 0 ? '' : `more than ${String(gate.margin)} `}better than the champion${proved}`;
  return `${gate.margin === 0 ? 'not' : `at most ${String(gate.margin)}`} worse than the champion${proved}`;
}

/** What a gate said, in one line with its figures, such as `auc 0.7381 is not above 0.99: 0.2519 short (220 standard deviations)`. */
export function gateSentence(verdict: GateVerdict): string {
  return isChampionGate(verdict) ? championSentence(verdict) : boundSentence(verdict);
}

function boundSentence(verdict: BoundGateSpec & GateEvidence): string {
  const { metric, value, comparison, threshold, passed, inEachSlice, slice, note } = verdict;
  if (inEachSlice === undefined) {
    if (!Number.isFinite(value)) return `${metric} could not be computed and is not ${comparison} ${String(threshold)}`;
    return `${metric} ${shown(value, threshold)} is ${passed ? '' : 'not '}${comparison} ${String(threshold)}${by(verdict)}`;
  }
  if (slice === undefined) return `${metric} is not ${comparison} ${String(threshold)} in each part by ${inEachSlice.column}: ${note ?? 'no part could be judged'}`;
  const where = `where ${inEachSlice.column} is ${slice.name} (${String(slice.rows)} rows)`;
  const aside = note === undefined ? '' : `; ${note}`;
  if (passed) return `${metric} is ${comparison} ${String(threshold)} in each of ${String(slice.judged)} parts by ${inEachSlice.column}, the worst ${shown(value, threshold)} ${where}${aside}`;
  const count = slice.missed === 1 ? '' : `, the worst of ${String(slice.missed)} such parts of ${String(slice.judged)}`;
  return `${metric} ${shown(value, threshold)} is not ${comparison} ${String(threshold)} ${where}${count}${by(verdict)}${aside}`;
}

/** By how much, and how much that is beside chance. */
function by({ comparison, distance, deviations, passed }: BoundGateSpec & GateEvidence): string {
  if (distance === undefined) return '';
  const spread = deviations === undefined ? '' : ` (${units(Math.abs(deviations))})`;
  const size = amount(Math.abs(distance));
  if (passed) return ` by ${size}${spread}`;
  return `: ${size} ${comparison === 'above' ? 'short' : 'over'}${spread}`;
}

function championSentence(verdict: ChampionGateSpec & GateEvidence): string {
  const { metric, value, champion, note, passed, comparison, margin, confidence } = verdict;
  if (champion === undefined) return passed ? `${metric} ${four(value)} has nothing to be compared with: ${note ?? 'no champion yet'}` : `${metric} ${note ?? 'cannot be compared with the champion'}`;
  const { modelVersion, value: theirs, difference, low, high } = champion;
  const than = `the champion's ${four(theirs)} (version ${modelVersion})`;
  const better = direction(metric) * difference;
  const found = difference === 0 ? 'no difference' : `${amount(Math.abs(difference))} ${better > 0 ? 'better' : 'worse'}`;
  const range = `${percentage(champion.confidence)} interval of the difference ${signed(low)} to ${signed(high)}`;
  const sure = confidence === undefined ? '' : 'certainly ';
  const asked = comparison === 'betterThanChampion'
    ? `${passed ? '' : 'not '}${sure}${margin === 0 ? '' : `more than ${String(margin)} `}better than`
    : margin === 0
      ? passed ? `${sure}not worse than` : `${confidence === undefined ? '' : 'not certainly no '}worse than`
      : passed ? `${sure}at most ${String(margin)} worse than` : `${confidence === undefined ? '' : 'perhaps '}more than ${String(margin)} worse than`;
  return `${metric} ${four(value)} is ${asked} ${than}: ${found}, ${range}`;
}

/** Four decimals, or as many as it takes to stay on the value's side of the threshold: `0.72 is above 0.72` would be wrong. */
function shown(value: number, threshold: number): string {
  for (let digits = 4; digits < 15; digits += 1) {
    const rounded = Number(value.toFixed(digits));
    if (Math.sign(rounded - threshold) === Math.sign(value - threshold)) return String(rounded);
  }
  return String(value);
}

/** Two significant digits at least, so that no difference is shown as none. */
function amount(value: number): string {
  const rounded = Number(value.toFixed(4));
  return rounded >= 0.001 || value === 0 ? String(rounded) : String(Number(value.toPrecision(2)));
}

function four(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toFixed(4))) : 'not defined';
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${amount(Math.abs(value))}`;
}

function units(deviations: number): string {
  const rounded = deviations >= 10 ? String(Math.round(deviations)) : String(Number(deviations.toFixed(1)));
  return `${rounded} standard deviation${rounded === '1' ? '' : 's'}`;
}

function percentage(share: number): string {
  return `${String(Number((share * 100).toFixed(2)))} %`;
}
