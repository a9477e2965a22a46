import type { Ports } from './ports.ts';
import type { ExecutionContext, Json, ResumePoint } from './types.ts';
import type { StateMachine } from './definition.ts';

/** What an execution needs. */
export interface ExecutionOptions {
  /** A definition that `parseDefinition` accepted. */
  readonly definition: StateMachine;
  readonly input: Json;
  readonly context: ExecutionContext;
  readonly ports: Ports;
  /** Abort it (with an AbortReason) to stop the execution. */
  readonly signal?: AbortSignal;
  /** Continues a stopped execution in place of starting one. */
  readonly resumeFrom?: ResumePoint;
  /** The id of the first event: 1, or one more than the last id of the execution that is redriven. */
  readonly firstEventId?: number;
}
