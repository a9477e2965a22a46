/** A value of a definition: JSON, in which a text between `{%` and `%}` is a JSONata expression. */
export type AslValue = string | number | boolean | null | readonly AslValue[] | { readonly [key: string]: AslValue | undefined };

/** When a failed task is tried again. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL';
}

/** Where a failure goes, and what is kept of it. */
export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Assign?: Readonly<Record<string, AslValue>>;
  readonly Next: string;
}

/** What each state of ours has. */
export interface StateFields {
  /** For the person who reads the run in the console. */
  readonly Comment: string;
  readonly Assign?: Readonly<Record<string, AslValue>>;
  readonly Output?: AslValue;
  readonly Next?: string;
  readonly End?: true;
}

/** A state that does work. */
export interface TaskState extends StateFields {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments: AslValue;
  readonly TimeoutSeconds: number;
  readonly Retry: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

/** A state that decides where the run goes. */
export interface ChoiceState extends StateFields {
  readonly Type: 'Choice';
  readonly Choices: readonly {
    readonly Condition: string;
    readonly Next: string;
    readonly Assign?: Readonly<Record<string, AslValue>>;
  }[];
  readonly Default?: string;
}

/** A state that does several things at once. */
export interface ParallelState extends StateFields {
  readonly Type: 'Parallel';
  readonly Branches: readonly { readonly StartAt: string; readonly States: Readonly<Record<string, State>> }[];
  readonly Catch?: readonly Catcher[];
}

/** A state that lets time pass. */
export interface WaitState extends StateFields {
  readonly Type: 'Wait';
  /** A number, or an expression of one. */
  readonly Seconds: number | string;
}

/** A state that ends the run well. */
export interface SucceedState {
  readonly Type: 'Succeed';
  readonly Comment: string;
  readonly Output: AslValue;
}

/** A state that ends the run as failed. */
export interface FailState {
  readonly Type: 'Fail';
  readonly Comment: string;
  readonly Error: string;
  readonly Cause: string;
}

/** Any state that our machines use. */
export type State = TaskState | ChoiceState | ParallelState | WaitState | SucceedState | FailState;

/** A state machine as Amazon States Language writes it. */
export interface StateMachineDefinition {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly TimeoutSeconds: number;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}
