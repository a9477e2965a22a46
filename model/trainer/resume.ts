import type { XGBoostParameters } from '../spec/hyperparameter-parser.ts';
import type { Booster, RegressionTree } from '../xgboost/booster.ts';
import { outputsOf } from '../xgboost/objective.ts';
import type { Cuts } from './cuts.ts';
import type { EarlyStopping } from './evaluation.ts';
import { outputsFor } from './objectives/objectives.ts';
import type { BinnedTree } from './shared.ts';

/** Why a training with these parameters and so many features cannot go on from the booster (nothing when it can). */
export function resumeProblems(booster: Booster, parameters: XGBoostParameters, features: number): string[] {
  const outputs = outputsFor(parameters);
  const facts: readonly [name: string, found: string | number, expected: string | number][] = [
    ['objective', booster.objective, parameters.objective],
    ['number of features', booster.numFeatures, features],
    ['number of outputs', outputsOf(booster), outputs],
    ['base_score', booster.classMargins?.join(',') ?? booster.baseScore, Math.fround(parameters.baseScore)],
    ['number of trees in its last round', booster.trees.length % outputs, 0],
  ];
  return facts
    .filter(([, found, expected]) => found !== expected)
    .map(([name, found, expected]) => `The model to resume from has the ${name} ${String(found)}, expected ${String(expected)}: remove the checkpoint to start anew.`);
}

/** Puts the early stopping where the earlier training left it. */
export function restoreStopping(stopping: EarlyStopping, booster: Booster): void {
  const { best_iteration: round, best_score: score } = booster.attributes;
  if (round === undefined || score === undefined) return;
  stopping.bestRound = Number(round);
  stopping.bestScore = Number(score);
}

/** A tree of a model file in bins. Its thresholds are the cuts that it was grown with, or it is of other data. */
export function binnedTree(tree: RegressionTree, cuts: readonly Cuts[]): BinnedTree {
  const isLeaf = (node: number): boolean => tree.leftChildren[node] === -1;
  const each = (of: (node: number) => number): Int32Array => tree.leftChildren.map((_, node) => (isLeaf(node) ? 0 : of(node)));
  return {
    left: tree.leftChildren,
    right: tree.rightChildren,
    feature: each((node) => tree.splitIndices[node] as number),
    bin: each((node) => binOfThreshold(cuts[tree.splitIndices[node] as number] as Cuts, tree.splitConditions[node] as number, node)),
    missing: each((node) => (cuts[tree.splitIndices[node] as number] as Cuts).thresholds.length),
    missingLeft: tree.defaultLeft,
    value: tree.splitConditions.map((value, node) => (isLeaf(node) ? value : 0)),
  };
}

function binOfThreshold({ thresholds, lowest }: Cuts, threshold: number, node: number): number {
  if (threshold === Math.fround(lowest)) return -1;
  const bin = thresholds.indexOf(threshold);
  if (bin === -1) {
    throw new RangeError(`The model to resume from splits node ${String(node)} of a tree at ${String(threshold)}, which is no cut of this training data: it was trained on other data. Remove the checkpoint to start anew.`);
  }
  return bin;
}
