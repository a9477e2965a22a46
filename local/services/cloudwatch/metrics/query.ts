import { AwsError } from '../../../core/errors.ts';
import { evaluate } from '../math/evaluate.ts';
import { parseExpression, variablesOf } from '../math/parse.ts';
import type { Value } from '../math/values.ts';
import { metricOf } from './metric.ts';
import type { Dimension } from './metric.ts';
import type { Metrics } from './metrics.ts';
import { parseStatistic } from './statistic.ts';

/** A metric to look at, in the SDK's shape. */
export interface MetricStat {
  readonly Metric: { readonly Namespace: string; readonly MetricName: string; readonly Dimensions?: readonly Dimension[] };
  readonly Period: number;
  readonly Stat: string;
  readonly Unit?: string;
}

/** One query of GetMetricData or of an alarm, in the SDK's shape. */
export interface MetricDataQuery {
  readonly Id: string;
  readonly MetricStat?: MetricStat;
  readonly Expression?: string;
  readonly Label?: string;
  readonly ReturnData?: boolean;
  readonly Period?: number;
}

/** Windows of one length, one after the other. */
export interface Window {
  /** Starts, in milliseconds. */
  readonly times: readonly number[];
  readonly periodSeconds: number;
}

/** The period of an expression that reads no metric. */
const defaultPeriodSeconds = 60;

/** Computes queries over windows. Each is computed when another one or the caller asks for it. */
export class QueryRun {
  readonly #metrics: Metrics;
  readonly #queries: ReadonlyMap<string, MetricDataQuery>;
  readonly #window: (periodSeconds: number) => Window;
  readonly #results = new Map<string, Value>();
  readonly #open = new Set<string>();

  /** @param window the windows of a period */
  constructor(metrics: Metrics, queries: readonly MetricDataQuery[], window: (periodSeconds: number) => Window) {
    this.#metrics = metrics;
    this.#queries = new Map(queries.map((query) => [query.Id, query]));
    this.#window = window;
  }

  /**
   * The value of a query.
   * @throws {AwsError} ValidationError
   */
  value(id: string): Value {
    const known = this.#results.get(id);
    if (known !== undefined) return known;
    const query = this.#queries.get(id);
    if (query === undefined) throw new AwsError('ValidationError', `The id '${id}' is used in an expression, and no query has it.`);
    if (this.#open.has(id)) throw new AwsError('ValidationError', `The expression '${id}' refers to itself.`);
    this.#open.add(id);
    const value = query.MetricStat === undefined ? this.#expression(query) : this.#metric(query.MetricStat);
    this.#open.delete(id);
    this.#results.set(id, value);
    return value;
  }

  #metric({ Metric: { Namespace, MetricName, Dimensions }, Period, Stat, Unit }: MetricStat): Value {
    const statistic = parseStatistic(Stat);
    const series = this.#metrics.find(metricOf(Namespace, MetricName, Dimensions));
    const points = new Map<number, number>();
    for (const start of this.#window(Period).times) {
      const summary = series?.between(start, start + Period * 1000, Unit);
      const value = summary && statistic(summary);
      if (value !== undefined) points.set(start, value);
    }
    return { kind: 'series', points };
  }

  #expression({ Id, Expression }: MetricDataQuery): Value {
    const grid = this.#window(periodOf(Id, this.#queries));
    const metrics = () => new Map([...this.#queries.values()].filter(({ MetricStat: stat }) => stat !== undefined).map((query) => [query.Id, this.value(query.Id)]));
    return evaluate(parseExpression(Expression ?? ''), grid, (id) => this.value(id), metrics);
  }
}

/** The period of a query: its own, or the longest of the metrics that its expression reads. */
export function periodOf(id: string, queries: ReadonlyMap<string, MetricDataQuery>, within: readonly string[] = []): number {
  const query = queries.get(id);
  if (query?.MetricStat !== undefined) return Number(query.MetricStat.Period);
  if (query?.Period !== undefined) return Number(query.Period);
  const read = variablesOf(parseExpression(query?.Expression ?? '0')).filter((other) => queries.has(other) && !within.includes(other));
  const ids = read.length > 0 ? read : [...queries.keys()].filter((other) => queries.get(other)?.MetricStat !== undefined);
  return ids.length === 0 ? defaultPeriodSeconds : Math.max(...ids.map((other) => periodOf(other, queries, [...within, id])));
}

/** The windows that cover a span, each starting at a whole multiple of its length. */
export function windowsBetween(from: number, to: number): (periodSeconds: number) => Window {
  return (periodSeconds) => {
    const step = periodSeconds * 1000;
    const times: number[] = [];
    for (let time = Math.floor(from / step) * step; time < to; time += step) times.push(time);
    return { times, periodSeconds };
  };
}

/** The last so many whole windows that end at a time. */
export function windowsUntil(end: number, count: number): (periodSeconds: number) => Window {
  return (periodSeconds) => ({ times: Array.from({ length: count }, (_, index) => end - (count - index) * periodSeconds * 1000), periodSeconds });
}
