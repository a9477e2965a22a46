import { DeclarationError } from './errors.ts';
import { isChampionGate } from './gate-spec.ts';
import type { BoundGateSpec, ChampionGateSpec, GateSpec } from './gate-spec.ts';
import { knownMetrics } from './metrics.ts';

export { isChampionGate } from './gate-spec.ts';
export type { BoundGateSpec, ChampionGateSpec, GateEvidence, GateSpec, GateVerdict, SliceSpec } from './gate-spec.ts';
export { binaryMetrics, metricsOf, multiclassMetrics, regressionMetrics } from './metrics.ts';

/** Parts with fewer rows are not judged, unless the gate says otherwise: chance would speak. */
const defaultMinimumRows = 30;

/** A condition on held-out metrics, without which a model is not registered. */
export class Gate {
  private readonly spec: GateSpec;

  /**
   * Starts a gate on a metric that the model's task has: `auc`, `accuracy`, `precision`, `recall`, `f1`, `log_loss` for two classes;
   * `accuracy`, `macro_precision`, `macro_recall`, `macro_f1`, `log_loss` for several; `rmse`, `mae`, `mse`, `r2` for a number.
   * @throws DeclarationError where no task has such a metric.
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
    if (isChampionGate(spec)) checkChampion(where, spec);
    else checkBound(where, spec);
    this.spec = spec;
  }

  /**
   * Judges each part of the held-out rows by the values of a column instead of all rows together: a text's values, a number's values or
   * ranges, the rows without a value. The gate passes when every part that is large enough does.
   * @param column a declared column other than the label's.
   * @throws DeclarationError where the gate compares with the champion, or has its slices already.
   */
  inEachSlice(column: string, options: SliceGateOptions = {}): Gate {
    const { spec } = this;
    if (isChampionGate(spec)) {
      throw new DeclarationError(`Gate.metric('${spec.metric}').${spec.comparison}(..)`, 'inEachSlice', column, 'a gate of above(..) or below(..): the champion is compared on all rows');
    }
    if (spec.inEachSlice !== undefined) throw new DeclarationError(`Gate.metric('${spec.metric}')`, 'inEachSlice', column, `one column a gate; this one has '${spec.inEachSlice.column}' already`);
    return new Gate({ ...spec, inEachSlice: { column, minimumRows: options.minimumRows ?? defaultMinimumRows } });
  }

  /**
   * The declaration as JSON.
   * @internal
   */
  toJSON(): GateSpec {
    return this.spec;
  }
}

/** Which parts of the rows a gate judges. */
export interface SliceGateOptions {
  /**
   * Parts with fewer held-out rows are not judged.
   * @default 30
   */
  readonly minimumRows?: number;
}

/** How a model is compared with the one that is served. */
export interface ChampionGateOptions {
  /**
   * In the metric's unit: how much worse the model may be (`notWorseThanChampion`), or how much better it has to be at least (`betterThanChampion`).
   * @default 0
   */
  readonly margin?: number;

  /**
   * Asks for proof: not the measured difference alone but its whole two-sided confidence interval of this level, such as 0.95, has to
   * keep the margin. With few held-out rows only large differences can be proved.
   * @default - the measured difference decides
   */
  readonly confidence?: number;
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

  /**
   * Passes when the model is at most `margin` worse than the one that is served now, both measured on the same held-out rows; and where
   * none is served yet. Does not pass where the two cannot be compared, because columns or the label have changed.
   */
  notWorseThanChampion(options: ChampionGateOptions = {}): Gate {
    return this.againstChampion('notWorseThanChampion', options);
  }

  /** Passes when the model is more than `margin` better than the one that is served now; otherwise as `notWorseThanChampion`. */
  betterThanChampion(options: ChampionGateOptions = {}): Gate {
    return this.againstChampion('betterThanChampion', options);
  }

  private againstChampion(comparison: ChampionGateSpec['comparison'], { margin = 0, confidence }: ChampionGateOptions): Gate {
    return new Gate({ metric: this.metric, comparison, margin, ...(confidence === undefined ? {} : { confidence }) });
  }
}

function checkMetric(metric: string): void {
  if (!knownMetrics.includes(metric)) {
    throw new DeclarationError('Gate.metric', 'metric', metric, `one of ${knownMetrics.join(', ')}`);
  }
}

function checkBound(where: string, spec: BoundGateSpec): void {
  if (!['above', 'below'].includes(spec.comparison)) throw new DeclarationError(where, 'comparison', spec.comparison, 'above, below, notWorseThanChampion or betterThanChampion');
  if (!Number.isFinite(spec.threshold)) throw new DeclarationError(where, spec.comparison, spec.threshold, 'a finite number');
  const { inEachSlice } = spec;
  if (inEachSlice === undefined) return;
  if (inEachSlice.column === '') throw new DeclarationError(where, 'inEachSlice', '', "a column's name");
  if (!Number.isInteger(inEachSlice.minimumRows) || inEachSlice.minimumRows < 1) throw new DeclarationError(where, 'minimumRows', inEachSlice.minimumRows, 'a whole number, at least 1');
}

function checkChampion(where: string, { comparison, margin, confidence }: ChampionGateSpec): void {
  if (!Number.isFinite(margin) || margin < 0) throw new DeclarationError(`${where}.${comparison}`, 'margin', margin, 'a number, at least 0');
  if (confidence !== undefined && !(confidence > 0.5 && confidence < 1)) throw new DeclarationError(`${where}.${comparison}`, 'confidence', confidence, 'a level such as 0.95: more than 0.5 and less than 1');
}
