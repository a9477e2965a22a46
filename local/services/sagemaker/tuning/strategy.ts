import type { TuningConfig } from './record.ts';
import { halvingRule, medianRule, neverStop } from './samplers/early-stopping.ts';
import type { StoppingRule } from './samplers/early-stopping.ts';
import { randomOf } from './samplers/random.ts';
import { randomPoint } from './samplers/random-search.ts';
import type { Point, Space } from './samplers/space.ts';
import { tpePoint } from './samplers/tpe.ts';
import type { Observation } from './samplers/tpe.ts';

/** How a tuning job chooses where its trials lie, and which of them go on. */
export interface Strategy {
  /** @param trial its number, from 0. */
  next(history: readonly Observation[], trial: number): Point;
  readonly stopping: StoppingRule;
}

/** The Parzen estimator needs some trials to learn from: a quarter of all, but neither very few nor very many. */
const startup = { least: 4, most: 12, share: 0.25 };

/** The strategy that a tuning job asks for. */
export function strategyOf({ Strategy: name, StrategyConfig, ResourceLimits: limits, TrainingJobEarlyStoppingType: stopping }: TuningConfig, space: Space, seed: number): Strategy {
  if (name === 'Bayesian') {
    const even = Math.min(startup.most, Math.max(startup.least, Math.floor((limits.MaxNumberOfTrainingJobs ?? 0) * startup.share)));
    return { next: (history, trial) => tpePoint(space, history, even, randomOf(seed, trial)), stopping: stopping === 'Auto' ? medianRule() : neverStop };
  }
  const { MinResource: least = 1, MaxResource: greatest = 1 } = StrategyConfig?.HyperbandStrategyConfig ?? {};
  return {
    next: (_history, trial) => randomPoint(space, randomOf(seed, trial)),
    stopping: name === 'Hyperband' ? halvingRule(least, greatest) : stopping === 'Auto' ? medianRule() : neverStop,
  };
}
