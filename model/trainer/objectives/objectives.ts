import type { XGBoostParameters } from '../../spec/hyperparameter-parser.ts';
import { logistic } from './logistic.ts';
import type { TrainingObjective } from './objective.ts';
import { poisson } from './poisson.ts';
import { softmax } from './softmax.ts';
import { squaredError } from './squared-error.ts';

const objectives: ReadonlyMap<string, TrainingObjective> = new Map([
  ['binary:logistic', logistic],
  ['multi:softprob', softmax],
  ['reg:squarederror', squaredError],
  ['count:poisson', poisson],
]);

/** The objectives that the trainer learns, by XGBoost's names. */
export const trainedObjectives: readonly string[] = [...objectives.keys()];

/** An objective by its name; undefined where the trainer does not learn it. */
export function findObjective(name: string): TrainingObjective | undefined {
  return objectives.get(name);
}

/** An objective that has been checked to be one of the trainer's. */
export function objectiveNamed(name: string): TrainingObjective {
  const objective = objectives.get(name);
  if (objective === undefined) throw new RangeError(`The trainer was asked for the objective "${name}", expected ${trainedObjectives.join(', ')}.`);
  return objective;
}

/** How many trees a round has: one for each class, else one. */
export function outputsFor(parameters: XGBoostParameters): number {
  return parameters.objective.startsWith('multi:') ? (parameters.numClass ?? 1) : 1;
}
