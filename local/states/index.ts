export type * from './definition.ts';
export type * from './history-event.ts';
export type * from './ports.ts';
export type { AbortReason, ChildProgress, ExecutionContext, ExecutionResult, Json, JsonObject, ResumePoint } from './types.ts';
export { DefinitionError, TaskFailure, type DefinitionProblem } from './errors.ts';
export { runExecution, type ExecutionOptions } from './execution.ts';
export { parseResource, type TaskResource } from './task-resource.ts';
export { parseDefinition } from './validate.ts';
