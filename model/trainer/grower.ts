import type { RegressionTree } from '../xgboost/booster.ts';
import type { XGBoostParameters } from '../spec/hyperparameter-parser.ts';
import type { Cuts } from './cuts.ts';
import type { ShardPool } from './pool.ts';
import { drawShare } from './random.ts';
import type { FinishedTree, GridScale, NodeSplit, SharedState } from './shared.ts';
import { bestSplit } from './split.ts';
import type { NodeSums, SplitCandidate } from './split.ts';
import { GrowingTree } from './tree.ts';

/** Histograms of a whole level are kept, so that a child's comes by subtraction, while they fit in this many bytes. */
const keptBytes = 256 * 2 ** 20;

interface OpenNode {
  readonly node: number;
  readonly split: SplitCandidate;
  readonly histogram: Float64Array | undefined;
}

interface Child {
  readonly node: number;
  readonly built: boolean;
  histogram?: Float64Array;
}

/** Grows trees level by level from histograms that the shards sum. */
export class Grower {
  private readonly state: SharedState;
  private readonly pool: ShardPool;
  private readonly cuts: readonly Cuts[];
  private readonly parameters: XGBoostParameters;
  private readonly histogramSize: number;
  private scale: GridScale = { gradient: 1, hessian: 1 };
  /** Histograms that no node needs any more: a training makes tens of thousands, which the garbage collector would feel. */
  private readonly free: Float64Array[] = [];

  /** One grower serves all rounds of a training. */
  constructor(state: SharedState, pool: ShardPool, cuts: readonly Cuts[], parameters: XGBoostParameters) {
    this.state = state;
    this.pool = pool;
    this.cuts = cuts;
    this.parameters = parameters;
    this.histogramSize = state.features * state.stride * 2;
  }

  /**
   * Grows one tree; the shards have just summed its root's histogram in slot 0.
   * @param index the tree's number in the model, from which its features are drawn
   */
  async grow(index: number, scale: GridScale): Promise<{ tree: RegressionTree; finished: FinishedTree }> {
    const { parameters } = this;
    this.scale = scale;
    const root = this.gather(0);
    const tree = new GrowingTree(this.sumsOf(root), parameters);
    const all = Array.from({ length: this.state.features }, (_, feature) => feature);
    const ofTree = drawShare(all, parameters.colsampleBytree, [parameters.seed, index, 1]);
    let open = this.open(tree, [{ node: 0, built: true, histogram: root }], ofTree, index, 0);
    let lastSplits: readonly NodeSplit[] = [];
    for (let depth = 1; open.length > 0; depth++) {
      const { splits, children } = this.split(tree, open);
      if (depth === parameters.maxDepth) {
        lastSplits = splits;
        for (const { histogram } of open) this.release(histogram);
        break;
      }
      open = await this.level(tree, open, splits, children, ofTree, index, depth);
    }
    const done = tree.finish(this.cuts, parameters.eta);
    return { tree: done.tree, finished: { output: index % this.state.outputs, tree: done.binned, lastSplits } };
  }

  /** Splits the open nodes in the tree. */
  private split(tree: GrowingTree, open: readonly OpenNode[]): { splits: NodeSplit[]; children: Child[][] } {
    const splits: NodeSplit[] = [];
    const children: Child[][] = [];
    for (const { node, split } of open) {
      const [left, right] = tree.split(node, split);
      splits.push({
        node, left, right,
        feature: split.feature,
        bin: split.bin,
        missing: this.cuts[split.feature]?.thresholds.length as number,
        missingLeft: split.missingLeft,
      });
      // The lighter child is summed; the heavier one is what remains of the parent.
      const leftIsLighter = split.left.hessian < split.right.hessian;
      children.push([{ node: left, built: leftIsLighter }, { node: right, built: !leftIsLighter }]);
    }
    return { splits, children };
  }

