import { auc } from '../../metrics/auc.ts';
import { exponential } from '../exponential.ts';
import { hash32 } from '../random.ts';
import { blockRows } from '../shared.ts';
import type { SharedRows } from '../shared.ts';
import { meanLoss, parameterText } from './objective.ts';
import type { GradientOptions, TrainingObjective } from './objective.ts';

/** Beyond this, a product of factors up to 2 is turned into its logarithm. */
const largestProduct = 1e150;

/** `binary:logistic`. */
export const logistic: TrainingObjective = {
  bounded: true,
  ownMetric: 'logloss',
  metricNames: 'logloss, auc, error or error@t with 0 < t < 1',
  metric: (name) => {
    if (name === 'logloss') return meanLoss;
    if (name === 'auc') return (data) => auc(data.label, data.margin, data.weight);
    const threshold = /^error(?:@(0?\.\d+))?$/.exec(name);
    return threshold === null ? undefined : (data) => errorRate(data, Number(threshold[1] ?? '0.5'));
  },
  labels: () => ({ expected: '0 to 1', accepts: (label) => label >= 0 && label <= 1 }),
  baseScore: { expected: 'a probability between 0 and 1', accepts: (score) => score > 0 && score < 1 },
  fields: ({ scalePosWeight }) => ({ reg_loss_param: { scale_pos_weight: parameterText(scalePosWeight) } }),
  computeGradients,
  sumLosses,
};

/** The weighted share of rows on the wrong side of the threshold. */
function errorRate({ label, margin, weight, rows, totalWeight }: SharedRows, threshold: number): number {
  const border = Math.log(threshold / (1 - threshold));
  let wrong = 0;
  for (let row = 0; row < rows; row++) {
    const predicted = (margin[row] as number) > border ? 1 : 0;
    wrong += (weight?.[row] ?? 1) * (predicted === 1 ? 1 - (label[row] as number) : (label[row] as number));
  }
  return wrong / totalWeight;
}

/** log(1 + e^-|m|) is summed as a product, one logarithm for many rows, where they all count the same. */
function sumLosses(data: SharedRows, start: number, end: number): void {
  const { label, margin, weight, blockLoss } = data;
  for (let from = start; from < end; from += blockRows) {
    const to = Math.min(end, from + blockRows);
    let loss = 0;
    let product = 1;
    for (let row = from; row < to; row++) {
      const m = margin[row] as number;
      const power = exponential(m > 0 ? -m : m);
      const linear = (m > 0 ? m : 0) - m * (label[row] as number);
      if (weight !== undefined) {
        loss += (weight[row] as number) * (linear + Math.log(1 + power));
        continue;
      }
      loss += linear;
      product *= 1 + power;
      if (product > largestProduct) {
        loss += Math.log(product);
        product = 1;
      }
    }
    blockLoss[from / blockRows] = loss + Math.log(product);
  }
}

/** Losses come along, since both want the same exponential. A row left out by `subsample` gets zeroes, so it still finds its leaf. */
function computeGradients(data: SharedRows, gradients: Int32Array, start: number, end: number, options: GradientOptions): void {
  const { label, margin, weight, blockLoss } = data;
  const { scalePosWeight, subsample, seed, round } = options;
  const scale = options.scale.gradient;
  const limit = subsample * 4294967296;
  for (let from = start; from < end; from += blockRows) {
    const to = Math.min(end, from + blockRows);
    let loss = 0;
    let product = 1;
    for (let row = from; row < to; row++) {
      const m = margin[row] as number;
      const y = label[row] as number;
      const power = exponential(m > 0 ? -m : m);
      const linear = (m > 0 ? m : 0) - m * y;
      const counts = weight === undefined ? 1 : (weight[row] as number);
      if (weight === undefined) {
        loss += linear;
        product *= 1 + power;
        if (product > largestProduct) {
          loss += Math.log(product);
          product = 1;
        }
      } else {
        loss += counts * (linear + Math.log(1 + power));
      }
      const drawn = subsample === 1 || hash32(seed, round, row) < limit;
      const factor = drawn ? counts * (y === 1 ? scale * scalePosWeight : scale) : 0;
      const probability = (m > 0 ? 1 : power) / (1 + power);
      const gradient = (probability - y) * factor;
      // A typed array of whole numbers cuts off the fraction: half a step away from zero rounds.
      gradients[row * 2] = gradient < 0 ? gradient - 0.5 : gradient + 0.5;
      gradients[row * 2 + 1] = probability * (1 - probability) * factor + 0.5;
    }
    blockLoss[from / blockRows] = loss + Math.log(product);
  }
}
