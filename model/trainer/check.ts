import type { LabelledMatrix } from '../matrix.ts';
import type { XGBoostParameters } from '../spec/hyperparameter-parser.ts';
import { findObjective, outputsFor } from './objectives/objectives.ts';

/** What is wrong with the data that a model should learn from (nothing when all is well). */
export function dataProblems(train: LabelledMatrix, validation: LabelledMatrix | undefined, parameters: XGBoostParameters): string[] {
  const problems = [...partProblems('train', train, parameters), ...(validation === undefined ? [] : partProblems('validation', validation, parameters))];
  if (train.columns.length === 0) problems.push('The train data has no feature column, expected at least one.');
  if (parameters.monotoneConstraints.length > train.columns.length) {
    problems.push(`Hyperparameter 'monotone_constraints' has ${String(parameters.monotoneConstraints.length)} signs, expected at most one for each of the ${String(train.columns.length)} features.`);
  }
  if (validation !== undefined && validation.names.join('\n') !== train.names.join('\n')) {
    problems.push(`The validation data has the features ${validation.names.join(', ')}, expected those of the train data: ${train.names.join(', ')}.`);
  }
  return problems;
}

function weightProblems(part: string, { rows, weight }: LabelledMatrix): string[] {
  if (weight === undefined) return [];
  if (weight.length !== rows) return [`The ${part} data has ${String(weight.length)} weights, expected ${String(rows)}.`];
  const wrong = weight.findIndex((value) => !(value >= 0 && value < Infinity));
  if (wrong !== -1) return [`The weight of row ${String(wrong)} of the ${part} data is ${String(weight[wrong])}, expected a finite number of at least 0.`];
  return rows > 0 && weight.every((value) => value === 0) ? [`The weights of the ${part} data are all 0, expected some row to count.`] : [];
}

function partProblems(part: string, data: LabelledMatrix, parameters: XGBoostParameters): string[] {
  const problems: string[] = [];
  if (data.rows === 0) problems.push(`The ${part} data has no rows, expected at least one.`);
  if (data.names.length !== data.columns.length) {
    problems.push(`The ${part} data has ${String(data.names.length)} names for ${String(data.columns.length)} columns.`);
  }
  data.columns.forEach((column, index) => {
    if (column.length !== data.rows) {
      problems.push(`Column '${data.names[index] ?? String(index)}' of the ${part} data has ${String(column.length)} values, expected ${String(data.rows)}.`);
    }
  });
  problems.push(...weightProblems(part, data));
  if (data.label.length !== data.rows) problems.push(`The ${part} data has ${String(data.label.length)} labels, expected ${String(data.rows)}.`);
  const labels = findObjective(parameters.objective)?.labels(outputsFor(parameters));
  const wrong = labels === undefined ? -1 : data.label.findIndex((label) => !labels.accepts(label));
  if (labels !== undefined && wrong !== -1) {
    problems.push(`The label of row ${String(wrong)} of the ${part} data is ${String(data.label[wrong])}, expected ${labels.expected} for ${parameters.objective}.`);
  }
  return problems;
}