  /** Parts the rows of the split nodes and returns those of their children that are worth another split. */
  private async level(
    tree: GrowingTree, open: readonly OpenNode[], splits: readonly NodeSplit[], children: readonly Child[][], features: readonly number[], index: number, depth: number,
  ): Promise<OpenNode[]> {
    const next: OpenNode[] = [];
    const batch = this.state.slots;
    for (let from = 0; from < open.length || from === 0; from += batch) {
      const pairs = children.slice(from, from + batch);
      await this.build(from === 0 ? splits : [], pairs, open.slice(from, from + batch));
      next.push(...this.open(tree, pairs.flat(), features, index, depth, open.length));
    }
    return next;
  }

  /** Fills in both children's histograms of each pair; the heavier child takes over its parent's. */
  private async build(splits: readonly NodeSplit[], pairs: readonly Child[][], parents: readonly OpenNode[]): Promise<void> {
    const lighter = pairs.map((pair) => pair.find((child) => child.built) as Child);
    await this.pool.run({ kind: 'expand', splits, build: lighter.map((child) => child.node) });
    lighter.forEach((child, slot) => {
      child.histogram = this.gather(slot);
    });
    const rest: Child[] = [];
    pairs.forEach((pair, index) => {
      const heavier = pair.find((child) => !child.built) as Child;
      const parent = parents[index]?.histogram;
      if (parent === undefined) rest.push(heavier);
      else heavier.histogram = subtract(parent, (lighter[index] as Child).histogram as Float64Array);
    });
    if (rest.length === 0) return;
    await this.pool.run({ kind: 'expand', splits: [], build: rest.map((child) => child.node) });
    rest.forEach((child, slot) => {
      child.histogram = this.gather(slot);
    });
  }

  /** Finds the best split of each node; a node without one stays a leaf. */
  private open(tree: GrowingTree, nodes: readonly Child[], features: readonly number[], index: number, depth: number, levelSize = 1): OpenNode[] {
    const { parameters } = this;
    const keep = levelSize * 2 * this.histogramSize * 8 <= keptBytes;
    const ofLevel = drawShare(features, parameters.colsampleBylevel, [parameters.seed, index, 1000 + depth]);
    return nodes.flatMap(({ node, histogram }) => {
      const ofNode = drawShare(ofLevel, parameters.colsampleBynode, [parameters.seed, index, 100_000 + node]);
      const split = bestSplit(histogram as Float64Array, this.cuts, this.state.stride, ofNode, tree.sums(node), this.scale, parameters, tree.bounds(node));
      if (split === undefined || !keep) this.release(histogram);
      return split === undefined ? [] : [{ node, split, histogram: keep ? histogram : undefined }];
    });
  }

  /** Sums a slot over all shards; exact, so the same for any number of them. */
  private gather(slot: number): Float64Array {
    const { histograms, slots, shards } = this.state;
    const size = this.histogramSize;
    const sum = this.free.pop() ?? new Float64Array(size);
    sum.set(histograms.subarray(slot * size, (slot + 1) * size));
    for (let shard = 1; shard < shards; shard++) {
      const at = (shard * slots + slot) * size;
      for (let cell = 0; cell < size; cell++) sum[cell] = (sum[cell] as number) + (histograms[at + cell] as number);
    }
    return sum;
  }

  private release(histogram: Float64Array | undefined): void {
    if (histogram !== undefined) this.free.push(histogram);
  }

  /** Every row is in exactly one bin of the first feature, so that its bins sum up the node. */
  private sumsOf(histogram: Float64Array): NodeSums {
    let gradient = 0;
    let hessian = 0;
    for (let code = 0; code < this.state.stride; code++) {
      gradient += histogram[code * 2] as number;
      hessian += histogram[code * 2 + 1] as number;
    }
    return { gradient: gradient / this.scale.gradient, hessian: hessian / this.scale.hessian };
  }
}

/** Leaves in the first what the second does not hold. */
function subtract(whole: Float64Array, part: Float64Array): Float64Array {
  for (let cell = 0; cell < whole.length; cell++) whole[cell] = (whole[cell] as number) - (part[cell] as number);
  return whole;
}
