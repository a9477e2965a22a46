/** Decides while a trial runs, after each value of its objective, whether it goes on. Values are losses: less is better. */
export interface StoppingRule {
  /** @returns whether the trial shall be stopped. */
  report(trial: string, loss: number): boolean;
}

/** No trial is stopped. */
export const neverStop: StoppingRule = { report: () => false };

/**
 * SageMaker's rule where TrainingJobEarlyStoppingType is Auto: a trial stops when its value is worse than the median of the running
 * averages that the earlier trials had at the same epoch.
 */
export function medianRule(): StoppingRule {
  const losses = new Map<string, number[]>();
  return {
    report(trial, loss) {
      const earlier = [...losses.entries()].filter(([name]) => name !== trial).map(([, values]) => values);
      const own = losses.get(trial) ?? [];
      own.push(loss);
      losses.set(trial, own);
      const averages = earlier.filter((values) => values.length >= own.length).map((values) => mean(values.slice(0, own.length)));
      return averages.length > 0 && loss > median(averages);
    },
  };
}

/** By which factor rungs grow, and the share of the trials that goes on beyond one shrinks. */
const reduction = 3;

/**
 * Hyperband's stopping as asynchronous successive halving (Li et al., 2018): at each rung (the least resource, three times it, ..) a
 * trial goes on if it is within the best third of those that have got there; at the greatest resource it ends.
 */
export function halvingRule(leastResource: number, greatestResource: number): StoppingRule {
  const epochs = new Map<string, number>();
  const rungs = new Map<number, number[]>();
  for (let rung = leastResource; rung < greatestResource; rung *= reduction) rungs.set(rung, []);
  return {
    report(trial, loss) {
      const epoch = (epochs.get(trial) ?? 0) + 1;
      epochs.set(trial, epoch);
      if (epoch >= greatestResource) return true;
      const rung = rungs.get(epoch);
      if (rung === undefined) return false;
      rung.push(loss);
      // The first ones have nothing to be compared with.
      const going = Math.max(1, Math.floor(rung.length / reduction));
      const bound = rung.toSorted((a, b) => a - b)[going - 1] ?? Infinity;
      return rung.length >= reduction && loss > bound;
    },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
