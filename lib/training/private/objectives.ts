import type { Dataset } from '../../../model/spec/dataset.ts';
import { taskOf } from '../../../model/spec/task.ts';
import type { Task } from '../../../model/spec/task.ts';

/** What XGBoost optimises for a label, and the metric that it prints a round. */
interface Objective {
  readonly name: string;
  readonly evalMetric: string;
}

/** The objectives that each task can be learned with, its own first: those that our trainer, the conversion and the evaluation all know. */
const objectivesOf: Readonly<Record<Task, readonly [Objective, ...Objective[]]>> = {
  binary: [{ name: 'binary:logistic', evalMetric: 'logloss' }],
  multiclass: [{ name: 'multi:softprob', evalMetric: 'mlogloss' }],
  regression: [{ name: 'reg:squarederror', evalMetric: 'rmse' }, { name: 'count:poisson', evalMetric: 'poisson-nloglik' }],
};

/** The objective that a label is learned with: the one asked for where it fits, else the task's own. */
export function objectiveFor(dataset: Dataset, asked: string | undefined): Objective {
  const objectives = objectivesOf[taskOf(dataset.toJSON().label)];
  return objectives.find(({ name }) => name === asked) ?? objectives[0];
}

/** Why an objective cannot learn a label; nothing where it can. */
export function objectiveProblem(dataset: Dataset, asked: string | undefined): string | undefined {
  const { label } = dataset.toJSON();
  const fitting = objectivesOf[taskOf(label)].map(({ name }) => name);
  if (asked === undefined || fitting.includes(asked)) return undefined;
  return `objective is '${asked}', expected ${fitting.join(' or ')} for the label '${label.column}' (${taskNames[taskOf(label)]}): change the objective, or the label.`;
}

/** The tasks as people call them. */
export const taskNames: Readonly<Record<Task, string>> = { binary: 'binary', multiclass: 'multi-class', regression: 'regression' };
