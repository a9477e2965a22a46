import type { RawColumn } from '../features/serving.ts';
import { quantile } from '../metrics/spread.ts';

/** How fast a model answers on the machine that measured it. */
export interface Latency {
  /** The machine in words, such as `a Lambda function with 3,008 MB on arm64`. */
  readonly machine: string;
  readonly singleRow: { readonly calls: number; readonly p50Ms: number; readonly p99Ms: number };
  readonly batch: { readonly rows: number; readonly calls: number; readonly rowsPerSecond: number };
}

/** What is measured. */
export interface LatencyInput {
  readonly machine: string;
  readonly rows: number;
  readonly columns: Readonly<Record<string, RawColumn>>;
  /** Predicts rows by one thread, as serving does: from raw columns to predictions. */
  readonly predict: (columns: Readonly<Record<string, RawColumn>>, rows: number) => Promise<unknown>;
  /** Milliseconds, from any start. @default - the performance clock */
  readonly clock?: () => number;
  /** When each of the two measurements ends at the latest, in milliseconds. @default 400 */
  readonly limitMs?: number;
}

/** Calls that warm up caches and the runtime's own memory, and are not counted. */
const warmUpCalls = 20;

/** Enough for a 99th percentile that rests on several calls. */
const singleCalls = 500;

const batchRows = 1000;

/** Measures single rows one after the other, each another one, and then batches; within a bounded time. Undefined without a row. */
export async function measureLatency(input: LatencyInput): Promise<Latency | undefined> {
  const { machine, rows, columns, predict, clock = () => performance.now(), limitMs = 400 } = input;
  if (rows === 0) return undefined;
  const one = (row: number): Promise<unknown> => predict(slicesOf(columns, row, row + 1), 1);
  for (let call = 0; call < warmUpCalls; call++) await one(call % rows);
  const times: number[] = [];
  for (const start = clock(); times.length < singleCalls && (times.length === 0 || clock() - start < limitMs); ) {
    const before = clock();
    await one((times.length * 7919) % rows);
    times.push(clock() - before);
  }
  times.sort((a, b) => a - b);
  const size = Math.min(rows, batchRows);
  const batch = slicesOf(columns, 0, size);
  await predict(batch, size);
  let calls = 0;
  const start = clock();
  do {
    await predict(batch, size);
    calls++;
  } while (clock() - start < limitMs / 2);
  const seconds = (clock() - start) / 1000;
  return {
    machine,
    singleRow: { calls: times.length, p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) },
    batch: { rows: size, calls, rowsPerSecond: Math.round((calls * size) / seconds) },
  };
}

function slicesOf(columns: LatencyInput['columns'], from: number, to: number): Record<string, RawColumn> {
  const picked = Object.create(null) as Record<string, RawColumn>;
  for (const [name, column] of Object.entries(columns)) picked[name] = sliceOf(column, from, to);
  return picked;
}

/** Rows from one to before another, of a column of numbers or of texts. */
export function sliceOf(column: RawColumn, from: number, to: number): RawColumn {
  return column instanceof Float64Array ? column.subarray(from, to) : (Array.prototype.slice.call(column, from, to) as RawColumn);
}
