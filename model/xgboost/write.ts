import { baseScoreText } from './base-score.ts';
import type { Booster, RegressionTree } from './booster.ts';
import type { DocumentObject } from './document.ts';
import { encodeJson } from './json.ts';
import { encodeUbjson } from './ubjson.ts';
import { isAtLeast } from './version.ts';

/** The booster as `xgboost-model`: UBJSON, which XGBoost 1.6 and newer load. */
export function writeUbjson(booster: Booster): Uint8Array {
  return encodeUbjson(documentOf(booster));
}

/** The booster as XGBoost's JSON. */
export function writeJson(booster: Booster): string {
  return encodeJson(documentOf(booster));
}

/** The document, field by field as the XGBoost version that the booster names writes it. */
function documentOf(booster: Booster): DocumentObject {
  return {
    learner: {
      attributes: booster.attributes,
      feature_names: booster.featureNames,
      feature_types: booster.featureTypes,
      gradient_booster: { model: modelOf(booster), name: 'gbtree' },
      learner_model_param: {
        base_score: baseScoreText(booster),
        // The base score is decided, so that training which continues from this model must not estimate it anew.
        boost_from_average: '0',
        num_class: String(booster.numClass),
        num_feature: String(booster.numFeatures),
        num_target: '1',
      },
      objective: { name: booster.objective, ...booster.objectiveParameters },
    },
    version: booster.version,
  };
}

function modelOf(booster: Booster): DocumentObject {
  const { trees, treeInfo, version } = booster;
  const isOld = !isAtLeast(version, 2, 0);
  return {
    gbtree_model_param: { num_parallel_tree: '1', num_trees: String(trees.length), ...(isOld ? { size_leaf_vector: '0' } : {}) },
    ...(isOld ? {} : { iteration_indptr: [...iterationsOf(booster)] }),
    // Plain arrays on purpose: 1.7 refuses typed ones here.
    tree_info: [...treeInfo],
    trees: trees.map((tree, id) => treeOf(tree, id, booster)),
  };
}

/** Where each boosting round's trees start: one tree a round for each output. */
function iterationsOf(booster: Booster): Int32Array {
  const perRound = Math.max(1, booster.numClass);
  return Int32Array.from({ length: Math.ceil(booster.trees.length / perRound) + 1 }, (_, round) => Math.min(round * perRound, booster.trees.length));
}

function treeOf(tree: RegressionTree, id: number, booster: Booster): DocumentObject {
  const nodes = tree.leftChildren.length;
  return {
    base_weights: tree.baseWeights,
    categories: new Int32Array(0),
    categories_nodes: new Int32Array(0),
    categories_segments: new BigInt64Array(0),
    categories_sizes: new BigInt64Array(0),
    default_left: tree.defaultLeft,
    id,
    left_children: tree.leftChildren,
    loss_changes: tree.lossChanges,
    parents: tree.parents,
    right_children: tree.rightChildren,
    split_conditions: tree.splitConditions,
    split_indices: tree.splitIndices,
    split_type: new Uint8Array(nodes),
    sum_hessian: tree.sumHessian,
    tree_param: {
      num_deleted: String(deletedNodes(tree)),
      num_feature: String(booster.numFeatures),
      num_nodes: String(nodes),
      size_leaf_vector: isAtLeast(booster.version, 2, 0) ? '1' : '0',
    },
  };
}

/** Pruning leaves nodes behind that no parent reaches; XGBoost marks them so and insists on their number. */
function deletedNodes(tree: RegressionTree): number {
  let count = 0;
  for (let node = 1; node < tree.splitIndices.length; node++) {
    if (tree.splitIndices[node] === 0x7fffffff && tree.defaultLeft[node] === 1) count++;
  }
  return count;
}
