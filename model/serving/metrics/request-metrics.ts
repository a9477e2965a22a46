import type { Observation } from '../http/call.ts';

/** Upper bounds of the durations' buckets, in seconds; a last one holds the rest. */
export const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Requests that have the same labels. */
export interface RequestSeries {
  readonly route: string;
  readonly status: number;
  /** Of the model that answered; absent where none was chosen. */
  readonly role?: string;
  readonly modelVersion?: string;
  requests: number;
  /** Rows that were predicted. */
  rows: number;
  /** All durations together. */
  seconds: number;
  /** How many durations fell into each bucket, each counted once. */
  readonly buckets: number[];
}

type Seen = Pick<Observation, 'route' | 'status' | 'role' | 'modelVersion' | 'rows' | 'milliseconds'>;

/** Counts requests. Its snapshots can travel between threads, and be added up. */
export class RequestMetrics {
  private readonly series = new Map<string, RequestSeries>();

  /** Counts one. */
  observe({ route, status, role, modelVersion, rows, milliseconds }: Seen): void {
    const seconds = milliseconds / 1000;
    const one = seriesOf(this.series, { route, status, ...(role === undefined ? {} : { role }), ...(modelVersion === undefined ? {} : { modelVersion }) });
    one.requests += 1;
    one.rows += rows;
    one.seconds += seconds;
    const bucket = durationBuckets.findIndex((bound) => seconds <= bound);
    one.buckets[bucket === -1 ? durationBuckets.length : bucket]! += 1;
  }

  /** What was counted since the start. */
  snapshot(): readonly RequestSeries[] {
    return structuredClone([...this.series.values()]);
  }
}

/** What several have counted, together. */
export function mergedSeries(snapshots: readonly (readonly RequestSeries[])[]): readonly RequestSeries[] {
  const all = new Map<string, RequestSeries>();
  for (const one of snapshots.flat()) {
    const sum = seriesOf(all, one);
    sum.requests += one.requests;
    sum.rows += one.rows;
    sum.seconds += one.seconds;
    one.buckets.forEach((count, index) => (sum.buckets[index]! += count));
  }
  return [...all.values()];
}

function seriesOf(all: Map<string, RequestSeries>, { route, status, role, modelVersion }: Pick<RequestSeries, 'route' | 'status' | 'role' | 'modelVersion'>): RequestSeries {
  const key = `${route} ${String(status)} ${role ?? ''} ${modelVersion ?? ''}`;
  let found = all.get(key);
  if (found === undefined) {
    found = { route, status, ...(role === undefined ? {} : { role }), ...(modelVersion === undefined ? {} : { modelVersion }), requests: 0, rows: 0, seconds: 0, buckets: Array.from({ length: durationBuckets.length + 1 }, () => 0) };
    all.set(key, found);
  }
  return found;
}
