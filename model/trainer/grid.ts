import type { TrainingObjective } from './objectives/objective.ts';
import type { GridScale, SharedState } from './shared.ts';

/** A training that has run away. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
}

/**
 * The finest grid on which the sums of all rows' gradients stay whole numbers that a float64 holds exactly. With unbounded
 * gradients it follows from the largest ones, which the shards have just found: the margins alone decide it.
 */
export function gridScale(state: SharedState, objective: TrainingObjective, round: number): GridScale {
  const { train, scalePosWeight } = state;
  const steps = 2 ** Math.min(30, 52 - Math.ceil(Math.log2(Math.max(2, train.rows))));
  const positive = Math.max(1, scalePosWeight);
  const weight = positive * train.largestWeight;
  if (objective.bounded) return { gradient: steps / weight, hessian: steps / weight };
  const scale = (blocks: Float64Array): number => {
    const largest = blocks.reduce((a, b) => Math.max(a, b), 0) * positive;
    if (!(largest < 2 ** 200)) {
      throw new DivergenceError(`The training diverges: in round ${String(round)} a gradient is ${String(largest)}. Lower 'eta', or set 'max_delta_step'.`);
    }
    // A power of two, so that whole-numbered labels keep whole-numbered gradients.
    return largest === 0 ? 1 : steps / 2 ** Math.ceil(Math.log2(largest));
  };
  return { gradient: scale(train.blockGradient), hessian: scale(train.blockHessian) };
}
