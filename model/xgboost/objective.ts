import type { Booster } from './booster.ts';
import { ModelFormatError, UnsupportedModelError } from './errors.ts';

/** What an objective does with the sum of the trees. All in float32, as XGBoost computes it. */
export interface Objective {
  /** Where the sum starts: the base score, seen from the sum's side. */
  readonly toMargin: (baseScore: number) => number;
  /** Turns margins into predictions in place: `rows` rows of `outputs` values. */
  readonly transform: (margins: Float32Array, outputs: number) => void;
}

const f = Math.fround;

/** XGBoost's own sigmoid: the exponent is bounded so that float32's exp stays finite, and a tiny term keeps the divisor from 0. */
function sigmoid(x: number): number {
  return f(1 / f(f(f(Math.exp(Math.min(-x, f(88.7)))) + 1) + f(1e-16)));
}

function softmax(margins: Float32Array, outputs: number): void {
  for (let start = 0; start < margins.length; start += outputs) {
    const row = margins.subarray(start, start + outputs);
    const max = row.reduce((a, b) => Math.max(a, b), -Infinity);
    let sum = 0;
    for (let i = 0; i < outputs; i++) {
      row[i] = Math.exp(f(row[i]! - max));
      sum += row[i]!;
    }
    for (let i = 0; i < outputs; i++) row[i] = row[i]! / f(sum);
  }
}

const identity: Objective = { toMargin: (score) => score, transform: () => undefined };

const logistic: Objective = {
  toMargin: (score) => {
    if (!(score > 0 && score < 1)) {
      throw new ModelFormatError('learner.learner_model_param.base_score', String(score), 'a probability between 0 and 1, as this objective has it');
    }
    return f(-f(Math.log(f(f(1 / score) - 1))));
  },
  transform: (margins) => {
    for (let i = 0; i < margins.length; i++) margins[i] = sigmoid(margins[i]!);
  },
};

/** Counts: the margin is the logarithm of the mean. */
const logarithmic: Objective = {
  toMargin: (score) => {
    if (!(score > 0)) throw new ModelFormatError('learner.learner_model_param.base_score', String(score), 'a mean greater than 0, as this objective has it');
    return f(Math.log(f(score)));
  },
  transform: (margins) => {
    for (let i = 0; i < margins.length; i++) margins[i] = Math.exp(margins[i]!);
  },
};

const objectives: ReadonlyMap<string, Objective> = new Map([
  ['binary:logistic', logistic],
  ['reg:logistic', logistic],
  ['reg:squarederror', identity],
  ['count:poisson', logarithmic],
  ['multi:softprob', { toMargin: identity.toMargin, transform: softmax }],
]);

/** The objective that a booster was trained for. */
export function objectiveOf(booster: Booster): Objective {
  return objectiveNamed(booster.objective);
}

/** An objective by XGBoost's name. */
export function objectiveNamed(name: string): Objective {
  const objective = objectives.get(name);
  if (objective === undefined) {
    throw new UnsupportedModelError(`the objective "${name}"`, `Train with one of ${[...objectives.keys()].join(', ')}.`);
  }
  return objective;
}

/** Where the sum of each output starts. */
export function startMargins(booster: Booster): Float32Array {
  const { toMargin } = objectiveOf(booster);
  return booster.classMargins === undefined ? new Float32Array(outputsOf(booster)).fill(toMargin(booster.baseScore)) : Float32Array.from(booster.classMargins);
}

/** How many values the booster predicts for a row. */
export function outputsOf(booster: Booster): number {
  return Math.max(1, booster.numClass);
}
