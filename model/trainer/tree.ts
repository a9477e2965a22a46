import type { RegressionTree } from '../xgboost/booster.ts';
import { thresholdOf } from './cuts.ts';
import type { Cuts } from './cuts.ts';
import type { BinnedTree } from './shared.ts';
import { boundedWeight, childBounds, unbounded } from './split.ts';
import type { NodeSums, Regularization, SplitCandidate, WeightBounds } from './split.ts';

/** XGBoost's mark for "no parent". */
const noParent = 2147483647;

interface GrowingNode {
  readonly parent: number;
  readonly depth: number;
  readonly sums: NodeSums;
  readonly bounds: WeightBounds;
  split?: SplitCandidate;
  left: number;
  right: number;
}

/** A tree while it grows. Nodes are numbered as XGBoost numbers them: level by level, both children at once. */
export class GrowingTree {
  private readonly nodes: GrowingNode[];
  private readonly options: Regularization;

  /** Starts with the root alone. */
  constructor(root: NodeSums, options: Regularization) {
    this.options = options;
    this.nodes = [{ parent: noParent, depth: 0, sums: root, bounds: unbounded, left: -1, right: -1 }];
  }

  /** Splits a leaf in two and returns the children's numbers. */
  split(node: number, split: SplitCandidate): [left: number, right: number] {
    const parent = this.nodes[node] as GrowingNode;
    const depth = parent.depth + 1;
    const [leftBounds, rightBounds] = childBounds(split, parent.bounds, this.options);
    const left = this.nodes.push({ parent: node, depth, sums: split.left, bounds: leftBounds, left: -1, right: -1 }) - 1;
    const right = this.nodes.push({ parent: node, depth, sums: split.right, bounds: rightBounds, left: -1, right: -1 }) - 1;
    parent.split = split;
    parent.left = left;
    parent.right = right;
    return [left, right];
  }

  /** The sums of a node. */
  sums(node: number): NodeSums {
    return (this.nodes[node] as GrowingNode).sums;
  }

  /** Between which weights the node's rows must stay. */
  bounds(node: number): WeightBounds {
    return (this.nodes[node] as GrowingNode).bounds;
  }

  /** The finished tree twice: for XGBoost's format and, in bins, for the rows that the trainer still has to score. */
  finish(cuts: readonly Cuts[], eta: number): { tree: RegressionTree; binned: BinnedTree } {
    const { nodes } = this;
    const weights = Float32Array.from(nodes, (node) => boundedWeight(node.sums, node.bounds, this.options));
    const values = Float32Array.from(nodes, (node, index) => (node.split === undefined ? (weights[index] as number) * eta : 0));
    const left = Int32Array.from(nodes, (node) => node.left);
    const right = Int32Array.from(nodes, (node) => node.right);
    const feature = Int32Array.from(nodes, (node) => node.split?.feature ?? 0);
    const missingLeft = Uint8Array.from(nodes, (node) => (node.split?.missingLeft === true ? 1 : 0));
    const threshold = (split: SplitCandidate): number => thresholdOf(cuts[split.feature] as Cuts, split.bin);
    const tree: RegressionTree = {
      leftChildren: left,
      rightChildren: right,
      parents: Int32Array.from(nodes, (node) => node.parent),
      splitIndices: feature,
      splitConditions: Float32Array.from(nodes, (node, index) => (node.split === undefined ? (values[index] as number) : threshold(node.split))),
      defaultLeft: missingLeft,
      // As XGBoost keeps them: a leaf's weight with the learning rate, an inner node's and the root's without.
      baseWeights: Float32Array.from(nodes, (node, index) => (node.split === undefined && index > 0 ? (values[index] as number) : (weights[index] as number))),
      lossChanges: Float32Array.from(nodes, (node) => node.split?.gain ?? 0),
      sumHessian: Float32Array.from(nodes, (node) => node.sums.hessian),
    };
    const bin = Int32Array.from(nodes, (node) => node.split?.bin ?? 0);
    const missing = Int32Array.from(nodes, (node) => (node.split === undefined ? -1 : (cuts[node.split.feature]?.thresholds.length as number)));
    return { tree, binned: { left, right, feature, bin, missing, missingLeft, value: values } };
  }
}
