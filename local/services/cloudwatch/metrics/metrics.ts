import type { Collection, Store } from '../../../core/store.ts';
import { metricId, metricKey } from './metric.ts';
import type { Metric } from './metric.ts';
import { Series } from './series.ts';
import type { Bucket, Observation } from './series.ts';

/** A bucket as the store keeps it. */
interface BucketRecord {
  readonly unit: string;
  readonly start: number;
  readonly totals: readonly [count: number, sum: number, minimum: number, maximum: number];
  readonly values: readonly (readonly [number, number])[];
}

interface Known {
  readonly metric: Metric;
  readonly id: string;
  series: Series | undefined;
}

/** CloudWatch keeps data by the minute for fifteen days. */
const retentionMilliseconds = 15 * 24 * 3_600_000;

/** Wide enough for milliseconds, so that starts sort as numbers do. */
const digits = 15;

/** All metrics of the laptop. They are summed up in memory; `save` writes down what changed. */
export class Metrics {
  readonly #store: Store;
  readonly #known = new Map<string, Known>();
  readonly #metrics: Collection<Metric>;
  readonly #buckets: Collection<BucketRecord>;
  /** What is not written down yet, by its id in the store. */
  readonly #unsaved = new Map<string, Bucket>();

  constructor(store: Store) {
    this.#store = store;
    this.#metrics = store.collection('cloudwatch', 'metric');
    this.#buckets = store.collection('cloudwatch', 'bucket');
    for (const { id, value } of this.#metrics.list()) this.#known.set(metricKey(value), { metric: value, id, series: undefined });
  }

  /** Adds an observation to a metric, which need not be known yet. */
  add(metric: Metric, observation: Observation): void {
    const key = metricKey(metric);
    const known = this.#known.get(key) ?? this.#create(key, metric);
    const bucket = this.#seriesOf(known).add(observation);
    this.#unsaved.set(bucketId(known.id, bucket), bucket);
  }

  /** The series of a metric, if anything was ever put. */
  find(metric: Metric): Series | undefined {
    const known = this.#known.get(metricKey(metric));
    return known && this.#seriesOf(known);
  }

  /** All metrics, in the order in which they first came. */
  list(): readonly Metric[] {
    return [...this.#known.values()].map(({ metric }) => metric);
  }

  /** Writes down what changed, and forgets what is too old. */
  save(now: number): void {
    const oldest = now - retentionMilliseconds;
    this.#store.transaction(() => {
      for (const [id, { unit, start, summary }] of this.#unsaved) {
        const { count, sum, minimum, maximum, values } = summary;
        this.#buckets.put(id, { unit, start, totals: [count, sum, minimum, maximum], values: [...values] });
      }
      this.#unsaved.clear();
    });
    for (const { series } of this.#known.values()) series?.forgetBefore(oldest);
  }

  /** Forgets in the store, too, what is too old. Walks over all of it: not for every minute. */
  sweep(now: number): void {
    const oldest = now - retentionMilliseconds;
    this.#store.transaction(() => {
      for (const { id, value } of this.#buckets.list()) if (value.start < oldest) this.#buckets.delete(id);
    });
  }

  #create(key: string, metric: Metric): Known {
    const known: Known = { metric, id: metricId(key), series: new Series() };
    this.#known.set(key, known);
    this.#metrics.put(known.id, metric);
    return known;
  }

  #seriesOf(known: Known): Series {
    if (known.series !== undefined) return known.series;
    known.series = new Series();
    for (const { value } of this.#buckets.list(`${known.id}/`)) {
      const [count, sum, minimum, maximum] = value.totals;
      known.series.restore({ unit: value.unit, start: value.start, summary: { count, sum, minimum, maximum, values: new Map(value.values) } });
    }
    return known.series;
  }
}

function bucketId(metric: string, { start, unit }: Bucket): string {
  return `${metric}/${String(start).padStart(digits, '0')}/${unit}`;
}
