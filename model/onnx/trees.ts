import type { Booster } from '../xgboost/booster.ts';
import { outputsOf, startMargins } from '../xgboost/objective.ts';
import type { Node } from './proto.ts';

/** The boosted trees as one TreeEnsembleRegressor, whose sum is the margin: base score and all leaves. */
export function treeEnsemble(booster: Booster, input: string, output: string): Node {
  const outputs = outputsOf(booster);
  const nodes = flatten(booster);
  return {
    name: 'trees',
    operator: 'TreeEnsembleRegressor',
    domain: 'ai.onnx.ml',
    inputs: [input],
    outputs: [output],
    attributes: {
      n_targets: { int: outputs },
      aggregate_function: { string: 'SUM' },
      post_transform: { string: 'NONE' },
      base_values: { floats: startMargins(booster) },
      nodes_treeids: { ints: nodes.trees },
      nodes_nodeids: { ints: nodes.ids },
      nodes_featureids: { ints: nodes.features },
      nodes_modes: { strings: nodes.modes },
      nodes_values: { floats: Float32Array.from(nodes.values) },
      nodes_truenodeids: { ints: nodes.yes },
      nodes_falsenodeids: { ints: nodes.no },
      nodes_missing_value_tracks_true: { ints: nodes.missingGoesLeft },
      target_treeids: { ints: nodes.leafTrees },
      target_nodeids: { ints: nodes.leafIds },
      target_ids: { ints: nodes.leafTargets },
      target_weights: { floats: Float32Array.from(nodes.leafWeights) },
    },
  };
}

/**
 * All trees' nodes as parallel lists. Nodes that no parent reaches (left by pruning) stay out, and the others are numbered without them:
 * ONNX Runtime loads no tree with a number above the count of all nodes.
 */
function flatten(booster: Booster) {
  const all = {
    trees: [] as number[],
    ids: [] as number[],
    features: [] as number[],
    modes: [] as string[],
    values: [] as number[],
    yes: [] as number[],
    no: [] as number[],
    missingGoesLeft: [] as number[],
    leafTrees: [] as number[],
    leafIds: [] as number[],
    leafTargets: [] as number[],
    leafWeights: [] as number[],
  };
  booster.trees.forEach((tree, id) => {
    // Level by level; a node's number is its place in this list.
    const reached = [0];
    for (const [number, node] of reached.entries()) {
      const left = tree.leftChildren[node]!;
      const isLeaf = left === -1;
      const child = isLeaf ? 0 : reached.push(left, tree.rightChildren[node]!) - 2;
      all.trees.push(id);
      all.ids.push(number);
      all.features.push(isLeaf ? 0 : tree.splitIndices[node]!);
      // XGBoost goes left where value < threshold; LEQ differs on every row that stands on a threshold.
      all.modes.push(isLeaf ? 'LEAF' : 'BRANCH_LT');
      all.values.push(isLeaf ? 0 : tree.splitConditions[node]!);
      all.yes.push(child);
      all.no.push(isLeaf ? 0 : child + 1);
      all.missingGoesLeft.push(isLeaf ? 0 : tree.defaultLeft[node]!);
      if (!isLeaf) continue;
      all.leafTrees.push(id);
      all.leafIds.push(number);
      all.leafTargets.push(booster.treeInfo[id]!);
      all.leafWeights.push(tree.splitConditions[node]!);
    }
  });
  return all;
}
