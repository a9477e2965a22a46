import type { LaptopContext } from '../../core/context.ts';
import { MetricFeed } from '../cloudwatch/feed.ts';
import type { Forwarded } from './forward.ts';
import type { TargetGroup } from './target-group.ts';

interface Tally {
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly sums: Record<string, number>;
  /** Whole tenths of a millisecond, so that a busy load balancer tells few values. */
  readonly targetSeconds: Map<number, number>;
}

/** How often counts are handed over. */
const flushMilliseconds = 250;
/** PutMetricData takes so many values of a metric at once. */
const mostValues = 150;
const namespace = 'AWS/ApplicationELB';

/** Hands a load balancer's own metrics to CloudWatch, many requests at a time. */
export class LoadBalancerMetrics {
  readonly #context: LaptopContext;
  readonly #feed: MetricFeed;
  readonly #tallies = new Map<string, Tally>();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: LaptopContext) {
    this.#context = context;
    this.#feed = new MetricFeed(context);
  }

  /** Counts a request. @param loadBalancer as metrics name it: `app/<name>/<id>` */
  count(loadBalancer: string, group: TargetGroup | undefined, { status, own, targetSeconds }: Forwarded): void {
    const kind = `${Math.floor(status / 100)}XX`;
    const balancer = { Name: 'LoadBalancer', Value: loadBalancer };
    const sums = { RequestCount: 1, ...(own ? { [`HTTPCode_ELB_${kind}_Count`]: 1 } : { [`HTTPCode_Target_${kind}_Count`]: 1 }) };
    this.#add([balancer], sums, targetSeconds);
    if (group !== undefined) {
      const target = { Name: 'TargetGroup', Value: group.fullName };
      this.#add([target, balancer], { ...sums, RequestCountPerTarget: 1 / Math.max(1, group.health().filter((health) => health === 'healthy').length) }, targetSeconds);
    }
    this.#timer ??= setTimeout(() => this.flush(), flushMilliseconds);
  }

  /** Tells how many targets are healthy. */
  hosts(loadBalancer: string, group: TargetGroup): void {
    const health = group.health();
    const Dimensions = [{ Name: 'TargetGroup', Value: group.fullName }, { Name: 'LoadBalancer', Value: loadBalancer }];
    const healthy = health.filter((one) => one === 'healthy').length;
    const Timestamp = this.#context.clock.now();
    this.#feed.add(namespace, { MetricName: 'HealthyHostCount', Dimensions, Timestamp, Value: healthy, Unit: 'Count' }, { MetricName: 'UnHealthyHostCount', Dimensions, Timestamp, Value: health.length - healthy, Unit: 'Count' });
  }

  /** Hands over what was counted. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const Timestamp = this.#context.clock.now();
    for (const { dimensions: Dimensions, sums, targetSeconds } of this.#tallies.values()) {
      this.#feed.add(namespace, ...Object.entries(sums).map(([MetricName, Value]) => ({ MetricName, Dimensions, Timestamp, Value, Unit: 'Count' })));
      const times = [...targetSeconds];
      for (let from = 0; from < times.length; from += mostValues) {
        const part = times.slice(from, from + mostValues);
        this.#feed.add(namespace, { MetricName: 'TargetResponseTime', Dimensions, Timestamp, Values: part.map(([tenths]) => tenths / 10_000), Counts: part.map(([, times]) => times), Unit: 'Seconds' });
      }
    }
    this.#tallies.clear();
  }

  #add(dimensions: Tally['dimensions'], sums: Readonly<Record<string, number>>, targetSeconds: number | undefined): void {
    const key = JSON.stringify(dimensions);
    let tally = this.#tallies.get(key);
    if (tally === undefined) this.#tallies.set(key, (tally = { dimensions, sums: {}, targetSeconds: new Map() }));
    for (const [name, value] of Object.entries(sums)) tally.sums[name] = (tally.sums[name] ?? 0) + value;
    if (targetSeconds === undefined) return;
    const tenths = Math.round(targetSeconds * 10_000);
    tally.targetSeconds.set(tenths, (tally.targetSeconds.get(tenths) ?? 0) + 1);
  }
}
