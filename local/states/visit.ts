import type { Flow, QueryLanguage, State } from './definition.ts';
import type { History, Trail } from './history.ts';
import type { Ports } from './ports.ts';
import type { ExecutionContext, Json, JsonObject, ResumePoint } from './types.ts';
import type { Variables } from './variables.ts';

/** What is the same throughout an execution. */
export interface Run {
  readonly context: ExecutionContext;
  /** The execution's own input, for the context object. */
  readonly input: Json;
  readonly ports: Ports;
  readonly history: History;
  /** Runs a flow of states to its end; states with inner flows call it. */
  readonly runFlow: (flow: Flow, input: Json, frame: Frame, resume?: ResumePoint) => Promise<Json>;
}

/** The iteration of a Map state in which a flow runs. */
export interface MapItem {
  readonly Index: number;
  readonly Value: Json;
}

/** What a flow of states runs in: its scope of variables, its chain of events, its signal. */
export interface Frame {
  readonly run: Run;
  readonly language: QueryLanguage;
  readonly variables: Variables;
  readonly trail: Trail;
  /** Aborts with an Interruption. */
  readonly signal: AbortSignal;
  readonly item?: MapItem;
}

/** One state while it runs. */
export interface Visit<S extends State = State> {
  readonly frame: Frame;
  readonly name: string;
  readonly state: S;
  readonly language: QueryLanguage;
  /** The raw input. */
  readonly input: Json;
  /** ISO 8601. */
  readonly enteredTime: string;
  readonly enteredEventId: number;
  /** Grows with each retry; undefined in states that cannot be retried. */
  retryCount?: number;
  /** The token of the attempt, for `.waitForTaskToken`. */
  taskToken?: string;
  /** Present where the state is the one at which a redrive continues. */
  readonly resume?: ResumePoint;
}

/** What a state leads to. */
export interface Outcome {
  readonly output: Json;
  /** Variables to assign. */
  readonly assign?: JsonObject;
  /** The next state where it is not the state's own `Next`. */
  readonly next?: string;
}
