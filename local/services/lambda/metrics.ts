import type { LaptopContext } from '../../core/context.ts';
import { MetricFeed } from '../cloudwatch/feed.ts';
import type { MetricDatum } from '../cloudwatch/metrics/put.ts';

/** The metrics that Lambda itself reports of a function: under its name, and under the version or alias that was called. */
export class FunctionMetrics {
  readonly #context: LaptopContext;
  readonly #feed: MetricFeed;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#feed = new MetricFeed(context);
  }

  /** A function ran. */
  ran(name: string, qualifier: string | undefined, { milliseconds, failed }: { readonly milliseconds: number; readonly failed: boolean }): void {
    this.#report(name, qualifier, { Invocations: [1, 'Count'], Errors: [failed ? 1 : 0, 'Count'], Throttles: [0, 'Count'], Duration: [milliseconds, 'Milliseconds'] });
  }

  /** A function was not run: all of its concurrency was in use. */
  throttled(name: string, qualifier: string | undefined): void {
    this.#report(name, qualifier, { Throttles: [1, 'Count'] });
  }

  #report(name: string, qualifier: string | undefined, values: Readonly<Record<string, readonly [value: number, unit: string]>>): void {
    const Timestamp = this.#context.clock.now();
    const functionName = { Name: 'FunctionName', Value: name };
    const sets = [[functionName], ...(qualifier === undefined ? [] : [[functionName, { Name: 'Resource', Value: `${name}:${qualifier}` }]])];
    const data = sets.flatMap((Dimensions) => Object.entries(values).map(([MetricName, [Value, Unit]]): MetricDatum => ({ MetricName, Dimensions, Timestamp, Value, Unit })));
    this.#feed.add('AWS/Lambda', ...data);
  }
}
