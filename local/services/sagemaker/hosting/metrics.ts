import type { LaptopContext } from '../../../core/context.ts';

/** One invocation, as CloudWatch hears of it. */
export interface InvocationMetric {
  readonly endpointName: string;
  readonly variantName: string;
  /** Of what the caller was answered: 200, 4xx or 5xx; a container's own error counts as its status. */
  readonly status: number;
  readonly modelMicroseconds: number;
  readonly overheadMicroseconds: number;
}

interface Series {
  readonly values: Record<string, number[]>;
}

const flushMilliseconds = 100;
/** PutMetricData takes so many values of a metric at once. */
const mostValues = 150;

/** Hands SageMaker's own invocation metrics to CloudWatch, many at a time. */
export class InvocationMetrics {
  readonly #context: LaptopContext;
  readonly #series = new Map<string, Series>();
  #timer: NodeJS.Timeout | undefined;
  #sending = Promise.resolve();
  #told = false;

  constructor(context: LaptopContext) {
    this.#context = context;
  }

  /** Counts an invocation. */
  add({ endpointName, variantName, status, modelMicroseconds, overheadMicroseconds }: InvocationMetric): void {
    const key = JSON.stringify([endpointName, variantName]);
    const series = this.#series.get(key) ?? { values: {} };
    this.#series.set(key, series);
    const measured = {
      Invocations: 1,
      Invocation4XXErrors: status >= 400 && status < 500 ? 1 : 0,
      Invocation5XXErrors: status >= 500 ? 1 : 0,
      ModelLatency: modelMicroseconds,
      OverheadLatency: overheadMicroseconds,
    };
    for (const [name, value] of Object.entries(measured)) (series.values[name] ??= []).push(value);
    if ((series.values['Invocations']?.length ?? 0) >= mostValues) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), flushMilliseconds);
  }

  /** Hands over what was counted. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const counted = [...this.#series];
    this.#series.clear();
    this.#sending = this.#sending.then(async () => {
      for (const [key, { values }] of counted) await this.#put(JSON.parse(key) as [string, string], values);
    });
    return this.#sending;
  }

  async #put([endpointName, variantName]: [string, string], values: Series['values']): Promise<void> {
    const Timestamp = this.#context.clock.now();
    const Dimensions = [{ Name: 'EndpointName', Value: endpointName }, { Name: 'VariantName', Value: variantName }];
    const MetricData = Object.entries(values).map(([MetricName, Values]) => ({ MetricName, Dimensions, Timestamp, Values, Unit: MetricName.endsWith('Latency') ? 'Microseconds' : 'None' }));
    try {
      await this.#context.dispatch({ service: 'monitoring', operation: 'PutMetricData', input: { Namespace: 'AWS/SageMaker', MetricData }, caller: this.#context.identity.service('sagemaker.amazonaws.com') });
    } catch (error) {
      if (this.#told) return;
      this.#told = true;
      this.#context.emit({ type: 'notice', message: `SageMaker's metrics do not reach CloudWatch: ${error instanceof Error ? error.message : String(error)}` });
    }
  }
}
