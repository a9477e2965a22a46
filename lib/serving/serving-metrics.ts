import type { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { HttpCodeElb } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { metricsNamespace, servingDimensions, servingMetrics, servingRoles } from '../../model/spec/serving-metrics.ts';

/** The metrics of a target of your own making. */
export interface ServingMetricsProps {
  /** Requests, of which a sum is taken; of several metrics, of all. */
  readonly requests: Metric[];
  /** Requests that failed, of which a sum is taken; of several metrics, of all. */
  readonly errors: Metric[];
  /** How long requests took, of which a percentile is taken; of several metrics, the worst. */
  readonly latency: Metric[];
  /**
   * How many units of the latency metrics a millisecond has: 1000 where they count microseconds.
   * @default 1
   */
  readonly latencyUnitsPerMillisecond?: number;
}

/** Which metrics tell how a target, or one version of it, serves: what `ServingAlarms` stand on. */
export class ServingMetrics {
  /** What Slipway's servers report of a target: all its versions together. */
  static ofTarget(targetName: string): ServingMetrics {
    return ServingMetrics.reported({ [servingDimensions.target]: targetName });
  }

  /** What Slipway's servers report of a target's canary. */
  static ofCanary(targetName: string): ServingMetrics {
    return ServingMetrics.reported({ [servingDimensions.target]: targetName, [servingDimensions.role]: servingRoles.canary });
  }

  /** What a target on Lambda reports, and the calls that its function died of (timeouts, memory), of which it can report nothing itself. */
  static ofFunction(targetName: string, fn: IFunction): ServingMetrics {
    const { requests, errors, latency } = ServingMetrics.ofTarget(targetName).metrics;
    const died = fn.metricErrors();
    return new ServingMetrics({ requests: [...requests, died], errors: [...errors, died], latency });
  }

  /** What a target behind a load balancer reports, and the answers that the balancer gives in its place, where no server does. */
  static ofLoadBalancer(targetName: string, loadBalancer: IApplicationLoadBalancer): ServingMetrics {
    const { requests, errors, latency } = ServingMetrics.ofTarget(targetName).metrics;
    const unserved = loadBalancer.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT);
    return new ServingMetrics({ requests: [...requests, unserved], errors: [...errors, unserved], latency });
  }

  /** What SageMaker reports of variants of an endpoint, taken together. */
  static ofVariants(endpointName: string, variantNames: string[]): ServingMetrics {
    const metric = (metricName: string): Metric[] =>
      variantNames.map((variantName) => new Metric({ namespace: 'AWS/SageMaker', metricName, dimensionsMap: { EndpointName: endpointName, VariantName: variantName } }));
    return new ServingMetrics({ requests: metric('Invocations'), errors: metric('Invocation5XXErrors'), latency: metric('ModelLatency'), latencyUnitsPerMillisecond: 1000 });
  }

  /** Metrics of a target of your own making. */
  static of(props: ServingMetricsProps): ServingMetrics {
    return new ServingMetrics(props);
  }

  private static reported(dimensionsMap: Record<string, string>): ServingMetrics {
    const metric = (metricName: string): Metric[] => [new Metric({ namespace: metricsNamespace, metricName, dimensionsMap })];
    return new ServingMetrics({ requests: metric(servingMetrics.requests), errors: metric(servingMetrics.errors), latency: metric(servingMetrics.latency) });
  }

  /** How many units of the latency a millisecond has. */
  readonly latencyUnitsPerMillisecond: number;
  private readonly metrics: ServingMetricsProps;

  private constructor(metrics: ServingMetricsProps) {
    this.metrics = metrics;
    this.latencyUnitsPerMillisecond = metrics.latencyUnitsPerMillisecond ?? 1;
  }

  /** How many requests there were in a period: 0 where nothing was reported. */
  requests(period: Duration): IMetric {
    const requests = sumOf('r', this.metrics.requests, period);
    return new MathExpression({ label: 'Requests', expression: requests.expression, usingMetrics: requests.metrics, period });
  }

  /** The share of failed requests in a period, in percent: 0 where there was none. */
  errorRate(period: Duration): IMetric {
    const requests = sumOf('r', this.metrics.requests, period);
    const errors = sumOf('e', this.metrics.errors, period);
    return new MathExpression({
      label: 'Error rate (%)',
      expression: `IF(${requests.expression} > 0, 100 * (${errors.expression}) / (${requests.expression}), 0)`,
      usingMetrics: { ...requests.metrics, ...errors.metrics },
      period,
    });
  }

  /** A percentile of the latency in a period, in its own unit. */
  latency(percentile: number, period: Duration): IMetric {
    const statistic = `p${String(percentile)}`;
    const latencies = this.metrics.latency.map((metric) => metric.with({ statistic, period }));
    if (latencies.length === 1) return latencies[0]!;
    return new MathExpression({
      label: `Latency (${statistic})`,
      expression: `MAX([${latencies.map((_, index) => `FILL(l${String(index)}, 0)`).join(', ')}])`,
      usingMetrics: named('l', latencies),
      period,
    });
  }
}

/** A sum in which a metric that nobody reported counts as 0: without FILL one that is missing takes the whole expression with it. */
function sumOf(letter: string, metrics: readonly Metric[], period: Duration): { expression: string; metrics: Record<string, IMetric> } {
  return {
    expression: metrics.map((_, index) => `FILL(${letter}${String(index)}, 0)`).join(' + '),
    metrics: named(letter, metrics.map((metric) => metric.with({ statistic: 'Sum', period }))),
  };
}

function named(letter: string, metrics: readonly IMetric[]): Record<string, IMetric> {
  return Object.fromEntries(metrics.map((metric, index) => [`${letter}${String(index)}`, metric]));
}
