import { addLeaves, addToHistogram, addTree, fillBySide, partition } from './kernels.ts';
import { objectiveNamed } from './objectives/objectives.ts';
import type { TrainingObjective } from './objectives/objective.ts';
import type { BinnedTree, FinishedTree, Losses, RoundGradients, ShardCommand, ShardRange, SharedRows, SharedState } from './shared.ts';

/** One thread's share of the rows: it groups them by node, sums its part of the histograms, and keeps their margins. */
export class Shard {
  private readonly state: SharedState;
  private readonly range: ShardRange;
  private readonly objective: TrainingObjective;
  private readonly goesLeft: Uint8Array;
  private readonly leafValues: Float32Array;
  /** The output of the tree that grows. */
  private output = 0;
  /** Where the rows of each node lie in `order`; indexed by node. */
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  /** The state is the whole training's; the range is what this shard may touch. */
  constructor(state: SharedState, range: ShardRange) {
    this.state = state;
    this.range = range;
    this.objective = objectiveNamed(state.objective);
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
    if (command.kind === 'replay') {
      for (const { tree, output } of command.trees) this.replay(tree, output);
      return;
    }
    const { last, losses, gradients, root } = command;
    if (last !== undefined) this.addToMargins(last);
    if (losses !== undefined) this.sumLosses(losses);
    if (gradients !== undefined) this.computeGradients(gradients);
    if (root !== undefined) this.startTree(root);
  }

  private sumLosses(losses: Losses): void {
    const { train, validation, maxDeltaStep } = this.state;
    const { trainStart, trainEnd, validationStart, validationEnd } = this.range;
    if (losses.train) this.objective.sumLosses(train, trainStart, trainEnd, maxDeltaStep);
    if (losses.validation && validation !== undefined) this.objective.sumLosses(validation, validationStart, validationEnd, maxDeltaStep);
  }

  private replay(tree: BinnedTree, output: number): void {
    const { train } = this.state;
    addTree(tree, train, marginOf(train, output), this.range.trainStart, this.range.trainEnd);
    this.addToValidation(tree, output);
  }

  private addToValidation(tree: BinnedTree, output: number): void {
    const { validation } = this.state;
    if (validation !== undefined) addTree(tree, validation, marginOf(validation, output), this.range.validationStart, this.range.validationEnd);
  }

  private addToMargins({ output, tree, lastSplits }: FinishedTree): void {
    const { train, order } = this.state;
    const margin = marginOf(train, output);
    this.addToValidation(tree, output);
    const parted = new Set(lastSplits.flatMap((split) => [split.left, split.right]));
    tree.left.forEach((child, node) => {
      if (child !== -1 || parted.has(node)) return;
      const [start, end] = this.rowsOf(node);
      addLeaves(codesOf(train, 0), this.leafValues.fill(tree.value[node] as number), margin, order, start, end);
    });
    for (const split of lastSplits) {
      const [start, end] = this.rowsOf(split.node);
      const values = fillBySide(this.leafValues, split, tree.value[split.left] as number, tree.value[split.right] as number);
      addLeaves(codesOf(train, split.feature), values, margin, order, start, end);
    }
  }

  private computeGradients({ round, scale }: RoundGradients): void {
    const { train, gradients, outputs, scalePosWeight, maxDeltaStep, subsample, seed } = this.state;
    const { trainStart, trainEnd } = this.range;
    this.objective.computeGradients(train, gradients, trainStart, trainEnd, { scale, outputs, scalePosWeight, maxDeltaStep, subsample, seed, round });
  }

  private startTree(output: number): void {
    const { order } = this.state;
    const { trainStart, trainEnd } = this.range;
    for (let row = trainStart; row < trainEnd; row++) order[row] = row;
    this.setRows(0, trainStart, trainEnd);
    this.output = output;
    this.build(0, 0);
  }

  private build(node: number, slot: number): void {
    const { train, order, histograms, slots, features, stride } = this.state;
    const gradients = this.state.gradients.subarray(this.output * train.rows * 2, (this.output + 1) * train.rows * 2);
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

function marginOf(data: SharedRows, output: number): Float32Array {
  return data.margin.subarray(output * data.rows, (output + 1) * data.rows);
}
