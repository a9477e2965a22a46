import { DescribeExecutionCommand, paginateGetExecutionHistory, type HistoryEvent, type SFNClient } from '@aws-sdk/client-sfn';
import { setTimeout as sleep } from 'node:timers/promises';

/** A state of a run, as its history tells. */
export interface StateProgress {
  readonly name: string;
  /**
   * `waiting` once somebody outside was asked, whose answer it waits for; `failed` when it went to a Catch, ended the execution, or
   * found a `failure` itself, as a Choice does.
   */
  readonly status: 'entered' | 'waiting' | 'succeeded' | 'failed';
  /** From entering to leaving. 0 when just entered. */
  readonly seconds: number;
  /** How many Parallel and Map states it stands in. */
  readonly depth: number;
  /** The variables that the state assigned, parsed. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Looks closer at what a run's tasks have started. */
export interface RunWatch {
  /** A task has started a job, and this is what its service answered. */
  submitted(state: string, output: unknown): void;
  /** Called each time the history has been read. */
  tick(): Promise<void>;
}

/** How a run ended. */
export interface RunEnd {
  readonly status: string;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

const failures = ['TaskFailed', 'TaskTimedOut', 'TaskSubmitFailed', 'TaskStartFailed', 'LambdaFunctionFailed', 'LambdaFunctionTimedOut', 'ParallelStateFailed', 'EvaluationFailed'];

/** How to follow. */
export interface FollowOptions {
  readonly pollMs: number;
  /** Whether to leave a run that waits for somebody outside: it is then returned as `RUNNING`. */
  readonly detach?: boolean;
  readonly watch?: RunWatch;
}

/** Follows an execution to its end: reports each state as it is entered and left, and returns how the execution ended. */
export async function follow(client: SFNClient, executionArn: string, report: (state: StateProgress) => void, { pollMs, detach, watch }: FollowOptions): Promise<RunEnd> {
  let waits = false;
  const reader = new HistoryReader((state) => {
    if (state.status !== 'entered') waits = state.status === 'waiting';
    report(state);
  }, watch);
  for (;;) {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    // Described before the history is read: what ended it is then in what is read next.
    for await (const page of paginateGetExecutionHistory({ client }, { executionArn, includeExecutionData: true, maxResults: 1000 })) {
      for (const event of page.events ?? []) reader.read(event);
    }
    if (execution.status !== 'RUNNING') {
      return {
        status: execution.status ?? 'UNKNOWN',
        ...(execution.output === undefined ? {} : { output: JSON.parse(execution.output) as unknown }),
        ...(execution.error === undefined ? {} : { error: execution.error }),
        ...(execution.cause === undefined ? {} : { cause: messageOf(execution.cause) }),
      };
    }
    if (waits && detach === true) return { status: 'RUNNING' };
    await watch?.tick();
    await sleep(pollMs);
  }
}

/** The message of a cause: Lambda wraps it in JSON. */
export function messageOf(cause: string): string {
  try {
    const parsed = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof parsed.errorMessage === 'string' ? parsed.errorMessage : cause;
  } catch {
    return cause; // plain words
  }
}

interface EnteredState {
  readonly name: string;
  readonly at: number;
  readonly depth: number;
  failed: boolean;
}

/** Turns history events, each read once and in order, into the progress of states. */
export class HistoryReader {
  readonly #report: (state: StateProgress) => void;
  readonly #watch: Pick<RunWatch, 'submitted'> | undefined;
  /** For each event, the entering event of the state to which it belongs. */
  readonly #enteredBy = new Map<number, EnteredState>();
  #last = 0;
  #depth = 0;

  constructor(report: (state: StateProgress) => void, watch?: Pick<RunWatch, 'submitted'>) {
    this.#report = report;
    this.#watch = watch;
  }

  read(event: HistoryEvent): void {
    const id = event.id ?? 0;
    if (id <= this.#last) return;
    this.#last = id;
    const at = event.timestamp?.getTime() ?? 0;
    if (event.stateEnteredEventDetails !== undefined) {
      const name = event.stateEnteredEventDetails.name ?? '';
      this.#enteredBy.set(id, { name, at, depth: this.#depth, failed: false });
      this.#report({ name, status: 'entered', seconds: 0, depth: this.#depth, variables: {} });
      if (/^(Parallel|Map)/.test(event.type ?? '')) this.#depth += 1;
      return;
    }
    const state = this.#stateOf(event);
    if (state === undefined) return;
    this.#enteredBy.set(id, state);
    if (event.taskSubmittedEventDetails?.output !== undefined) this.#watch?.submitted(state.name, JSON.parse(event.taskSubmittedEventDetails.output));
    if (failures.includes(event.type ?? '')) state.failed = true;
    // A retry starts over.
    if (['TaskScheduled', 'LambdaFunctionScheduled'].includes(event.type ?? '')) state.failed = false;
    if (event.taskSubmittedEventDetails?.resource?.endsWith('.waitForTaskToken') === true) {
      this.#report({ name: state.name, status: 'waiting', seconds: (at - state.at) / 1000, depth: state.depth, variables: {} });
    }
    if (event.stateExitedEventDetails !== undefined || event.type === 'ExecutionFailed') {
      this.#depth = state.depth;
      const variables = parsed(event.stateExitedEventDetails?.assignedVariables ?? {});
      const status = state.failed || 'failure' in variables ? 'failed' : 'succeeded';
      this.#report({ name: state.name, status, seconds: (at - state.at) / 1000, depth: state.depth, variables });
    }
  }

  #stateOf(event: HistoryEvent): EnteredState | undefined {
    const exited = event.stateExitedEventDetails?.name;
    const state = this.#enteredBy.get(event.previousEventId ?? 0);
    if (exited === undefined || state?.name === exited) return state;
    // A Parallel's exit follows the last event of a branch: the latest entering of that name is meant.
    return [...this.#enteredBy.values()].findLast((candidate) => candidate.name === exited);
  }
}

function parsed(variables: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, JSON.parse(value) as unknown]));
}
