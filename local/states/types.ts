/** A value that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [key: string]: Json;
}

/** What the caller knows of the execution: the start of the context object (`$$`, `$states.context`). */
export interface ExecutionContext {
  readonly Execution: {
    /** The execution's ARN. */
    readonly Id: string;
    readonly Name: string;
    readonly RoleArn: string;
    /** ISO 8601 with milliseconds, as AWS writes it. */
    readonly StartTime: string;
    /** 0 at first. */
    readonly RedriveCount?: number;
    /** ISO 8601; present once redriven. */
    readonly RedriveTime?: string;
  };
  readonly StateMachine: { readonly Id: string; readonly Name: string };
}

/** Where an execution stopped, as plain JSON: persist it and hand it back as `resumeFrom` to redrive. */
export interface ResumePoint {
  /** The state to run again. */
  readonly state: string;
  /** That state's raw input. */
  readonly input: Json;
  /** The variables of the state's own scope at that time. */
  readonly variables: JsonObject;
  /** The id of the event with which the state was entered: a redrive continues the state, it does not enter it again. */
  readonly enteredEventId: number;
  /** For Parallel and Map: how far each branch or iteration came; null where it had not started. */
  readonly children?: readonly (ChildProgress | null)[];
}

/** How far a branch of a Parallel state or an iteration of a Map state came. */
export type ChildProgress =
  | { readonly status: 'SUCCEEDED'; readonly output: Json }
  | { readonly status: 'STOPPED'; readonly resume: ResumePoint };

/** How an execution ended. */
export type ExecutionResult =
  | { readonly status: 'SUCCEEDED'; readonly output: Json }
  | {
      readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED';
      readonly error?: string;
      readonly cause?: string;
      /** Where a redrive continues. */
      readonly resume: ResumePoint;
    };

/** The reason to give `AbortController.abort`, so that error and cause of StopExecution reach the history. */
export interface AbortReason {
  readonly error?: string;
  readonly cause?: string;
}

/** Whether a value is a JSON object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
