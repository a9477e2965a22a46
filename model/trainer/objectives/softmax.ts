import { exponential } from '../exponential.ts';
import { hash32 } from '../random.ts';
import { blockRows } from '../shared.ts';
import type { SharedRows } from '../shared.ts';
import { meanLoss } from './objective.ts';
import type { GradientOptions, TrainingObjective } from './objective.ts';

/** A row's loss at XGBoost's smallest probability, 1e-16. */
const largestLoss = 16 * Math.LN10;

/** `multi:softprob`: one tree a class and round. */
export const softmax: TrainingObjective = {
  bounded: true,
  ownMetric: 'mlogloss',
  metricNames: 'mlogloss or merror',
  metric: (name) => ({ mlogloss: meanLoss, merror: errorRate })[name],
  labels: (outputs) => ({
    expected: `a whole number from 0 to ${String(outputs - 1)} (num_class is ${String(outputs)})`,
    accepts: (label) => Number.isInteger(label) && label >= 0 && label < outputs,
  }),
  baseScore: { expected: 'a finite number', accepts: Number.isFinite },
  fields: ({ outputs }) => ({ softmax_multiclass_param: { num_class: String(outputs) } }),
  computeGradients,
  sumLosses: (data, start, end) => {
    eachRow(data, start, end, () => undefined);
  },
};

/** The weighted share of rows whose largest margin, the first of equal ones, is not their label's. */
function errorRate({ label, margin, weight, rows, totalWeight }: SharedRows): number {
  let wrong = 0;
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let at = rows + row; at < margin.length; at += rows) if ((margin[at] as number) > (margin[best * rows + row] as number)) best = (at - row) / rows;
    if (best !== label[row]) wrong += weight?.[row] ?? 1;
  }
  return wrong / totalWeight;
}

/** Hands over each row's e^(m - max), class by class, and their sum; sums the weighted losses by block. */
function eachRow(data: SharedRows, start: number, end: number, visit: (row: number, powers: Float64Array, sum: number) => void): void {
  const { label, margin, weight, rows, blockLoss } = data;
  const outputs = margin.length / rows;
  const powers = new Float64Array(outputs);
  for (let from = start; from < end; from += blockRows) {
    const to = Math.min(end, from + blockRows);
    let loss = 0;
    for (let row = from; row < to; row++) {
      let max = -Infinity;
      for (let at = row; at < margin.length; at += rows) max = Math.max(max, margin[at] as number);
      let sum = 0;
      for (let output = 0; output < outputs; output++) {
        const power = exponential((margin[output * rows + row] as number) - max);
        powers[output] = power;
        sum += power;
      }
      const own = Math.log(sum) + max - (margin[(label[row] as number) * rows + row] as number);
      loss += (weight === undefined ? 1 : (weight[row] as number)) * (own < largestLoss ? own : largestLoss);
      visit(row, powers, sum);
    }
    blockLoss[from / blockRows] = loss;
  }
}

/** XGBoost's Hessian is twice the probability's variance: its bound for all classes together. */
function computeGradients(data: SharedRows, gradients: Int32Array, start: number, end: number, options: GradientOptions): void {
  const { label, weight, rows } = data;
  const { outputs, subsample, seed, round } = options;
  const scale = options.scale.gradient;
  const limit = subsample * 4294967296;
  eachRow(data, start, end, (row, powers, sum) => {
    const counts = weight === undefined ? scale : scale * (weight[row] as number);
    for (let output = 0; output < outputs; output++) {
      const drawn = subsample === 1 || hash32(seed, round * outputs + output, row) < limit;
      const factor = drawn ? counts : 0;
      const probability = (powers[output] as number) / sum;
      const gradient = (label[row] === output ? probability - 1 : probability) * factor;
      const at = (output * rows + row) * 2;
      gradients[at] = gradient < 0 ? gradient - 0.5 : gradient + 0.5;
      gradients[at + 1] = 2 * probability * (1 - probability) * factor + 0.5;
    }
  });
}
