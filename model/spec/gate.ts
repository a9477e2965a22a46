import { DeclarationError } from './errors.ts';
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

const knownMetrics: readonly string[] = [...new Set<string>([...binaryMetrics, ...multiclassMetrics, ...regressionMetrics])];

/** A gate as JSON. `above` passes when the value is greater than the threshold, `below` when it is less. */
export interface GateSpec {
  readonly metric: string;
  readonly comparison: 'above' | 'below';
  readonly threshold: number;
}

/** What a gate said of a model. */
export interface GateVerdict extends GateSpec {
  readonly value: number;
  readonly passed: boolean;
}

/** A condition on a held-out metric, without which a model is not registered. */
export class Gate {
  private readonly spec: GateSpec;

  /**
   * Starts a gate on a metric that the model's task has: `auc`, `accuracy`, `precision`, `recall`, `f1`, `log_loss` for two classes;
   * `accuracy`, `macro_precision`, `macro_recall`, `macro_f1`, `log_loss` for several; `rmse`, `mae`, `mse`, `r2` for a number.
   */
  static metric(metric: string): GateMetric {
    return new GateMetric(metric);
  }

  /**
   * Gates are made by `Gate.metric(..)`.
   * @internal
   */
  constructor(spec: GateSpec) {
    checkMetric(spec.metric);
    const where = `Gate.metric('${spec.metric}')`;
    if (!['above', 'below'].includes(spec.comparison)) throw new DeclarationError(where, 'comparison', spec.comparison, 'above or below');
    if (!Number.isFinite(spec.threshold)) throw new DeclarationError(where, spec.comparison, spec.threshold, 'a finite number');
    this.spec = spec;
  }

  /**
   * The declaration as JSON.
   * @internal
   */
  toJSON(): GateSpec {
    return this.spec;
  }
}

/** A metric that waits for its bound. */
export class GateMetric {
  private readonly metric: string;

  /** Started by `Gate.metric(..)`. */
  constructor(metric: string) {
    this.metric = metric;
    checkMetric(metric);
  }

  /** Passes when the metric is greater than the threshold. */
  above(threshold: number): Gate {
    return new Gate({ metric: this.metric, comparison: 'above', threshold });
  }

  /** Passes when the metric is less than the threshold (for `log_loss` and a regression's errors). */
  below(threshold: number): Gate {
    return new Gate({ metric: this.metric, comparison: 'below', threshold });
  }
}

function checkMetric(metric: string): void {
  if (!knownMetrics.includes(metric)) {
    throw new DeclarationError('Gate.metric', 'metric', metric, `one of ${knownMetrics.join(', ')}`);
  }
}

/** What each gate says of these metrics. A metric that is missing or not a number does not pass. */
export function judge(gates: readonly GateSpec[], metrics: Readonly<Record<string, number>>): GateVerdict[] {
  return gates.map((gate) => {
    const value = metrics[gate.metric] ?? Number.NaN;
    return { ...gate, value, passed: gate.comparison === 'above' ? value > gate.threshold : value < gate.threshold };
  });
}
