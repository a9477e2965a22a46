import type { RegressionTree } from './booster.ts';
import type { Cursor } from './cursor.ts';

/** A gradient booster of trees: where its model stands, and what each tree counts (empty: all as one). */
export interface TreeBooster {
  readonly model: Cursor;
  readonly weights: readonly number[];
}

/** DART holds a booster of trees and their weights. From 3.4 on it calls itself gbtree as well, and only the weights tell it. */
export function readTreeBooster(booster: Cursor): TreeBooster {
  const name = booster.field('name').string();
  const model = (name === 'dart' ? booster.field('gbtree') : booster).field('model');
  const weights = booster.optionalField('weight_drop');
  const count = weights?.elements().length ?? 0;
  const trees = model.field('trees').elements().length;
  if (count !== 0 && count !== trees) throw weights!.error(`${count} elements`, `one for each of the ${trees} trees`);
  return { model, weights: Array.from(weights?.floats(count) ?? []) };
}

/** The tree with what it counts in its leaves: the same model as a plain booster of trees. */
export function scaleLeaves(tree: RegressionTree, weight: number): RegressionTree {
  if (weight === 1) return tree;
  return { ...tree, splitConditions: tree.splitConditions.map((value, node) => (tree.leftChildren[node] === -1 ? value * weight : value)) };
}
