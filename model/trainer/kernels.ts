import { exponential } from './exponential.ts';
import { hash32 } from './random.ts';
import { blockRows } from './shared.ts';
import type { BinnedTree, NodeSplit, SharedRows } from './shared.ts';

/** The inner loops. They take plain typed arrays and numbers, so that the engine compiles them tightly. */

/** Adds the gradient pairs of rows `order[start..end)` to a histogram (which lies in `histograms` from `at` on). */
export function addToHistogram(
  histograms: Float64Array, at: number, bins: Uint8Array | Uint16Array, gradients: Int32Array, order: Int32Array, start: number, end: number, features: number, stride: number,
): void {
  const width = stride * 2;
  for (let i = start; i < end; i++) {
    const row = order[i] as number;
    const gradient = gradients[row * 2] as number;
    const hessian = gradients[row * 2 + 1] as number;
    let base = at;
    const stop = (row + 1) * features;
    for (let cell = row * features; cell < stop; cell++) {
      const slot = base + (bins[cell] as number) * 2;
      histograms[slot] = (histograms[slot] as number) + gradient;
      histograms[slot + 1] = (histograms[slot + 1] as number) + hessian;
      base += width;
    }
  }
}

/** A value per bin code: one for the codes that go left, one for those that go right. */
export function fillBySide<T extends Uint8Array | Float32Array>(table: T, split: NodeSplit, left: number, right: number): T {
  table.fill(right);
  table.fill(left, 0, split.bin + 1);
  table[split.missing] = split.missingLeft ? left : right;
  return table;
}

/** Parts `order[start..end)` by a split (as a table with 1 for codes that go left), keeping the order on each side; returns where the right side starts. */
export function partition(codes: Uint8Array | Uint16Array, goesLeft: Uint8Array, order: Int32Array, scratch: Int32Array, start: number, end: number): number {
  let left = start;
  let right = start;
  for (let i = start; i < end; i++) {
    const row = order[i] as number;
    const toLeft = goesLeft[codes[row] as number] as number;
    // Both are written and one counts: cheaper than a branch that nobody can predict.
    order[left] = row;
    scratch[right] = row;
    left += toLeft;
    right += 1 - toLeft;
  }
  order.set(scratch.subarray(start, right), left);
  return left;
}

/** Adds to the margins of rows `order[start..end)` the value of the leaf that a last split sends them to (as a table by code). */
export function addLeaves(codes: Uint8Array | Uint16Array, values: Float32Array, margin: Float32Array, order: Int32Array, start: number, end: number): void {
  for (let i = start; i < end; i++) {
    const row = order[i] as number;
    margin[row] = (margin[row] as number) + (values[codes[row] as number] as number);
  }
}

/** Adds a tree's output to the margins of rows that no partition tracks, walking it row by row. */
export function addTree(tree: BinnedTree, data: SharedRows, start: number, end: number): void {
  const { left, right, feature, bin, missing, missingLeft, value } = tree;
  const { columns, margin } = data;
  for (let row = start; row < end; row++) {
    let node = 0;
    for (let next = left[0] as number; next >= 0; next = left[node] as number) {
      const code = columns[feature[node] as number]?.[row] as number;
      const toLeft = code === (missing[node] as number) ? missingLeft[node] === 1 : code <= (bin[node] as number);
      node = toLeft ? next : (right[node] as number);
    }
    margin[row] = (margin[row] as number) + (value[node] as number);
  }
}

/** Beyond this, a product of factors up to 2 is turned into its logarithm. */
const largestProduct = 1e150;

/** Sums the log loss of rows per block; `start` lies on a block's border. log(1 + e^-|m|) is summed as a product, one logarithm for many rows. */
export function sumLosses(data: SharedRows, start: number, end: number): void {
  const { label, margin, blockLoss } = data;
  for (let from = start; from < end; from += blockRows) {
    const to = Math.min(end, from + blockRows);
    let loss = 0;
    let product = 1;
    for (let row = from; row < to; row++) {
      const m = margin[row] as number;
      loss += (m > 0 ? m : 0) - m * (label[row] as number);
      product *= 1 + exponential(m > 0 ? -m : m);
      if (product > largestProduct) {
        loss += Math.log(product);
        product = 1;
      }
    }
    blockLoss[from / blockRows] = loss + Math.log(product);
  }
}

/** What the gradients of a round depend on. */
export interface GradientOptions {
  readonly scale: number;
  readonly scalePosWeight: number;
  readonly subsample: number;
  readonly seed: number;
  readonly round: number;
}

/**
 * Gradient and Hessian of the logistic loss on the grid, and the log loss per block as `sumLosses` does, since both want
 * the same exponential. A row left out by `subsample` gets zeroes, so it still finds its leaf.
 */
export function computeGradients(data: SharedRows, gradients: Int32Array, start: number, end: number, options: GradientOptions): void {
  const { label, margin, blockLoss } = data;
  const { scale, scalePosWeight, subsample, seed, round } = options;
  const limit = subsample * 4294967296;
  for (let from = start; from < end; from += blockRows) {
    const to = Math.min(end, from + blockRows);
    let loss = 0;
    let product = 1;
    for (let row = from; row < to; row++) {
      const m = margin[row] as number;
      const y = label[row] as number;
      const power = exponential(m > 0 ? -m : m);
      loss += (m > 0 ? m : 0) - m * y;
      product *= 1 + power;
      if (product > largestProduct) {
        loss += Math.log(product);
        product = 1;
      }
      const drawn = subsample === 1 || hash32(seed, round, row) < limit;
      const weight = drawn ? (y === 1 ? scale * scalePosWeight : scale) : 0;
      const probability = (m > 0 ? 1 : power) / (1 + power);
      const gradient = (probability - y) * weight;
      // A typed array of whole numbers cuts off the fraction: half a step away from zero rounds.
      gradients[row * 2] = gradient < 0 ? gradient - 0.5 : gradient + 0.5;
      gradients[row * 2 + 1] = probability * (1 - probability) * weight + 0.5;
    }
    blockLoss[from / blockRows] = loss + Math.log(product);
  }
}
