import { decisionThreshold, thresholdMetrics } from '../metrics/confusion.ts';
import { total } from '../metrics/groups.ts';
import type { ScoreGroups } from '../metrics/groups.ts';
import { deviations, generator, poisson } from './random.ts';

/** The metrics that a binary evaluation computes, by the names that gates use. */
export interface BinaryMetricValues {
  readonly auc: number;
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly log_loss: number;
}

/** All metrics from groups of rows; AUC takes the rows of a group as tied. */
export function groupMetrics(groups: ScoreGroups): BinaryMetricValues {
  let [trueNegatives, falsePositives, falseNegatives, truePositives, pairs, negativesBelow, loss] = [0, 0, 0, 0, 0, 0, 0];
  for (let group = 0; group < groups.upper.length; group++) {
    const positives = groups.positives[group] as number;
    const negatives = groups.negatives[group] as number;
    pairs += positives * (negativesBelow + negatives / 2);
    negativesBelow += negatives;
    loss += (groups.positiveLoss[group] as number) + (groups.negativeLoss[group] as number);
    if ((groups.upper[group] as number) > decisionThreshold) {
      truePositives += positives;
      falsePositives += negatives;
    } else {
      falseNegatives += positives;
      trueNegatives += negatives;
    }
  }
  const positives = truePositives + falseNegatives;
  return {
    auc: pairs / (positives * negativesBelow),
    ...thresholdMetrics({ trueNegatives, falsePositives, falseNegatives, truePositives }),
    log_loss: loss / (positives + negativesBelow),
  };
}

/**
 * The standard deviation of each metric by a Poisson bootstrap over groups of rows: a resampled group holds
 * Poisson(n) of its n rows, which is what n rows drawn Poisson(1) times each add up to. NaN where a replicate lacks a class.
 */
export function standardDeviations(groups: ScoreGroups, replicates: number, seed: number): BinaryMetricValues {
  const random = generator(seed);
  const drawn = Array.from({ length: replicates }, () => groupMetrics(resample(groups, random)));
  const spread = deviations(drawn, ['auc', 'accuracy', 'precision', 'recall', 'f1', 'log_loss']);
  return total(groups.positives) > 0 && total(groups.negatives) > 0 ? spread : { ...spread, auc: Number.NaN };
}

function resample(groups: ScoreGroups, random: () => number): ScoreGroups {
  const positives = groups.positives.map((count) => poisson(count, random));
  const negatives = groups.negatives.map((count) => poisson(count, random));
  const scaled = (losses: Float64Array, drawn: Float64Array, counts: Float64Array): Float64Array =>
    losses.map((loss, group) => (counts[group] === 0 ? 0 : (loss * (drawn[group] as number)) / (counts[group] as number)));
  return {
    upper: groups.upper,
    positives,
    negatives,
    positiveLoss: scaled(groups.positiveLoss, positives, groups.positives),
    negativeLoss: scaled(groups.negativeLoss, negatives, groups.negatives),
  };
}
