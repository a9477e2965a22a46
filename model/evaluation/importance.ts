import type { Booster } from '../xgboost/booster.ts';

/** A feature's share of what all splits gained. */
export interface FeatureImportance {
  readonly feature: string;
  /** 0 to 1; all features sum up to 1 (or are all 0 where no tree has a split). */
  readonly share: number;
}

/** How much each feature's splits took off the loss, as XGBoost's `total_gain` but as shares of the sum; in the order of the features. */
export function featureImportance(booster: Booster, names: readonly string[] = booster.featureNames): FeatureImportance[] {
  const gains = new Float64Array(booster.numFeatures);
  for (const tree of booster.trees) {
    tree.leftChildren.forEach((left, node) => {
      if (left === -1) return;
      const feature = tree.splitIndices[node] as number;
      gains[feature] = (gains[feature] as number) + (tree.lossChanges[node] as number);
    });
  }
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return Array.from(gains, (gain, feature) => ({ feature: names[feature] ?? `f${String(feature)}`, share: total === 0 ? 0 : gain / total }));
}
