import type { Round } from '../../model/trainer/train.ts';

/**
 * A round's metrics as the built-in image's log shows them: `[0]#011train-logloss:0.61234#011validation-logloss:0.61300`.
 * `#011` is how the log writes the tab between them, and what the metric definitions of SageMaker's own regular expressions look for.
 */
export function metricLine({ round, metrics }: Round): string {
  const values = metrics.map(({ data, metric, value }) => `#011${data}-${metric}:${value.toFixed(5)}`);
  return `[${String(round)}]${values.join('')}`;
}
