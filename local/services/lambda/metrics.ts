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

  /** A function ran. What was called by an alias is reported by the version that the alias chose, too. */
  ran(name: string, qualifier: string | undefined, { milliseconds, failed, executedVersion }: { readonly milliseconds: number; readonly failed: boolean; readonly executedVersion: string }): void {
    this.#report(name, qualifier, qualifier === executedVersion ? undefined : executedVersion, { Invocations: [1, 'Count'], Errors: [failed ? 1 : 0, 'Count'], Throttles: [0, 'Count'], Duration: [milliseconds, 'Milliseconds'] });
  }

  /** A function was not run: all of its concurrency was in use. */
  throttled(name: string, qualifier: string | undefined): void {
    this.#report(name, qualifier, undefined, { Throttles: [1, 'Count'] });
  }

  #report(name: string, qualifier: string | undefined, executedVersion: string | undefined, values: Readonly<Record<string, readonly [value: number, unit: string]>>): void {
    const Timestamp = this.#context.clock.now();
    const functionName = { Name: 'FunctionName', Value: name };
    const resource = [functionName, { Name: 'Resource', Value: `${name}:${qualifier}` }];
    const sets = [[functionName], ...(qualifier === undefined ? [] : [resource, ...(executedVersion === undefined ? [] : [[...resource, { Name: 'ExecutedVersion', Value: executedVersion }]])])];
    const data = sets.flatMap((Dimensions) => Object.entries(values).map(([MetricName, [Value, Unit]]): MetricDatum => ({ MetricName, Dimensions, Timestamp, Value, Unit })));
    this.#feed.add('AWS/Lambda', ...data);
  }
}
