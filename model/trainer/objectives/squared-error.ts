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

function sumLosses({ label, margin, blockLoss, blockGradient, blockHessian }: SharedRows, start: number, end: number): void {
  for (let from = start; from < end; from += blockRows) {
    const to = Math.min(end, from + blockRows);
    let loss = 0;
    let largest = 0;
    for (let row = from; row < to; row++) {
      const gradient = (margin[row] as number) - (label[row] as number);
      loss += gradient * gradient;
      largest = Math.max(largest, Math.abs(gradient));
    }
    const block = from / blockRows;
    blockLoss[block] = loss;
    blockGradient[block] = largest;
    blockHessian[block] = 1;
  }
}

function computeGradients({ label, margin }: SharedRows, gradients: Int32Array, start: number, end: number, options: GradientOptions): void {
  const { scale, scalePosWeight, subsample, seed, round } = options;
  const limit = subsample * 4294967296;
  for (let row = start; row < end; row++) {
    const y = label[row] as number;
    const drawn = subsample === 1 || hash32(seed, round, row) < limit;
    // XGBoost weighs a label of 1 here as well.
    const weight = drawn ? (y === 1 ? scalePosWeight : 1) : 0;
    const gradient = Math.fround(Math.fround((margin[row] as number) - y) * weight) * scale.gradient;
    gradients[row * 2] = gradient < 0 ? gradient - 0.5 : gradient + 0.5;
    gradients[row * 2 + 1] = Math.fround(weight) * scale.hessian + 0.5;
  }
}
