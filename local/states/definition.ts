import type { Json, JsonObject } from './types.ts';

/** How a state selects and computes its data. */
export type QueryLanguage = 'JSONPath' | 'JSONata';

/** A set of states with its start: a state machine, a branch of a Parallel state, the processor of a Map state. */
export interface Flow {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly QueryLanguage?: QueryLanguage;
}

/** A state machine's definition, checked by `parseDefinition`. */
export interface StateMachine extends Flow {
  readonly TimeoutSeconds?: number;
  readonly Comment?: string;
  readonly Version?: string;
}

/** One entry of `Retry`. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

/** One entry of `Catch`. */
export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
  readonly Assign?: JsonObject;
  readonly Output?: Json;
}

interface Common {
  readonly QueryLanguage?: QueryLanguage;
  readonly Comment?: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
  readonly Assign?: JsonObject;
  readonly Output?: Json;
}

/** What Task, Parallel and Map share. */
export interface Fallible extends Common {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Parameters?: Json;
  readonly Arguments?: Json;
  readonly ResultSelector?: JsonObject;
  readonly ResultPath?: string | null;
}

/** Passes its input on, or a fixed result. */
export interface PassState extends Common {
  readonly Type: 'Pass';
  readonly Result?: Json;
  readonly Parameters?: Json;
  readonly ResultPath?: string | null;
}

/** Does work outside the state machine. */
export interface TaskState extends Fallible {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly TimeoutSeconds?: number | string;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number | string;
  readonly HeartbeatSecondsPath?: string;
  readonly Credentials?: JsonObject;
}

/** A condition of a Choice state and where it leads. */
export interface ChoiceRule extends JsonObject {
  Next: string;
}

/** Branches on its input. */
export interface ChoiceState extends Common {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

/** Waits for a while or until a moment. */
export interface WaitState extends Common {
  readonly Type: 'Wait';
  readonly Seconds?: number | string;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
}

/** Ends its flow well. */
export interface SucceedState extends Common {
  readonly Type: 'Succeed';
}

/** Ends its flow with an error. */
export interface FailState extends Common {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

/** Runs its branches at the same time. */
export interface ParallelState extends Fallible {
  readonly Type: 'Parallel';
  readonly Branches: readonly Flow[];
}

/** Runs one flow per item of an array. */
export interface MapState extends Fallible {
  readonly Type: 'Map';
  readonly ItemProcessor?: Flow & { readonly ProcessorConfig?: { readonly Mode?: string } };
  /** The older name of ItemProcessor. */
  readonly Iterator?: Flow & { readonly ProcessorConfig?: { readonly Mode?: string } };
  readonly Items?: Json;
  readonly ItemsPath?: string;
  readonly ItemSelector?: JsonObject | string;
  readonly MaxConcurrency?: number | string;
  readonly MaxConcurrencyPath?: string;
  readonly ToleratedFailureCount?: number | string;
  readonly ToleratedFailureCountPath?: string;
  readonly ToleratedFailurePercentage?: number | string;
  readonly ToleratedFailurePercentagePath?: string;
}

/** Any state. */
export type State = PassState | TaskState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;
