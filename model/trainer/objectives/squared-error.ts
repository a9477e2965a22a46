import { hash32 } from '../random.ts';
import { blockRows } from '../shared.ts';
import type { SharedRows } from '../shared.ts';
import { meanLoss, meanOver, parameterText } from './objective.ts';
import type { GradientOptions, TrainingObjective } from './objective.ts';

/** `reg:squarederror`. */
export const squaredError: TrainingObjective = {
  bounded: false,
  ownMetric: 'rmse',
  metricNames: 'rmse or mae',
  metric: (name) => ({
    rmse: (data: SharedRows) => Math.sqrt(meanLoss(data)),
    mae: (data: SharedRows) => meanOver(data, (margin) => margin, (prediction, label) => Math.abs(prediction - label)),
  })[name],
  labels: () => ({ expected: 'a finite number', accepts: Number.isFinite }),
  baseScore: { expected: 'a finite number', accepts: Number.isFinite },
  fields: ({ scalePosWeight }) => ({ reg_loss_param: { scale_pos_weight: parameterText(scalePosWeight) } }),
  computeGradients,
  sumLosses,
};

function sumLosses({ label, margin, weight, blockLoss, blockGradient, blockHessian }: SharedRows, start: number, end: number): void {
  for (let from = start; from < end; from += blockRows) {
    const to = Math.min(end, from + blockRows);
    let loss = 0;
    let largest = 0;
    let heaviest = 0;
    for (let row = from; row < to; row++) {
      const gradient = (margin[row] as number) - (label[row] as number);
      const counts = weight === undefined ? 1 : (weight[row] as number);
      loss += counts * gradient * gradient;
      largest = Math.max(largest, counts * Math.abs(gradient));
      heaviest = Math.max(heaviest, counts);
    }
    const block = from / blockRows;
    blockLoss[block] = loss;
    blockGradient[block] = largest;
    blockHessian[block] = heaviest;
  }
}

function computeGradients({ label, margin, weight }: SharedRows, gradients: Int32Array, start: number, end: number, options: GradientOptions): void {
  const { scale, scalePosWeight, subsample, seed, round } = options;
  const limit = subsample * 4294967296;
  for (let row = start; row < end; row++) {
    const y = label[row] as number;
    const drawn = subsample === 1 || hash32(seed, round, row) < limit;
    const counts = weight === undefined ? 1 : (weight[row] as number);
    // XGBoost weighs a label of 1 here as well.
    const factor = drawn ? counts * (y === 1 ? scalePosWeight : 1) : 0;
    const gradient = Math.fround(Math.fround((margin[row] as number) - y) * factor) * scale.gradient;
    gradients[row * 2] = gradient < 0 ? gradient - 0.5 : gradient + 0.5;
    gradients[row * 2 + 1] = Math.fround(factor) * scale.hessian + 0.5;
  }
}
