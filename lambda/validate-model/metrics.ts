import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Latency } from '../../model/evaluation/latency.ts';
import type { GateVerdict } from '../../model/spec/gate.ts';

/** What a run's evaluation came to. */
export interface MeasuredRun {
  readonly values: Readonly<Record<string, number>>;
  readonly gates: readonly GateVerdict[];
  readonly latency: Latency | undefined;
}

/** Publishes an evaluation as CloudWatch metrics. */
export function addMetrics(metrics: Pick<Metrics, 'addMetric'>, { values, gates, latency }: MeasuredRun): void {
  for (const [name, value] of Object.entries(values)) {
    if (Number.isFinite(value)) metrics.addMetric(`Model${pascalCase(name)}`, MetricUnit.NoUnit, value);
  }
  if (latency !== undefined) {
    metrics.addMetric('ModelLatencyP50', MetricUnit.Milliseconds, latency.singleRow.p50Ms);
    metrics.addMetric('ModelLatencyP99', MetricUnit.Milliseconds, latency.singleRow.p99Ms);
    metrics.addMetric('ModelRowsPerSecond', MetricUnit.CountPerSecond, latency.batch.rowsPerSecond);
  }
  metrics.addMetric('GatesMissed', MetricUnit.Count, gates.filter((gate) => !gate.passed).length);
}

/** `log_loss` as `LogLoss`, which metrics are called like. */
function pascalCase(name: string): string {
  return name.split('_').map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`).join('');
}
