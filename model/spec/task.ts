import type { LabelKind, LabelSpec } from './dataset.ts';

/** What a model learns to do. */
export type Task = 'binary' | 'multiclass' | 'regression';

/** The task that a label asks for. */
export function taskOf(label: LabelSpec): Task {
  return tasks[label.kind];
}

const tasks: Readonly<Record<LabelKind, Task>> = { above: 'binary', binary: 'binary', category: 'multiclass', number: 'regression' };
