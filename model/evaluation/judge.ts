import { isChampionGate } from '../spec/gate-spec.ts';
import type { BoundGateSpec, ChampionGateSpec, GateEvidence, GateSpec, GateVerdict } from '../spec/gate-spec.ts';
import { direction } from '../spec/metrics.ts';
import type { MeasuredMetric } from './measured.ts';
import { usualConfidence } from './paired/paired.ts';
import type { PairedMetric } from './paired/paired.ts';
import type { SliceTable } from './slices.ts';

/** The served model, as far as a gate has to know it. */
export type ChampionEvidence =
  | { readonly state: 'none'; readonly reason: string }
  | { readonly state: 'incomparable'; readonly modelVersion: string; readonly reason: string }
  | { readonly state: 'compared'; readonly modelVersion: string; at(metric: string, confidence: number): PairedMetric | undefined };

/** What gates are judged by. */
export interface JudgedEvidence {
  readonly metrics: Readonly<Record<string, MeasuredMetric>>;
  /** Measures the rows by the values of a column. Asked for where a gate judges slices. */
  readonly slicesBy: (column: string, metric: string, minimumRows: number) => SliceTable;
  readonly champion: ChampionEvidence;
}

/** What each gate says of a model. A metric that is missing or not a number does not pass. */
export function judge(gates: readonly GateSpec[], evidence: JudgedEvidence): GateVerdict[] {
  return gates.map((gate): GateVerdict => {
    if (isChampionGate(gate)) return { ...gate, ...againstChampion(gate, evidence) };
    return { ...gate, ...(gate.inEachSlice === undefined ? againstBound(gate, evidence.metrics[gate.metric]) : inEachSlice(gate, gate.inEachSlice, evidence)) };
  });
}

const unknown: MeasuredMetric = { value: Number.NaN, standardDeviation: Number.NaN };

function againstBound({ comparison, threshold }: BoundGateSpec, { value, standardDeviation }: MeasuredMetric = unknown): GateEvidence {
  const distance = comparison === 'above' ? value - threshold : threshold - value;
  return { value, passed: distance > 0, ...distanceOf(distance, standardDeviation) };
}

function inEachSlice(gate: BoundGateSpec, { column, minimumRows }: NonNullable<BoundGateSpec['inEachSlice']>, { slicesBy }: JudgedEvidence): GateEvidence {
  const table = slicesBy(column, gate.metric, minimumRows);
  const judged = table.slices.filter(({ metric }) => Number.isFinite(metric.value)).map((slice) => ({ slice, evidence: againstBound(gate, slice.metric) }));
  const [worst] = judged.toSorted((a, b) => (a.evidence.distance ?? 0) - (b.evidence.distance ?? 0));
  if (worst === undefined) {
    return { value: Number.NaN, passed: false, note: `no part of the held-out rows by ${column} has ${String(minimumRows)} rows and a ${gate.metric}: ask for fewer rows (minimumRows), or give it more data` };
  }
  const { name, rows } = worst.slice;
  const aside = table.slices.length - judged.length;
  return {
    ...worst.evidence,
    slice: { name, rows, judged: judged.length, missed: judged.filter(({ evidence }) => !evidence.passed).length },
    ...(aside === 0 ? {} : { note: `${String(aside)} more ${aside === 1 ? 'part has' : 'parts have'} no ${gate.metric} to measure` }),
  };
}

function againstChampion(gate: ChampionGateSpec, { metrics, champion }: JudgedEvidence): GateEvidence {
  const value = metrics[gate.metric]?.value ?? Number.NaN;
  if (champion.state === 'none') return { value, passed: true, note: champion.reason };
  if (champion.state === 'incomparable') return { value, passed: false, note: `cannot be compared with the champion, version ${champion.modelVersion}: ${champion.reason}` };
  const compared = champion.at(gate.metric, gate.confidence ?? usualConfidence);
  if (compared === undefined) return { value, passed: false, note: `cannot be compared with the champion, version ${champion.modelVersion}: one of the two has no ${gate.metric} on these rows` };
  const { difference, low, high, confidence, standardDeviation } = compared;
  const better = direction(gate.metric);
  // Where proof is asked for, what is certain of the improvement counts, and not what was measured.
  const improvement = gate.confidence === undefined ? better * difference : Math.min(better * low, better * high);
  const distance = gate.comparison === 'betterThanChampion' ? improvement - gate.margin : improvement + gate.margin;
  return {
    value,
    passed: gate.comparison === 'betterThanChampion' ? distance > 0 : distance >= 0,
    ...distanceOf(distance, standardDeviation),
    champion: { modelVersion: champion.modelVersion, value: compared.champion, difference, low, high, confidence },
  };
}

function distanceOf(distance: number, standardDeviation: number): Pick<GateEvidence, 'distance' | 'deviations'> {
  if (!Number.isFinite(distance)) return {};
  const deviations = distance / standardDeviation;
  return Number.isFinite(deviations) ? { distance, deviations } : { distance };
}
