import type { Answer } from '../answer.ts';
import type { ModelDescription } from '../description.ts';

/** A model's classes in the order in which formats without names give their probabilities; none for a regression. */
export function classesOf({ task, classes = [] }: Pick<ModelDescription, 'task' | 'classes'>): readonly string[] {
  return task === 'binary' ? ['0', '1'] : task === 'multiclass' ? classes : [];
}

/** An answer's probabilities in the order of the classes. By name: an object lists names that look like numbers in an order of its own. */
export function probabilitiesOf({ probabilities }: Answer, description: Pick<ModelDescription, 'task' | 'classes'>): number[] {
  return classesOf(description).map((name) => probabilities![name]!);
}

/** Answers as an array: the value of a regression a row, else the probabilities a row. They are float32 already. */
export function matrixOf(answers: readonly Answer[], description: ModelDescription): { values: Float32Array; shape: readonly number[] } {
  const { length: columns } = classesOf(description);
  if (columns === 0) return { values: Float32Array.from(answers, ({ prediction }) => prediction as number), shape: [answers.length] };
  return { values: Float32Array.from(answers.flatMap((answer) => probabilitiesOf(answer, description))), shape: [answers.length, columns] };
}

/** float32 as little-endian bytes, which is what every machine that Node runs on has. */
export function float32Bytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
