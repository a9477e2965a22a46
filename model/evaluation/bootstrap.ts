import { decisionThreshold, thresholdMetrics } from '../metrics/confusion.ts';
import { total } from '../metrics/groups.ts';
import type { ScoreGroups } from '../metrics/groups.ts';

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
  const deviation = (metric: keyof BinaryMetricValues): number => {
    const mean = drawn.reduce((sum, values) => sum + values[metric], 0) / replicates;
    return Math.sqrt(drawn.reduce((sum, values) => sum + (values[metric] - mean) ** 2, 0) / (replicates - 1));
  };
  return {
    auc: total(groups.positives) > 0 && total(groups.negatives) > 0 ? deviation('auc') : Number.NaN,
    accuracy: deviation('accuracy'),
    precision: deviation('precision'),
    recall: deviation('recall'),
    f1: deviation('f1'),
    log_loss: deviation('log_loss'),
  };
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

/** A Poisson number: by multiplication where the mean is small, else by its normal approximation. */
function poisson(mean: number, random: () => number): number {
  if (mean === 0) return 0;
  if (mean > 30) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count++;
  return count;
}

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
