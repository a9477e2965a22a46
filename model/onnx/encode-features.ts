import type { FittedFeature } from '../features/fitted.ts';
import type { Booster } from '../xgboost/booster.ts';
import type { Node, ValueInfo } from './proto.ts';

/** The part of the graph in front of the trees: where the values come in, and the name of the `[rows, features]` matrix. */
export interface Front {
  readonly inputs: readonly ValueInfo[];
  readonly nodes: readonly Node[];
  readonly output: string;
}

/** Features that do not belong to the booster. */
export class FeatureMismatchError extends Error {
  override readonly name = 'FeatureMismatchError';
}

/** The one input of a graph without features. */
export const featuresInputName = 'features';

/** One input of numbers that are encoded already. */
export function featuresInput(booster: Booster): Front {
  return { inputs: [{ name: featuresInputName, type: 'float', dimensions: ['rows', booster.numFeatures] }], nodes: [], output: featuresInputName };
}

/** One input for each feature, encoded inside the graph where it has an encoding, and joined in the booster's order. */
export function encodeFeatures(booster: Booster, features: readonly FittedFeature[]): Front {
  checkFeatures(booster, features);
  return joinFeatures(features, matrix);
}

/** One input for each feature, encoded inside the graph where it has an encoding, and joined under a name. */
export function joinFeatures(features: readonly FittedFeature[], output: string): Front {
  const encoders = features.flatMap((feature, index) => (feature.encoding === undefined ? [] : [encoder(feature.encoding, feature.name, encoded(index))]));
  const columns = features.map((feature, index) => (feature.encoding === undefined ? feature.name : encoded(index)));
  const concat = { name: 'concat', operator: 'Concat', inputs: columns, outputs: [output], attributes: { axis: { int: 1 } } };
  return { inputs: features.map(inputOf), nodes: [...encoders, concat], output };
}

// Names that no feature can have: a feature's name is a column's.
const matrix = ':matrix';
const encoded = (index: number): string => `:encoded_${index}`;

/** The input that a feature has in the graph. */
function inputOf(feature: FittedFeature): ValueInfo {
  return { name: feature.name, type: feature.encoding === undefined ? 'float' : 'string', dimensions: ['rows', 1] };
}

function encoder(encoding: NonNullable<FittedFeature['encoding']>, input: string, output: string): Node {
  return {
    name: output,
    operator: 'LabelEncoder',
    domain: 'ai.onnx.ml',
    inputs: [input],
    outputs: [output],
    attributes: {
      keys_strings: { strings: encoding.map(([value]) => value) },
      values_floats: { floats: Float32Array.from(encoding, ([, code]) => code) },
      default_float: { float: Number.NaN },
    },
  };
}

function checkFeatures(booster: Booster, features: readonly FittedFeature[]): void {
  if (features.length !== booster.numFeatures) {
    throw new FeatureMismatchError(`There are ${features.length} fitted features, the model was trained with ${booster.numFeatures}.`);
  }
  const repeated = features.find((feature, index) => features.findIndex((other) => other.name === feature.name) !== index);
  if (repeated !== undefined) throw new FeatureMismatchError(`The feature "${repeated.name}" occurs twice; each is one input of the graph.`);
  const wrong = booster.featureNames.findIndex((name, index) => features[index]?.name !== name);
  if (wrong >= 0) {
    throw new FeatureMismatchError(`Feature ${wrong} is "${features[wrong]?.name}", the model was trained with "${booster.featureNames[wrong]}" there.`);
  }
}
