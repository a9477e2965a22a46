import type { Task } from '../spec/task.ts';
import { measureMetrics } from './evaluate.ts';
import type { EvaluationInput, MeasuredMetric } from './evaluate.ts';

/** The metric that stands for a model where there is room for one. */
export const headlineMetrics: Readonly<Record<Task, string>> = { binary: 'auc', multiclass: 'accuracy', regression: 'mae' };

/** One metric of predicted rows. @throws RangeError where the task has no such metric. */
export function measure(input: EvaluationInput, metric: string): MeasuredMetric {
  const metrics = measureMetrics(input);
  const measured = metrics[metric];
  if (measured === undefined) throw new RangeError(`The metric is "${metric}", expected one of ${Object.keys(metrics).join(', ')}.`);
  return measured;
}
