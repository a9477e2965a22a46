import { total } from './groups.ts';
import type { ScoreGroups } from './groups.ts';

/** The receiver operating characteristic, from (0, 0) to (1, 1). */
export interface RocCurve {
  readonly falsePositiveRates: readonly number[];
  readonly truePositiveRates: readonly number[];
}

/** Precision over recall, by falling threshold. */
export interface PrecisionRecallCurve {
  readonly recalls: readonly number[];
  readonly precisions: readonly number[];
}

/** Points kept of a curve: enough for any screen. */
const points = 200;

/** The ROC curve with a point per group (so exact with a group per probability), thinned evenly along its length. */
export function rocCurve(groups: ScoreGroups): RocCurve {
  const positives = total(groups.positives);
  const negatives = total(groups.negatives);
  const all = cumulated(groups).map(({ truePositives, falsePositives }): [number, number] => [falsePositives / negatives, truePositives / positives]);
  const kept = thin([[0, 0], ...all], ([x, y]) => x + y, 2 / (points - 2));
  return { falsePositiveRates: kept.map(([x]) => x), truePositiveRates: kept.map(([, y]) => y) };
}

/** The precision-recall curve with a point per group, thinned evenly by recall; it starts at (0, 1), by convention: with no alarm, no alarm is wrong. */
export function precisionRecallCurve(groups: ScoreGroups): PrecisionRecallCurve {
  const positives = total(groups.positives);
  const all = cumulated(groups).map(({ truePositives, falsePositives }): [number, number] => [truePositives / positives, truePositives / (truePositives + falsePositives)]);
  const kept = thin([[0, 1], ...all], ([recall]) => recall, 1 / (points - 3));
  return { recalls: kept.map(([x]) => x), precisions: kept.map(([, y]) => y) };
}

/** The mean precision over recall (the step-wise area under the precision-recall curve), from all groups. */
export function averagePrecision(groups: ScoreGroups): number {
  const positives = total(groups.positives);
  let sum = 0;
  let before = 0;
  for (const { truePositives, falsePositives } of cumulated(groups)) {
    sum += ((truePositives - before) / positives) * (truePositives / (truePositives + falsePositives));
    before = truePositives;
  }
  return positives === 0 ? Number.NaN : sum;
}

/** What is called positive as the threshold falls below one group after the other. */
function cumulated(groups: ScoreGroups): { truePositives: number; falsePositives: number }[] {
  const steps: { truePositives: number; falsePositives: number }[] = [];
  let truePositives = 0;
  let falsePositives = 0;
  for (let group = groups.positives.length - 1; group >= 0; group--) {
    truePositives += groups.positives[group] as number;
    falsePositives += groups.negatives[group] as number;
    steps.push({ truePositives, falsePositives });
  }
  return steps;
}

/** Keeps the first and the last point and, between them, one at least every `step` of the measure. */
function thin(curve: readonly [number, number][], measure: (point: readonly [number, number]) => number, step: number): [number, number][] {
  if (curve.length <= points) return [...curve];
  const kept: [number, number][] = [];
  let next = -Infinity;
  curve.forEach((point, index) => {
    if (measure(point) < next && index < curve.length - 1) return;
    kept.push(point);
    next = measure(point) + step;
  });
  return kept;
}
