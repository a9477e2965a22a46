import type { RegressionTree } from './booster.ts';
import type { Cursor } from './cursor.ts';
import { UnsupportedModelError } from './errors.ts';

/** What to do about a model with categorical splits. */
export const encodeFirst = 'Encode categories before training and set enable_categorical=False.';

/** What XGBoost writes for the parent of the root. */
const noParent = 0x7fffffff;

/** Reads one tree and checks that it is one: every child exists, and every node is reached on one way only. */
export function readTree(cursor: Cursor, numFeatures: number): RegressionTree {
  const parameters = cursor.field('tree_param');
  const nodes = parameters.field('num_nodes').count();
  if (nodes === 0) throw parameters.field('num_nodes').unexpected('at least the root');
  if ((parameters.optionalField('size_leaf_vector')?.count() ?? 0) > 1) {
    throw new UnsupportedModelError('several values a leaf (size_leaf_vector above 1)', 'Train with multi_strategy=one_output_per_tree.');
  }
  refuseCategories(cursor, nodes);
  const tree = {
    leftChildren: cursor.field('left_children').integers(nodes, -1, nodes - 1),
    rightChildren: cursor.field('right_children').integers(nodes, -1, nodes - 1),
    parents: cursor.field('parents').integers(nodes, -1, noParent),
    splitIndices: cursor.field('split_indices').integers(nodes, 0),
    splitConditions: cursor.field('split_conditions').floats(nodes),
    defaultLeft: Uint8Array.from(cursor.field('default_left').integers(nodes, 0, 1)),
    baseWeights: cursor.field('base_weights').floats(nodes),
    lossChanges: cursor.field('loss_changes').floats(nodes),
    sumHessian: cursor.field('sum_hessian').floats(nodes),
  };
  checkNodes(tree, cursor, numFeatures);
  return tree;
}

function refuseCategories(cursor: Cursor, nodes: number): void {
  const hasCategories = (cursor.optionalField('categories_nodes')?.elements().length ?? 0) > 0;
  const types = cursor.optionalField('split_type')?.integers(nodes, 0, 1);
  if (hasCategories || types?.includes(1) === true) throw new UnsupportedModelError(`categorical splits (${cursor.path})`, encodeFirst);
}

function checkNodes(tree: RegressionTree, cursor: Cursor, numFeatures: number): void {
  const seen = new Uint8Array(tree.leftChildren.length);
  const waiting = [0];
  seen[0] = 1;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const children = [tree.leftChildren[node]!, tree.rightChildren[node]!];
    if (children[0] === -1 && children[1] === -1) continue;
    if (tree.splitIndices[node]! >= numFeatures) {
      throw cursor.field('split_indices').error(`feature ${tree.splitIndices[node]} in node ${node}`, `one of the model's ${numFeatures} features`);
    }
    if (Number.isNaN(tree.splitConditions[node]!)) {
      throw cursor.field('split_conditions').error(`NaN in node ${node}`, 'a threshold');
    }
    for (const [side, child] of children.entries()) {
      const name = side === 0 ? 'left_children' : 'right_children';
      if (child === -1) throw cursor.field(name).error(`no child in node ${node}`, 'both children, or none in a leaf');
      if (seen[child] === 1) throw cursor.field(name).error(`node ${child} as a child of node ${node}`, 'each node on one way from the root only');
      if (tree.parents[child] !== node) throw cursor.field('parents').error(`${tree.parents[child]} in node ${child}`, `${node}, whose child it is`);
      seen[child] = 1;
      waiting.push(child);
    }
  }
}
