import type { FittedFeature } from '../features/fitted.ts';
import type { DatasetSpec, LabelSpec } from '../spec/dataset.ts';
import { taskOf } from '../spec/task.ts';
import type { Task } from '../spec/task.ts';

/** An input or output of the ONNX graph. */
export interface GraphTensor {
  readonly name: string;
  readonly type: 'float' | 'string';
}

/** `model.json`: what serving needs to know of a model besides its graph. */
export interface ModelDescription {
  readonly version: 1;
  readonly name: string;
  readonly schema: DatasetSpec;
  readonly features: readonly FittedFeature[];
  /** What the model does; follows the schema's label. */
  readonly task: Task;
  /** For `multiclass`: the classes in the order of the graph's probabilities. */
  readonly classes?: readonly string[];
  /** XGBoost's name, such as `binary:logistic`; only trees have one. */
  readonly objective?: string;
  /** What trained it: program and version. */
  readonly trainer: string;
  /** ISO 8601, UTC. */
  readonly trainedAt: string;
  /** The revision of the code that declared the pipeline, where the app was told. */
  readonly gitCommit?: string;
  /** Boosting rounds in the graph, which only trees have. */
  readonly rounds?: number;
  /** That the compiled trees of this version were compared with the graph on ONNX Runtime, on so many rows, and no bit differed. Absent where it was not. */
  readonly compiled?: { readonly version: number; readonly rows: number };
  readonly graph: { readonly inputs: readonly GraphTensor[]; readonly outputs: readonly GraphTensor[] };
}

/** @throws Error that names the first field that is not as it should be */
export function parseModelDescription(json: string): ModelDescription {
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null) throw new Error(`model.json is ${value === null ? 'null' : typeof value}, expected an object.`);
  const description = value as Record<string, unknown>;
  if (description['version'] !== 1) throw new Error(`model.json: version is ${JSON.stringify(description['version'])}, expected 1. The model was made by another version of Slipway.`);
  for (const [field, type] of Object.entries(fieldTypes)) {
    const found = Array.isArray(description[field]) ? 'array' : typeof description[field];
    if (found !== type) throw new Error(`model.json: ${field} is ${found}, expected ${type}.`);
  }
  return { ...(value as ModelDescription), task: checkedTask(description) };
}

/** Models from before there were tasks have none in their file: it is their label's. */
function checkedTask({ task, classes, schema }: Record<string, unknown>): Task {
  const expected = taskOf((schema as { label: LabelSpec }).label);
  if (task !== undefined && task !== expected) throw new Error(`model.json: task is ${JSON.stringify(task)}, expected '${expected}' as the label has it.`);
  if (expected !== 'multiclass') return expected;
  const found: readonly unknown[] = Array.isArray(classes) ? classes : [];
  if (found.length < 2 || new Set(found).size < found.length || found.some((name) => typeof name !== 'string')) {
    throw new Error(`model.json: classes is ${JSON.stringify(classes)}, expected at least two different texts, since the model tells classes apart.`);
  }
  return expected;
}

const fieldTypes = { name: 'string', schema: 'object', features: 'array', trainer: 'string', trainedAt: 'string', graph: 'object' };
