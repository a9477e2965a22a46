import type { BinnedTree, NodeSplit, SharedRows } from './shared.ts';

/** The inner loops. They take plain typed arrays and numbers, so that the engine compiles them tightly. */

/** Adds the gradient pairs of rows `order[start..end)` to a histogram (which lies in `histograms` from `at` on). */
export function addToHistogram(
  histograms: Float64Array, at: number, bins: Uint8Array | Uint16Array, gradients: Int32Array, order: Int32Array, start: number, end: number, features: number, stride: number,
): void {
  const width = stride * 2;
  const pairs = features & ~1;
  for (let i = start; i < end; i++) {
    const row = order[i] as number;
    const gradient = gradients[row * 2] as number;
    const hessian = gradients[row * 2 + 1] as number;
    let base = at;
    let cell = row * features;
    // Two features at once, whose sums do not wait for each other.
    for (const stop = cell + pairs; cell < stop; cell += 2) {
      const slot = base + (bins[cell] as number) * 2;
      const next = base + width + (bins[cell + 1] as number) * 2;
      const gradients0 = (histograms[slot] as number) + gradient;
      const hessians0 = (histograms[slot + 1] as number) + hessian;
      const gradients1 = (histograms[next] as number) + gradient;
      const hessians1 = (histograms[next + 1] as number) + hessian;
      histograms[slot] = gradients0;
      histograms[slot + 1] = hessians0;
      histograms[next] = gradients1;
      histograms[next + 1] = hessians1;
      base += width * 2;
    }
    if (pairs === features) continue;
    const slot = base + (bins[cell] as number) * 2;
    histograms[slot] = (histograms[slot] as number) + gradient;
    histograms[slot + 1] = (histograms[slot + 1] as number) + hessian;
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
export function addTree(tree: BinnedTree, { columns }: SharedRows, margin: Float32Array, start: number, end: number): void {
  const { left, right, feature, bin, missing, missingLeft, value } = tree;
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
