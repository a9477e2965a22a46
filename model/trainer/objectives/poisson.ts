import { exponential } from '../exponential.ts';
import { logGamma } from '../log-gamma.ts';
import { hash32 } from '../random.ts';
import { blockRows } from '../shared.ts';
import type { SharedRows } from '../shared.ts';
import { meanLoss, meanOver, parameterText } from './objective.ts';
import type { GradientOptions, TrainingObjective } from './objective.ts';

const power = (margin: number): number => (margin > 0 ? 1 / exponential(-margin) : exponential(margin));

/** `count:poisson`: the margin is the logarithm of the expected count. */
export const poisson: TrainingObjective = {
  bounded: false,
  ownMetric: 'poisson-nloglik',
  metricNames: 'poisson-nloglik, rmse or mae',
  metric: (name) => ({
    'poisson-nloglik': (data: SharedRows) => meanLoss(data) + meanLogFactorial(data),
    rmse: (data: SharedRows) => Math.sqrt(meanOver(data, power, (prediction, label) => (prediction - label) ** 2)),
    mae: (data: SharedRows) => meanOver(data, power, (prediction, label) => Math.abs(prediction - label)),
  })[name],
  labels: () => ({ expected: 'a finite number of at least 0', accepts: (label) => Number.isFinite(label) && label >= 0 }),
  baseScore: { expected: 'a mean count greater than 0', accepts: (score) => score > 0 && Number.isFinite(score) },
  fields: ({ maxDeltaStep }) => ({ poisson_regression_param: { max_delta_step: parameterText(maxDeltaStep) } }),
  computeGradients,
  sumLosses,
};

const logFactorials = new WeakMap<Float32Array, number>();

/** The part of the likelihood that no model changes; taken once for each part of the data. */
function meanLogFactorial({ label, weight, totalWeight }: SharedRows): number {
  let mean = logFactorials.get(label);
  if (mean === undefined) {
    mean = label.reduce((sum, count, row) => sum + (weight?.[row] ?? 1) * logGamma(count + 1), 0) / totalWeight;
    logFactorials.set(label, mean);
  }
  return mean;
}

function sumLosses({ label, margin, weight, blockLoss, blockGradient, blockHessian }: SharedRows, start: number, end: number, maxDeltaStep: number): void {
  const step = Math.exp(maxDeltaStep);
  for (let from = start; from < end; from += blockRows) {
    const to = Math.min(end, from + blockRows);
    let loss = 0;
    let gradient = 0;
    let mean = 0;
    for (let row = from; row < to; row++) {
      const m = margin[row] as number;
      const y = label[row] as number;
      const expected = power(m);
      const counts = weight === undefined ? 1 : (weight[row] as number);
      loss += counts * (expected - m * y);
      gradient = Math.max(gradient, counts * Math.abs(expected - y));
      mean = Math.max(mean, counts * expected);
    }
    const block = from / blockRows;
    blockLoss[block] = loss;
    blockGradient[block] = gradient;
    blockHessian[block] = mean * step;
  }
}

/** In float32, as in XGBoost, which takes the Hessian max_delta_step further on to keep the steps small. */
function computeGradients({ label, margin, weight }: SharedRows, gradients: Int32Array, start: number, end: number, options: GradientOptions): void {
  const { scale, maxDeltaStep, subsample, seed, round } = options;
  const limit = subsample * 4294967296;
  for (let row = start; row < end; row++) {
    const counts = weight === undefined ? 1 : (weight[row] as number);
    const drawn = subsample === 1 || hash32(seed, round, row) < limit ? counts : 0;
    const m = margin[row] as number;
    const gradient = drawn * Math.fround(Math.fround(power(m)) - (label[row] as number)) * scale.gradient;
    gradients[row * 2] = gradient < 0 ? gradient - 0.5 : gradient + 0.5;
    gradients[row * 2 + 1] = drawn * Math.fround(power(Math.fround(m + maxDeltaStep))) * scale.hessian + 0.5;
  }
}
