import { NotCompiled, type SplitTree } from '../trees/ensemble.ts';
import type { ReadNode } from './read-nodes.ts';

/** The trees of an operator, and what each adds to. */
export interface ReadTrees {
  readonly trees: readonly SplitTree[];
  readonly targets: Int32Array;
  readonly base: Float32Array;
}

/** Settings of the operator that are understood; any other may change what it answers. */
const known = new Set([
  'n_targets', 'aggregate_function', 'post_transform', 'base_values', 'nodes_treeids', 'nodes_nodeids', 'nodes_featureids', 'nodes_modes', 'nodes_values', 'nodes_truenodeids',
  'nodes_falsenodeids', 'nodes_missing_value_tracks_true', 'nodes_hitrates', 'target_treeids', 'target_nodeids', 'target_ids', 'target_weights',
]);
const modes = ['LEAF', 'BRANCH_LT'] as const;

/** Reads a `TreeEnsembleRegressor` that sums up leaves, as `treeEnsemble` writes it. @throws NotCompiled where it is any other */
export function readTrees({ attributes }: ReadNode, features: number): ReadTrees {
  const unknown = attributes.names().find((name) => !known.has(name));
  if (unknown !== undefined) throw new NotCompiled(`trees with the setting ${unknown}`);
  require(attributes.string('aggregate_function') ?? 'SUM', 'SUM', 'aggregate_function');
  require(attributes.string('post_transform') ?? 'NONE', 'NONE', 'post_transform');
  const outputs = attributes.int('n_targets') ?? 0;
  const base = attributes.floats('base_values');
  if (base.length !== outputs) throw new NotCompiled(`${String(base.length)} base values for ${String(outputs)} outputs`);
  const [treeIds, nodeIds] = [attributes.ints('nodes_treeids'), attributes.ints('nodes_nodeids')];
  const nodes: Nodes = {
    modes: attributes.choices('nodes_modes', modes),
    features: attributes.ints('nodes_featureids'),
    values: attributes.floats('nodes_values'),
    yes: attributes.ints('nodes_truenodeids'),
    no: attributes.ints('nodes_falsenodeids'),
    missingGoesLeft: attributes.ints('nodes_missing_value_tracks_true'),
  };
  if ([nodeIds, ...Object.values(nodes)].some(({ length }) => length !== treeIds.length)) throw new NotCompiled('lists of nodes that differ in length');
  const starts = startsOf(treeIds, nodeIds);
  const trees = starts.map((start, tree) => treeOf(nodes, start, starts[tree + 1] ?? treeIds.length, features));
  return { trees, targets: addLeaves(trees, attributes, outputs), base };
}

interface Nodes {
  readonly modes: Int8Array;
  readonly features: Int32Array;
  readonly values: Float32Array;
  readonly yes: Int32Array;
  readonly no: Int32Array;
  readonly missingGoesLeft: Int32Array;
}

/** Where each tree's nodes begin: trees stand behind each other, and their nodes are numbered in their order. */
function startsOf(treeIds: Int32Array, nodeIds: Int32Array): number[] {
  const starts: number[] = [];
  treeIds.forEach((tree, index) => {
    if (tree === starts.length) starts.push(index);
    if (tree !== starts.length - 1 || nodeIds[index] !== index - starts[tree]!) throw new NotCompiled('nodes in another order');
  });
  return starts;
}

function treeOf({ modes: kinds, features: featureIds, values, yes, no, missingGoesLeft }: Nodes, start: number, end: number, features: number): SplitTree {
  const tree = {
    leftChildren: yes.slice(start, end),
    rightChildren: no.slice(start, end),
    splitIndices: featureIds.slice(start, end),
    splitConditions: values.slice(start, end),
    defaultLeft: Uint8Array.from(missingGoesLeft.subarray(start, end)),
  };
  for (let node = 0; node < end - start; node++) {
    const kind = modes[kinds[start + node]!];
    if (kind === 'LEAF') {
      tree.leftChildren[node] = tree.rightChildren[node] = -1;
      // Filled below; a leaf without a weight is none that is known.
      tree.splitConditions[node] = Number.NaN;
      continue;
    }
    if (kind === undefined) throw new NotCompiled(`nodes that are neither ${modes.join(' nor ')}`);
    // Children come behind their parents, so that a walk ends.
    const isChild = (child: number): boolean => child > node && child < end - start;
    if (!isChild(tree.leftChildren[node]!) || !isChild(tree.rightChildren[node]!)) throw new NotCompiled('nodes in another order');
    if (!(tree.splitIndices[node]! < features)) throw new NotCompiled(`a split of feature ${String(tree.splitIndices[node])} of ${String(features)}`);
  }
  return tree;
}

/** Puts the weights into the leaves, and answers the output of each tree. */
function addLeaves(trees: readonly SplitTree[], attributes: ReadNode['attributes'], outputs: number): Int32Array {
  const [treeIds, nodeIds, targets, weights] = [attributes.ints('target_treeids'), attributes.ints('target_nodeids'), attributes.ints('target_ids'), attributes.floats('target_weights')];
  const targetOf = new Int32Array(trees.length).fill(-1);
  weights.forEach((weight, index) => {
    const tree = trees[treeIds[index]!];
    const [node, target] = [nodeIds[index]!, targets[index]!];
    if (tree?.leftChildren[node] !== -1 || !Number.isNaN(tree.splitConditions[node])) throw new NotCompiled('leaves with several weights');
    tree.splitConditions[node] = weight;
    const known = targetOf[treeIds[index]!];
    if (known !== -1 && known !== target) throw new NotCompiled('trees with several outputs');
    targetOf[treeIds[index]!] = target;
  });
  const fed = new Set(targetOf);
  if (fed.size !== outputs || [...fed].some((target) => target < 0 || target >= outputs)) throw new NotCompiled('an output without a tree');
  return targetOf;
}

function require(found: string, expected: string, name: string): void {
  if (found !== expected) throw new NotCompiled(`trees whose ${name} is ${found}`);
}
