import type { LabelledMatrix } from '../matrix.ts';

/** What is wrong with the data that a binary model should learn from (nothing when all is well). */
export function dataProblems(train: LabelledMatrix, validation: LabelledMatrix | undefined): string[] {
  const problems = [...partProblems('train', train), ...(validation === undefined ? [] : partProblems('validation', validation))];
  if (train.columns.length === 0) problems.push('The train data has no feature column, expected at least one.');
  if (validation !== undefined && validation.names.join('\n') !== train.names.join('\n')) {
    problems.push(`The validation data has the features ${validation.names.join(', ')}, expected those of the train data: ${train.names.join(', ')}.`);
  }
  return problems;
}

function partProblems(part: string, data: LabelledMatrix): string[] {
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
  if (data.label.length !== data.rows) problems.push(`The ${part} data has ${String(data.label.length)} labels, expected ${String(data.rows)}.`);
  const wrong = data.label.findIndex((label) => !(label >= 0 && label <= 1));
  if (wrong !== -1) {
    problems.push(`The label of row ${String(wrong)} of the ${part} data is ${String(data.label[wrong])}, expected 0 to 1 for binary:logistic.`);
  }
  return problems;
}
