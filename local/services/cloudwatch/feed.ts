import type { LaptopContext } from '../../core/context.ts';
import { readEmbedded } from './metrics/embedded-format.ts';
import type { MetricDatum } from './metrics/put.ts';

/** PutMetricData takes so many data at once. */
const mostData = 1000;

/**
 * What a service tells CloudWatch: metrics of its own, and those that the programs it runs write into their logs.
 * Data that come in one turn of the event loop go together. Telling never fails: a service does its work whether CloudWatch takes it or not.
 */
export class MetricFeed {
  readonly #context: LaptopContext;
  readonly #waiting = new Map<string, MetricDatum[]>();
  #scheduled = false;
  #complained = false;

  constructor(context: LaptopContext) {
    this.#context = context;
  }

  /** Takes a metric of the service itself, under `AWS/..`, or of a log line. */
  add(namespace: string, ...data: readonly MetricDatum[]): void {
    const waiting = this.#waiting.get(namespace);
    if (waiting === undefined) this.#waiting.set(namespace, [...data]);
    else waiting.push(...data);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  /** Takes the metrics of a log line in the embedded metric format; any other line holds none. */
  line(text: string): void {
    for (const { namespace, data } of readEmbedded(text)) this.add(namespace, ...data);
  }

  #flush(): void {
    this.#scheduled = false;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [namespace, data] of waiting) for (let from = 0; from < data.length; from += mostData) void this.#put(namespace, data.slice(from, from + mostData));
  }

  async #put(Namespace: string, MetricData: readonly MetricDatum[]): Promise<void> {
    try {
      await this.#context.dispatch({ service: 'monitoring', operation: 'PutMetricData', input: { Namespace, MetricData }, caller: this.#context.identity.service('logs.amazonaws.com') });
    } catch (error) {
      if (this.#complained) return;
      this.#complained = true;
      this.#context.emit({ type: 'notice', subject: Namespace, message: `metrics were not taken: ${error instanceof Error ? error.message : String(error)}` });
    }
  }
}
