import fc from 'fast-check';
import type { Booster, RegressionTree } from '../../../model/xgboost/booster.ts';

/** A tree before its nodes have numbers. */
type Shape = number | { readonly feature: number; readonly threshold: number; readonly missingGoesLeft: boolean; readonly left: Shape; readonly right: Shape };

const bounded = (limit: number) => fc.float({ min: -limit, max: limit, noNaN: true, noDefaultInfinity: true });

function shapes(features: number): fc.Arbitrary<Shape> {
  const { tree } = fc.letrec<{ tree: Shape }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthSize: 'large' },
      bounded(2),
      fc.record({
        feature: fc.nat(features - 1),
        // Small integers repeat, so that thresholds meet; floats reach into every corner of float32.
        threshold: fc.oneof(fc.integer({ min: -3, max: 3 }), bounded(2 ** 90)),
        missingGoesLeft: fc.boolean(),
        left: tie('tree'),
        right: tie('tree'),
      }),
    ),
  }));
  return tree;
}

function treeOf(shape: Shape): RegressionTree {
  const nodes: { shape: Shape; parent: number; left: number; right: number }[] = [{ shape, parent: 0x7fffffff, left: -1, right: -1 }];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    if (typeof node.shape === 'number') continue;
    node.left = nodes.push({ shape: node.shape.left, parent: i, left: -1, right: -1 }) - 1;
    node.right = nodes.push({ shape: node.shape.right, parent: i, left: -1, right: -1 }) - 1;
  }
  const numbers = (value: (shape: Exclude<Shape, number>) => number) => nodes.map(({ shape }) => (typeof shape === 'number' ? 0 : value(shape)));
  return {
    leftChildren: Int32Array.from(nodes, (node) => node.left),
    rightChildren: Int32Array.from(nodes, (node) => node.right),
    parents: Int32Array.from(nodes, (node) => node.parent),
    splitIndices: Int32Array.from(numbers((split) => split.feature)),
    splitConditions: Float32Array.from(nodes, ({ shape }) => (typeof shape === 'number' ? shape : shape.threshold)),
    defaultLeft: Uint8Array.from(numbers((split) => Number(split.missingGoesLeft))),
    baseWeights: Float32Array.from(nodes, (_, i) => i / 3),
    lossChanges: Float32Array.from(numbers((split) => Math.abs(split.threshold))),
    sumHessian: Float32Array.from(nodes, (_, i) => 1 / (i + 1)),
  };
}

const objectives = {
  'binary:logistic': { classes: 0, parameters: { reg_loss_param: { scale_pos_weight: '1' } } },
  'reg:squarederror': { classes: 0, parameters: { reg_loss_param: { scale_pos_weight: '1' } } },
  'count:poisson': { classes: 0, parameters: { poisson_regression_param: { max_delta_step: '0.699999988' } } },
  'multi:softprob': { classes: 3, parameters: { softmax_multiclass_param: { num_class: '3' } } },
} as const;

/** Boosters of each objective, with every kind of name, threshold and missing direction, in each version's format. */
export const boosters: fc.Arbitrary<Booster> = fc
  .record({
    features: fc.integer({ min: 1, max: 4 }),
    objective: fc.constantFrom('binary:logistic' as const, 'binary:logistic' as const, 'reg:squarederror' as const, 'count:poisson' as const, 'multi:softprob' as const),
    version: fc.constantFrom([1, 7, 4] as const, [2, 1, 4] as const, [3, 0, 5] as const),
    rounds: fc.integer({ min: 1, max: 4 }),
    baseScore: fc.float({ min: Math.fround(0.01), max: Math.fround(0.99), noNaN: true }),
    hasNames: fc.boolean(),
    attributes: fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), fc.string({ unit: 'grapheme', minLength: 1 }), { maxKeys: 3 }),
  })
  .chain(({ features, objective, version, rounds, baseScore, hasNames, attributes }) => {
    const { classes, parameters } = objectives[objective];
    const trees = rounds * Math.max(1, classes);
    return fc.array(shapes(features), { minLength: trees, maxLength: trees }).map((all) => ({
      version,
      objective,
      objectiveParameters: parameters,
      baseScore,
      numFeatures: features,
      numClass: classes,
      trees: all.map(treeOf),
      treeInfo: Int32Array.from(all, (_, i) => i % Math.max(1, classes)),
      featureNames: hasNames ? Array.from({ length: features }, (_, i) => `größe "${i}"`) : [],
      featureTypes: hasNames ? Array.from({ length: features }, () => 'float') : [],
      attributes: { ...attributes },
    }));
  });

/** As XGBoost 3.1 and newer write them: a base score for each output, which may be a margin for each class. Debian's XGBoost does not load these. */
export const latestBoosters: fc.Arbitrary<Booster> = fc
  .record({ booster: boosters, minor: fc.integer({ min: 1, max: 4 }), margins: fc.option(fc.uniqueArray(bounded(5), { minLength: 3, maxLength: 3 }), { nil: undefined }) })
  .map(({ booster, minor, margins }) => ({
    ...booster,
    version: [3, minor, 0],
    ...(booster.numClass === 3 && margins !== undefined ? { baseScore: 0, classMargins: margins } : {}),
  }));
