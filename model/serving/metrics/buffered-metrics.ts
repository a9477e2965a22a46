import { type Answered, embeddedMetrics } from '../embedded-metrics.ts';

/** The most latencies that are kept of those that had the same answer between two flushes. */
const keptLatencies = 1000;

interface Group {
  readonly like: Answered;
  count: number;
  readonly latencies: number[];
}

/**
 * Answered requests between two flushes, for a server to which a line a request would be too many. Counts are exact; of very many latencies as many are kept as tell their
 * percentiles: every nth of them in order of size, and the largest.
 */
export class BufferedMetrics {
  private groups = new Map<string, Group>();

  /** Keeps one. */
  add({ role, modelVersion, status, milliseconds }: Answered): void {
    const kind = status >= 500 ? 500 : status >= 400 ? 400 : 200;
    const key = `${String(kind)} ${role ?? ''} ${modelVersion ?? ''}`;
    let group = this.groups.get(key);
    if (group === undefined) this.groups.set(key, (group = { like: { role, modelVersion, status: kind, milliseconds: 0 }, count: 0, latencies: [] }));
    group.count += 1;
    group.latencies.push(milliseconds);
  }

  /** What was kept, as lines in CloudWatch's embedded metric format; from then on it begins anew. */
  flush(namespace: string, target: string, now: number): string[] {
    const groups = this.groups;
    this.groups = new Map();
    return [...groups.values()].flatMap(({ like, count, latencies }) => {
      const kept = percentiles(latencies);
      return embeddedMetrics(namespace, target, kept.map((milliseconds, index) => ({ ...like, milliseconds, count: countOf(count, kept.length, index) })), now);
    });
  }
}

/** Each stands for its part of all, whole numbers that add up to the count. */
function countOf(count: number, kept: number, index: number): number {
  return Math.floor(((index + 1) * count) / kept) - Math.floor((index * count) / kept);
}

function percentiles(latencies: readonly number[]): readonly number[] {
  if (latencies.length <= keptLatencies) return latencies;
  const sorted = Float64Array.from(latencies).sort();
  return Array.from({ length: keptLatencies }, (_, index) => sorted[Math.ceil(((index + 1) * sorted.length) / keptLatencies) - 1]!);
}
