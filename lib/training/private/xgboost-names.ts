import { hyperparameterAliases } from '../../../model/spec/hyperparameters.ts';
import type { XGBoostProps } from '../xgboost-props.ts';

/** The props that are hyperparameters. The type sees that none is missing. */
const props: Readonly<Record<Exclude<keyof XGBoostProps, 'additionalHyperParameters' | 'imageAccount'>, true>> = {
  numRound: true,
  objective: true,
  maxDepth: true,
  eta: true,
  gamma: true,
  minChildWeight: true,
  maxDeltaStep: true,
  subsample: true,
  colsampleBytree: true,
  colsampleBylevel: true,
  colsampleBynode: true,
  lambda: true,
  alpha: true,
  scalePosWeight: true,
  maxBin: true,
  baseScore: true,
  seed: true,
  earlyStoppingRounds: true,
  evalMetric: true,
};

/** A prop as the image names it: `maxDepth` is `max_depth`. */
export function imageName(prop: string): string {
  return prop.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The prop that says a hyperparameter of the image, also one under its other name (`learning_rate` is `eta`); none for most. */
export function propOf(hyperparameter: string): string | undefined {
  const name = Object.hasOwn(hyperparameterAliases, hyperparameter) ? hyperparameterAliases[hyperparameter] : hyperparameter;
  return Object.keys(props).find((prop) => imageName(prop) === name);
}
