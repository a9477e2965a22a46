import type { Task } from './task.ts';

/** The metrics of a binary model that a gate can stand on; each is computed on the held-out test split. */
export const binaryMetrics = ['auc', 'accuracy', 'precision', 'recall', 'f1', 'log_loss'] as const;

/** The metrics of a model of several classes that a gate can stand on; `macro` is the plain mean over the classes. */
export const multiclassMetrics = ['accuracy', 'macro_precision', 'macro_recall', 'macro_f1', 'log_loss'] as const;

/** The metrics of a regression that a gate can stand on, in the label's own unit (`mse` in its square, `r2` without one). */
export const regressionMetrics = ['rmse', 'mae', 'mse', 'r2'] as const;

const metricsByTask: Readonly<Record<Task, readonly string[]>> = { binary: binaryMetrics, multiclass: multiclassMetrics, regression: regressionMetrics };

/** The metrics that a model of this task is measured by, so those that its gates can stand on. */
export function metricsOf(task: Task): readonly string[] {
  return metricsByTask[task];
}

/** Every metric that some model is measured by. */
export const knownMetrics: readonly string[] = [...new Set<string>([...binaryMetrics, ...multiclassMetrics, ...regressionMetrics])];

const lessIsBetter: readonly string[] = ['log_loss', 'rmse', 'mae', 'mse'];

/** 1 where more of a metric is better, -1 where less is. */
export function direction(metric: string): 1 | -1 {
  return lessIsBetter.includes(metric) ? -1 : 1;
}
