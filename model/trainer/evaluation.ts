import { auc } from '../metrics/auc.ts';
import type { SharedRows } from './shared.ts';

/** One metric of one part of the data after a round. */
export interface RoundMetric {
  readonly data: 'train' | 'validation';
  /** Such as `logloss`, `auc` or `error@0.7`. */
  readonly metric: string;
  readonly value: number;
}

/** The metric of `binary:logistic` where none is asked for. */
export const defaultMetric = 'logloss';

/** Whether a larger value of the metric is better. */
export function isMaximized(metric: string): boolean {
  return metric === 'auc';
}

/** A metric by its name, from margins and the block losses that the shards have summed. */
export function roundMetric(metric: string, data: SharedRows): number {
  if (metric === 'logloss') return data.blockLoss.reduce((sum, loss) => sum + loss, 0) / data.rows;
  if (metric === 'auc') return auc(data.label, data.margin);
  return errorRate(data, Number(metric.split('@')[1] ?? '0.5'));
}

/** The share of rows on the wrong side of the threshold. */
function errorRate({ label, margin, rows }: SharedRows, threshold: number): number {
  const border = Math.log(threshold / (1 - threshold));
  let wrong = 0;
  for (let row = 0; row < rows; row++) {
    const predicted = (margin[row] as number) > border ? 1 : 0;
    wrong += predicted === 1 ? 1 - (label[row] as number) : (label[row] as number);
  }
  return wrong / rows;
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
    return round - this.bestRound >= this.rounds;
  }
}
