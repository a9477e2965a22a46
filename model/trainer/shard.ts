import { addToHistogram, addTree, computeGradients, partition, sumLosses } from './kernels.ts';
import type { ShardCommand, ShardRange, SharedState } from './shared.ts';

/** One thread's share of the rows: it groups them by node, sums its part of the histograms, and keeps their margins. */
export class Shard {
  private readonly state: SharedState;
  private readonly range: ShardRange;
  private readonly goesLeft: Uint8Array;
  /** Where the rows of each node lie in `order`; indexed by node. */
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  /** The state is the whole training's; the range is what this shard may touch. */
  constructor(state: SharedState, range: ShardRange) {
    this.state = state;
    this.range = range;
    this.goesLeft = new Uint8Array(state.stride);
  }

  /** Obeys one command, start to end. */
  run(command: ShardCommand): void {
    if (command.kind === 'expand') {
      for (const split of command.splits) {
        const { train, features, order, scratch } = this.state;
        const [start, end] = this.rowsOf(split.node);
        const middle = partition(split, train.bins, features, order, scratch, start, end, this.goesLeft);
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
    const { train, validation, features, order } = this.state;
    const { trainStart, trainEnd, validationStart, validationEnd } = this.range;
    const { tree } = command;
    if (tree !== undefined) {
      for (let node = 0; node < tree.left.length; node++) {
        if (tree.left[node] !== -1) continue;
        const [start, end] = this.rowsOf(node);
        const value = tree.value[node] as number;
        for (let i = start; i < end; i++) {
          const row = order[i] as number;
          train.margin[row] = (train.margin[row] as number) + value;
        }
      }
      if (validation !== undefined) addTree(tree, validation, features, validationStart, validationEnd);
    }
    if (!command.loss) return;
    // Another round's gradients bring the training losses along.
    if (command.nextRound === undefined) sumLosses(train, trainStart, trainEnd);
    if (validation !== undefined) sumLosses(validation, validationStart, validationEnd);
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
