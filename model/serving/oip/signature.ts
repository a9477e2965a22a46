import type { ColumnSpec, ColumnType } from '../../spec/dataset.ts';
import type { Answer } from '../answer.ts';
import { classesOf, probabilitiesOf } from '../formats/answers.ts';
import type { ModelDescription } from '../description.ts';
import type { Element } from './datatypes.ts';

/** A tensor as the metadata of a model tell of it; -1 is the number of rows. */
export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

const integers = ['INT64', 'INT32', 'INT16', 'INT8', 'UINT64', 'UINT32', 'UINT16', 'UINT8'] as const;
const floats = ['FP64', 'FP32', 'FP16'] as const;

/** The datatypes that a column's tensor may have, the one that its metadata name first. */
export const columnDatatypes: Readonly<Record<ColumnType, readonly string[]>> = {
  number: [...floats, ...integers],
  integer: [...integers, ...floats],
  boolean: ['BOOL'],
  string: ['BYTES'],
  timestamp: ['BYTES'],
};

/** The input tensors: one a column of a request, of a value a row. */
export function inputsOf(columns: readonly ColumnSpec[]): TensorMetadata[] {
  return columns.map(({ name, type }) => ({ name, datatype: columnDatatypes[type][0]!, shape: [-1, 1] }));
}

/** An output tensor, and how it is made of answers. */
export interface Output extends TensorMetadata {
  elements(answers: readonly Answer[]): Element[];
}

/** The output tensors: the prediction, and where the model tells classes apart their probabilities, in the order in which `/model/info` lists them. */
export function outputsOf(description: Pick<ModelDescription, 'task' | 'classes'>): readonly Output[] {
  const classes = classesOf(description);
  const datatype = ({ binary: 'INT64', multiclass: 'BYTES', regression: 'FP32' } as const)[description.task];
  const prediction: Output = { name: 'prediction', datatype, shape: [-1], elements: (answers) => answers.map((answer) => answer.prediction) };
  if (classes.length === 0) return [prediction];
  return [prediction, { name: 'probabilities', datatype: 'FP32', shape: [-1, classes.length], elements: (answers) => answers.flatMap((answer) => probabilitiesOf(answer, description)) }];
}
