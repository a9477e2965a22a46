import { addLeaves, addToHistogram, addTree, computeGradients, fillBySide, partition, sumLosses } from './kernels.ts';
import type { FinishedTree, ShardCommand, ShardRange, SharedRows, SharedState } from './shared.ts';

/** One thread's share of the rows: it groups them by node, sums its part of the histograms, and keeps their margins. */
export class Shard {
  private readonly state: SharedState;
  private readonly range: ShardRange;
  private readonly goesLeft: Uint8Array;
  private readonly leafValues: Float32Array;
  /** Where the rows of each node lie in `order`; indexed by node. */
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  /** The state is the whole training's; the range is what this shard may touch. */
  constructor(state: SharedState, range: ShardRange) {
    this.state = state;
    this.range = range;
    // One more than the codes: a feature that fills them all has its missing code, which no row holds, behind them.
    this.goesLeft = new Uint8Array(state.stride + 1);
    this.leafValues = new Float32Array(state.stride + 1);
  }

  /** Obeys one command, start to end. */
  run(command: ShardCommand): void {
    if (command.kind === 'expand') {
      for (const split of command.splits) {
        const { train, order, scratch } = this.state;
        const [start, end] = this.rowsOf(split.node);
        const middle = partition(codesOf(train, split.feature), fillBySide(this.goesLeft, split, 1, 0), order, scratch, start, end);
        this.setRows(split.left, start, middle);
        this.setRows(split.right, middle, end);
      }
      command.build.forEach((node, slot) => {
        this.build(node, slot);
      });
      return;
    }
    this.finishRound(command);
    if (command.nextRound !== undefined) this.startRound(command.nextRound);
  }

  private finishRound(command: ShardCommand & { kind: 'round' }): void {
    const { train, validation } = this.state;
    const { trainStart, trainEnd, validationStart, validationEnd } = this.range;
    if (command.last !== undefined) {
      this.addToMargins(command.last);
      if (validation !== undefined) addTree(command.last.tree, validation, validationStart, validationEnd);
    }
    if (!command.loss) return;
    // Another round's gradients bring the training losses along.
    if (command.nextRound === undefined) sumLosses(train, trainStart, trainEnd);
    if (validation !== undefined) sumLosses(validation, validationStart, validationEnd);
  }

  private addToMargins({ tree, lastSplits }: FinishedTree): void {
    const { train, order } = this.state;
    const parted = new Set(lastSplits.flatMap((split) => [split.left, split.right]));
    tree.left.forEach((child, node) => {
      if (child !== -1 || parted.has(node)) return;
      const [start, end] = this.rowsOf(node);
      addLeaves(codesOf(train, 0), this.leafValues.fill(tree.value[node] as number), train.margin, order, start, end);
    });
    for (const split of lastSplits) {
      const [start, end] = this.rowsOf(split.node);
      const values = fillBySide(this.leafValues, split, tree.value[split.left] as number, tree.value[split.right] as number);
      addLeaves(codesOf(train, split.feature), values, train.margin, order, start, end);
    }
  }

  private startRound(round: number): void {
    const { train, gradients, order, scale, scalePosWeight, subsample, seed } = this.state;
    const { trainStart, trainEnd } = this.range;
    computeGradients(train, gradients, trainStart, trainEnd, { scale, scalePosWeight, subsample, seed, round });
    for (let row = trainStart; row < trainEnd; row++) order[row] = row;
    this.setRows(0, trainStart, trainEnd);
    this.build(0, 0);
  }

  private build(node: number, slot: number): void {
    const { train, gradients, order, histograms, slots, features, stride } = this.state;
    const size = features * stride * 2;
    const at = (this.range.shard * slots + slot) * size;
    histograms.fill(0, at, at + size);
    const [start, end] = this.rowsOf(node);
    addToHistogram(histograms, at, train.bins, gradients, order, start, end, features, stride);
  }

  private rowsOf(node: number): [number, number] {
    return [this.starts[node] as number, this.ends[node] as number];
  }

  private setRows(node: number, start: number, end: number): void {
    this.starts[node] = start;
    this.ends[node] = end;
  }
}

function codesOf(data: SharedRows, feature: number): Uint8Array | Uint16Array {
  return data.columns[feature] as Uint8Array | Uint16Array;
}
