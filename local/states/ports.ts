import type { Clock } from '../core/context.ts';
import type { HistoryEvent } from './history-event.ts';
import type { Json } from './types.ts';

/** What a task may know of its place in the execution. */
export interface TaskContext {
  readonly stateName: string;
  /** 0 at the first attempt. */
  readonly retryCount: number;
  readonly timeoutSeconds?: number;
  readonly heartbeatSeconds?: number;
  /** For `.waitForTaskToken` resources: the token that the arguments may carry. */
  readonly taskToken?: string;
  /** `Credentials.RoleArn` of the state: the role to assume in place of the state machine's. */
  readonly roleArn?: string;
  /** Aborts when the attempt timed out, a sibling branch failed, or the execution was stopped. */
  readonly signal: AbortSignal;
  /** For `.sync` resources: call it once with the answer of the call that started the job; it writes TaskSubmitted. */
  submitted(output: unknown): void;
}

/** How to wait for a task token. */
export interface TaskTokenWait {
  readonly stateName: string;
  /** Aborts when nobody waits any longer: the token is then no longer valid. */
  readonly signal: AbortSignal;
  /** Call it on each SendTaskHeartbeat. */
  heartbeat(): void;
}

/** The world as the interpreter sees it. */
export interface Ports {
  /**
   * Does a task's work and answers its result (JSON). Throw TaskFailure for a failure with a name;
   * anything else that is thrown ends the execution with States.Runtime.
   * @param resource the state's `Resource`
   * @param args the evaluated `Parameters`, `Arguments`, or the state's input
   */
  invokeTask(resource: string, args: Json, context: TaskContext): Promise<unknown>;
  /**
   * Waits for SendTaskSuccess (answers its output) or SendTaskFailure (throws TaskFailure). It is called
   * before invokeTask, since a task may answer before its invocation returns.
   */
  waitForTaskToken(token: string, wait: TaskTokenWait): Promise<unknown>;
  readonly clock: Clock;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  random(): number;
  /** Receives each event of the history in order, with ids from `firstEventId` on. */
  emit(event: HistoryEvent): void;
}
