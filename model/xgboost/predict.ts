import type { Matrix } from '../matrix.ts';
import type { Booster, RegressionTree } from './booster.ts';
import { objectiveOf, outputsOf, startMargins } from './objective.ts';

/** A matrix that does not fit the booster. */
export class MatrixMismatchError extends Error {
  override readonly name = 'MatrixMismatchError';
}

/** What the booster predicts, row after row (one value a row, or one a class): a probability for `binary:logistic`. */
export function predict(booster: Booster, matrix: Matrix): Float32Array {
  const margins = predictMargin(booster, matrix);
  objectiveOf(booster).transform(margins, outputsOf(booster));
  return margins;
}

/** The sum of the trees before the objective's transformation, added up in float32 in XGBoost's order. */
export function predictMargin(booster: Booster, matrix: Matrix): Float32Array {
  checkMatrix(booster, matrix);
  const outputs = outputsOf(booster);
  const start = startMargins(booster);
  const margins = new Float32Array(matrix.rows * outputs);
  for (let row = 0; row < matrix.rows; row++) margins.set(start, row * outputs);
  booster.trees.forEach((tree, index) => addTree(tree, matrix, margins, outputs, booster.treeInfo[index]!));
  return margins;
}

function addTree(tree: RegressionTree, matrix: Matrix, margins: Float32Array, outputs: number, output: number): void {
  const { leftChildren, rightChildren, splitIndices, splitConditions, defaultLeft } = tree;
  const { columns, rows } = matrix;
  for (let row = 0; row < rows; row++) {
    let node = 0;
    for (let left = leftChildren[0]!; left !== -1; left = leftChildren[node]!) {
      const value = columns[splitIndices[node]!]![row]!;
      const goesLeft = Number.isNaN(value) ? defaultLeft[node] === 1 : value < splitConditions[node]!;
      node = goesLeft ? left : rightChildren[node]!;
    }
    // A typed array rounds each sum to float32, as XGBoost's own accumulator does.
    margins[row * outputs + output]! += splitConditions[node]!;
  }
}

function checkMatrix(booster: Booster, matrix: Matrix): void {
  if (matrix.columns.length !== booster.numFeatures) {
    throw new MatrixMismatchError(`The matrix has ${matrix.columns.length} columns, the model has ${booster.numFeatures} features.`);
  }
  const short = matrix.columns.findIndex((column) => column.length < matrix.rows);
  if (short >= 0) {
    throw new MatrixMismatchError(`Column ${short} of the matrix holds ${matrix.columns[short]!.length} values, expected ${matrix.rows}.`);
  }
  const wrong = booster.featureNames.findIndex((name, index) => matrix.names[index] !== name);
  if (matrix.names.length > 0 && wrong >= 0) {
    throw new MatrixMismatchError(
      `Column ${wrong} of the matrix is "${matrix.names[wrong]}", the model expects "${booster.featureNames[wrong]}" there.`,
    );
  }
}
