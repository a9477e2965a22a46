import type { TrainingObjective } from './objectives/objective.ts';
import type { SharedRows, SharedState } from './shared.ts';

/** One metric of one part of the data after a round. */
export interface RoundMetric {
  readonly data: 'train' | 'validation';
  /** Such as `logloss`, `auc` or `error@0.7`. */
  readonly metric: string;
  readonly value: number;
}

/** Whether a larger value of the metric is better. */
export function isMaximized(metric: string): boolean {
  return metric === 'auc';
}

/** All metrics of both parts, from margins and the block losses that the shards have summed. */
export function evaluate({ train, validation }: SharedState, objective: TrainingObjective, metrics: readonly string[]): RoundMetric[] {
  const values = (data: RoundMetric['data'], rows: SharedRows): RoundMetric[] =>
    metrics.map((metric) => ({ data, metric, value: objective.metric(metric)?.(rows) ?? Number.NaN }));
  return [...values('train', train), ...(validation === undefined ? [] : values('validation', validation))];
}

/** Watches one metric, as XGBoost's early stopping does: a round counts as better only when it is strictly better than the best. */
export class EarlyStopping {
  bestRound = 0;
  bestScore = Number.NaN;
  private readonly rounds: number;
  private readonly maximize: boolean;

  /** Stops after `rounds` rounds without a better score. */
  constructor(rounds: number, maximize: boolean) {
    this.rounds = rounds;
    this.maximize = maximize;
  }

  /** Takes a round's score and answers whether to stop. */
  shouldStop(round: number, score: number): boolean {
    const better = round === 0 || (this.maximize ? score > this.bestScore : score < this.bestScore);
    if (better) {
      this.bestRound = round;
      this.bestScore = score;
    }
    return this.isOver(round);
  }

  /** Whether the last round is too far behind the best. */
  isOver(lastRound: number): boolean {
    return lastRound - this.bestRound >= this.rounds;
  }
}
