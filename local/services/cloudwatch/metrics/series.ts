import { addSummary, addTotals, addValue, emptySummary } from './summary.ts';
import type { Summary } from './summary.ts';

/** Standard metrics are kept by the minute, those of high resolution by the second. */
const minute = 60_000;
const second = 1000;

/** What is put at one time: values, or what is known of them. */
export interface Observation {
  readonly at: number;
  readonly unit: string;
  readonly highResolution: boolean;
  readonly values?: readonly (readonly [value: number, times: number])[];
  readonly totals?: Pick<Summary, 'count' | 'sum' | 'minimum' | 'maximum'>;
}

/** One bucket of a series, for whoever keeps it. */
export interface Bucket {
  readonly unit: string;
  readonly start: number;
  readonly summary: Summary;
}

/** The observations of one metric, summed up by minute or second, each unit by itself. */
export class Series {
  readonly #units = new Map<string, Map<number, Summary>>();
  #highResolution = false;

  /** Adds an observation. @returns the bucket that it fell into */
  add({ at, unit, highResolution, values = [], totals }: Observation): Bucket {
    const start = floor(at, highResolution ? second : minute);
    const summary = this.#bucket(unit, start);
    for (const [value, times] of values) addValue(summary, value, times);
    if (totals !== undefined) addTotals(summary, totals);
    return { unit, start, summary };
  }

  /** Takes up a bucket that was kept. */
  restore({ unit, start, summary }: Bucket): void {
    addSummary(this.#bucket(unit, start), summary);
  }

  /** Sums up what came from one time to another (exclusive), of one unit or of all. */
  between(from: number, to: number, unit?: string): Summary | undefined {
    const total = emptySummary();
    for (const [name, buckets] of this.#units) {
      if (unit !== undefined && unit !== name) continue;
      for (const summary of this.#within(buckets, from, to)) addSummary(total, summary);
    }
    return total.count > 0 ? total : undefined;
  }

  /** The unit in which the data came, where all came in one. */
  get unit(): string | undefined {
    return this.#units.size === 1 ? [...this.#units.keys()][0] : undefined;
  }

  /** Forgets what is older. */
  forgetBefore(time: number): void {
    for (const buckets of this.#units.values()) for (const start of buckets.keys()) if (start < time) buckets.delete(start);
  }

  *#within(buckets: Map<number, Summary>, from: number, to: number): Iterable<Summary> {
    const step = this.#highResolution ? second : minute;
    // Whichever is less: the steps of the span, or all that there is.
    if ((to - from) / step > buckets.size) {
      for (const [start, summary] of buckets) if (start >= from && start < to) yield summary;
      return;
    }
    for (let start = Math.ceil(from / step) * step; start < to; start += step) {
      const summary = buckets.get(start);
      if (summary !== undefined) yield summary;
    }
  }

  #bucket(unit: string, start: number): Summary {
    if (start % minute !== 0) this.#highResolution = true;
    let buckets = this.#units.get(unit);
    if (buckets === undefined) this.#units.set(unit, (buckets = new Map()));
    let summary = buckets.get(start);
    if (summary === undefined) buckets.set(start, (summary = emptySummary()));
    return summary;
  }
}

/** The start of the step that a time falls into. */
export function floor(time: number, step: number): number {
  return Math.floor(time / step) * step;
}
