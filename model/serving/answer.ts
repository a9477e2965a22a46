import type { ModelDescription } from './description.ts';

/** What the graph answers for several rows: `columns` values a row, row after row, as `OnnxModel.runAll` gives them. */
export interface ModelOutput {
  readonly values: Float32Array;
  readonly columns: number;
}

/** A row's prediction, as the API answers it. */
export interface Answer {
  /** 1 or 0 for a binary model, the class of a multi-class one, the value of a regression. */
  readonly prediction: number | string;
  /** By class; absent for a regression. */
  readonly probabilities?: Readonly<Record<string, number>>;
}

/** The answer for one row of the graph's output. */
export function answerOf({ name, task, classes = [] }: Pick<ModelDescription, 'name' | 'task' | 'classes'>, { values, columns }: ModelOutput, row: number): Answer {
  const at = row * columns;
  switch (task) {
    case 'binary':
      // One column where the objective gives the probability of class 1 alone.
      requireColumns(name, columns, columns === 1 ? 1 : 2);
      return binaryAnswer(values[at + columns - 1]!);
    case 'multiclass':
      requireColumns(name, columns, classes.length);
      return classAnswer(classes, values.subarray(at, at + columns));
    case 'regression':
      requireColumns(name, columns, 1);
      return { prediction: values[at]! };
  }
}

/** The label comes from the probability, as in the evaluation: ONNX Runtime's own is wrong for some models. */
function binaryAnswer(probability: number): Answer {
  return { prediction: probability > 0.5 ? 1 : 0, probabilities: { '0': Math.fround(1 - probability), '1': probability } };
}

/** The most probable class, the first one of several. */
function classAnswer(classes: readonly string[], probabilities: Float32Array): Answer {
  const best = probabilities.reduce((winner, probability, index) => (probability > probabilities[winner]! ? index : winner), 0);
  return { prediction: classes[best]!, probabilities: Object.fromEntries(classes.map((name, index) => [name, probabilities[index]!])) };
}

function requireColumns(model: string, found: number, expected: number): void {
  if (found !== expected) throw new Error(`The model ${model} answers with ${String(found)} values a row, expected ${String(expected)}: its graph does not fit its model.json.`);
}
