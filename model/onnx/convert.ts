import type { FittedFeature } from '../features/fitted.ts';
import type { Booster } from '../xgboost/booster.ts';
import { UnsupportedModelError } from '../xgboost/errors.ts';
import { outputsOf } from '../xgboost/objective.ts';
import { encodeFeatures, featuresInput } from './encode-features.ts';
import type { Node, Tensor } from './proto.ts';
import { encodeModel } from './proto.ts';
import { treeEnsemble } from './trees.ts';

/** The graph's output: `[rows, 2]` for a binary model (P(0), P(1)), `[rows, classes]`, or `[rows, 1]` for a regression. */
export interface OnnxOutput {
  readonly name: 'probabilities' | 'prediction';
}

/** Old enough for runtimes of the last years (ONNX Runtime 1.10 and newer), new enough for all that is used. */
const irVersion = 8;
const opsets = { '': 15, 'ai.onnx.ml': 3 };

/**
 * The booster as an ONNX model.
 *
 * Without features the graph has one float input `features` of `[rows, features]`. With features it has one input for each,
 * by its name: float `[rows, 1]`, or, where the feature has an encoding, string `[rows, 1]`, which the graph encodes itself.
 * NaN is missing, and so is a text that the encoding does not hold.
 * @param metadata goes into the model's metadata_props
 */
export function toOnnx(booster: Booster, features?: readonly FittedFeature[], metadata: Readonly<Record<string, string>> = {}): Uint8Array<ArrayBuffer> {
  if (booster.trees.length === 0) throw new UnsupportedModelError('no tree at all', 'Train with num_round of at least 1.');
  const front = features === undefined ? featuresInput(booster) : encodeFeatures(booster, features);
  const back = outputsFor(booster, 'margin');
  return encodeModel({
    irVersion,
    producerName: 'slipway',
    producerVersion: '1',
    opsets,
    metadata: { objective: booster.objective, xgboost_version: booster.version.join('.'), ...metadata },
    graph: {
      name: 'booster',
      nodes: [...front.nodes, treeEnsemble(booster, front.output, 'margin'), ...back.nodes],
      initializers: back.initializers,
      inputs: front.inputs,
      outputs: [{ name: back.output.name, type: 'float', dimensions: ['rows', back.columns] }],
    },
  });
}

interface Back {
  readonly nodes: readonly Node[];
  readonly initializers: readonly Tensor[];
  readonly output: OnnxOutput;
  readonly columns: number;
}

/** From margins to predictions, with plain operators: TreeEnsembleRegressor takes no LOGISTIC. */
function outputsFor(booster: Booster, margin: string): Back {
  switch (booster.objective) {
    case 'binary:logistic':
      return binary(margin);
    case 'reg:logistic':
      return { nodes: [node('Sigmoid', [margin], 'prediction')], initializers: [], output: { name: 'prediction' }, columns: 1 };
    case 'reg:squarederror':
      return { nodes: [node('Identity', [margin], 'prediction')], initializers: [], output: { name: 'prediction' }, columns: 1 };
    case 'count:poisson':
      return { nodes: [node('Exp', [margin], 'prediction')], initializers: [], output: { name: 'prediction' }, columns: 1 };
    case 'multi:softprob':
      return {
        nodes: [node('Softmax', [margin], 'probabilities', { axis: { int: 1 } })],
        initializers: [],
        output: { name: 'probabilities' },
        columns: outputsOf(booster),
      };
    default:
      throw new UnsupportedModelError(
        `the objective "${booster.objective}"`,
        'Train with one of binary:logistic, reg:logistic, reg:squarederror, count:poisson, multi:softprob.',
      );
  }
}

/** P(0) is 1 - P(1), as XGBoost's own classifier computes it. */
function binary(margin: string): Back {
  return {
    nodes: [
      node('Sigmoid', [margin], 'probability_1'),
      node('Sub', ['one', 'probability_1'], 'probability_0'),
      node('Concat', ['probability_0', 'probability_1'], 'probabilities', { axis: { int: 1 } }),
    ],
    initializers: [{ name: 'one', dimensions: [1], values: Float32Array.of(1) }],
    output: { name: 'probabilities' },
    columns: 2,
  };
}

function node(operator: string, inputs: readonly string[], output: string, attributes: Node['attributes'] = {}): Node {
  return { name: output, operator, inputs, outputs: [output], attributes };
}
