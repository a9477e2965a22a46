import { ascendingOrder } from '../metrics/order.ts';

/** How one feature's values become bins: bin b holds `thresholds[b - 1] <= x < thresholds[b]`. */
export interface Cuts {
  /** Upper bounds of the bins, ascending float32 values; the last one lies above every value seen. */
  readonly thresholds: Float32Array;
  /** A threshold below every value seen: the place of bin -1, which parts missing values on the left from all others. */
  readonly lowest: number;
  /** Whether the feature was missing anywhere: its code is then `thresholds.length`. */
  readonly missing: boolean;
}

/** Above this many rows, quantiles come from evenly spaced rows: 2^20 of them place a cut within a thousandth of its rank. */
const sampleRows = 1 << 20;

/**
 * Cut points of a column, as XGBoost's `hist` chooses them: each distinct value its own bin while `maxBin` suffices
 * (so whole numbers split exactly), else quantiles. Thresholds are values of the column, since a split is `x < t`.
 */
export function cutsOf(column: Float32Array, maxBin: number, missing: boolean, weight?: Float32Array): Cuts {
  const distinct = distinctValues(column, maxBin);
  const values = distinct ?? (weight === undefined ? quantiles(column, maxBin) : weightedQuantiles(column, weight, maxBin));
  const largest = values.at(-1) ?? 0;
  const thresholds = new Float32Array(Math.max(1, values.length));
  thresholds.set(values.subarray(1));
  thresholds[thresholds.length - 1] = aboveAll(distinct === undefined ? maximum(column) : largest);
  return { thresholds, lowest: belowAll(distinct === undefined ? minimum(column) : (values[0] ?? 0)), missing };
}

/** The bin of a value, or the missing code for NaN. */
export function binOf(cuts: Cuts, value: number): number {
  const { thresholds } = cuts;
  if (value !== value) return thresholds.length;
  let low = 0;
  let high = thresholds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < (thresholds[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Widest range of whole numbers whose bins are looked up in a table. */
const tableSize = 1 << 16;

/** The bins of a column. Whole numbers, which most columns hold, are looked up; others are searched. */
export function binColumn(cuts: Cuts, column: Float32Array, codes: Uint8Array | Uint16Array): void {
  const { thresholds } = cuts;
  const lowest = Math.floor(thresholds[0] as number) - 1;
  const size = Math.ceil(thresholds.at(-1) as number) - lowest + 1;
  const table = size <= tableSize && Math.abs(lowest) < tableSize ? Uint16Array.from({ length: size }, (_, offset) => binOf(cuts, lowest + offset)) : new Uint16Array(0);
  for (let row = 0; row < column.length; row++) {
    const value = column[row] as number;
    const offset = value - lowest;
    codes[row] = value === (value | 0) && offset >= 0 && offset < table.length ? (table[offset] as number) : binOf(cuts, value);
  }
}

/** Whether the column holds a NaN; an infinite value is refused, as XGBoost refuses it. */
export function hasMissing(column: Float32Array, name: string): boolean {
  let missing = false;
  for (let row = 0; row < column.length; row++) {
    const value = column[row] as number;
    if (value - value === 0) continue;
    if (value === value) throw new RangeError(`Feature '${name}', row ${String(row)}: found ${String(value)}, expected a finite number or NaN for missing.`);
    missing = true;
  }
  return missing;
}

/** The sorted distinct values, or undefined where there are more than `limit`. */
function distinctValues(column: Float32Array, limit: number): Float32Array | undefined {
  const seen = new Set<number>();
  // Values met lately, by a hash of their bits: most rows of a column with few values end here.
  const recent = new Float32Array(4096).fill(Number.NaN);
  const bits = new Int32Array(column.buffer, column.byteOffset, column.length);
  for (let row = 0; row < column.length; row++) {
    const value = column[row] as number;
    const slot = Math.imul(bits[row] as number, 0x9e3779b1) >>> 20;
    if (value === recent[slot] || value !== value) continue;
    recent[slot] = value;
    seen.add(value === 0 ? 0 : value);
    if (seen.size > limit) return undefined;
  }
  return Float32Array.from(seen).sort();
}

/** At most `limit` values that part the column's rows into bins of about equal size; the first is the smallest. */
function quantiles(column: Float32Array, limit: number): Float32Array {
  const step = Math.max(1, Math.ceil(column.length / sampleRows));
  const sample = new Float32Array(Math.ceil(column.length / step));
  let size = 0;
  for (let row = 0; row < column.length; row += step) {
    const value = column[row] as number;
    if (value === value) sample[size++] = value;
  }
  const sorted = sample.subarray(0, size).sort();
  const cuts: number[] = [];
  for (let bin = 0; bin < limit; bin++) {
    const value = sorted[Math.floor((bin * size) / limit)] as number;
    if (cuts.length === 0 || value > (cuts.at(-1) as number)) cuts.push(value);
  }
  return Float32Array.from(cuts);
}

/** The same for rows that count differently: the bins hold about the same weight. */
function weightedQuantiles(column: Float32Array, weight: Float32Array, limit: number): Float32Array {
  const step = Math.max(1, Math.ceil(column.length / sampleRows));
  const rows: number[] = [];
  for (let row = 0; row < column.length; row += step) if (!Number.isNaN(column[row])) rows.push(row);
  const values = Float32Array.from(rows, (row) => column[row] as number);
  const weights = Float32Array.from(rows, (row) => weight[row] as number);
  const total = weights.reduce((sum, value) => sum + value, 0);
  const cuts: number[] = [];
  let bin = 0;
  let passed = 0;
  for (const place of ascendingOrder(values)) {
    passed += weights[place] as number;
    if (passed * limit <= bin * total) continue;
    const value = values[place] as number;
    if (cuts.length === 0 || value > (cuts.at(-1) as number)) cuts.push(value);
    // A heavy value takes the place of several bins.
    while (bin * total < passed * limit) bin++;
  }
  return Float32Array.from(cuts);
}

function maximum(column: Float32Array): number {
  let found = -Infinity;
  for (const value of column) if (value > found) found = value;
  return found;
}

function minimum(column: Float32Array): number {
  let found = Infinity;
  for (const value of column) if (value < found) found = value;
  return found;
}

/** The threshold of a bin, -1 included. */
export function thresholdOf(cuts: Cuts, bin: number): number {
  return bin === -1 ? cuts.lowest : (cuts.thresholds[bin] as number);
}

/** XGBoost's own first cut, as far below as the last is above. */
function belowAll(smallest: number): number {
  return -aboveAll(-smallest);
}

/** XGBoost's own last cut: above the largest value by more than its rounding. */
function aboveAll(largest: number): number {
  return Math.min(largest + (Math.abs(largest) + 1e-5), 3.4028234663852886e38);
}
