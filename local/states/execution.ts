import { machineTime } from '../core/clock.ts';
import type { StateMachine } from './definition.ts';
import { TaskFailure } from './errors.ts';
import { runFlow } from './flow.ts';
import { History, type Trail } from './history.ts';
import { Interruption, Stopped } from './interruption.ts';
import type { Ports } from './ports.ts';
import type { AbortReason, ExecutionContext, ExecutionResult, Json, ResumePoint } from './types.ts';
import { Variables } from './variables.ts';
import type { Frame } from './visit.ts';

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

const whole = { truncated: false };

/** Runs an execution to its end. It rejects only where the interpreter itself or a port is broken. */
export async function runExecution(options: ExecutionOptions): Promise<ExecutionResult> {
  const { definition, input, context, ports, signal, resumeFrom, firstEventId = 1 } = options;
  const history = new History(firstEventId, ports.clock, (event) => {
    ports.emit(event);
  });
  const control = new AbortController();
  const over = new AbortController();
  const trail: Trail = { last: firstEventId - 1 };
  const frame: Frame = {
    run: { context, input, ports, history, runFlow },
    language: definition.QueryLanguage ?? 'JSONPath',
    variables: new Variables(undefined, resumeFrom?.variables),
    trail,
    signal: control.signal,
  };
  begin(frame, resumeFrom);
  watch(signal, definition.TimeoutSeconds, control, over.signal, ports);
  try {
    const output = await runFlow(definition, input, frame, resumeFrom);
    history.add(trail, 'ExecutionSucceeded', { executionSucceededEventDetails: { output: JSON.stringify(output), outputDetails: whole } });
    return { status: 'SUCCEEDED', output };
  } catch (thrown) {
    if (!(thrown instanceof Stopped)) throw thrown;
    return end(frame, thrown);
  } finally {
    over.abort(new Error('The execution is over.'));
  }
}

function begin({ run, trail }: Frame, resumeFrom: ResumePoint | undefined): void {
  const { Execution } = run.context;
  if (resumeFrom !== undefined) {
    run.history.add(trail, 'ExecutionRedriven', { executionRedrivenEventDetails: { redriveCount: Execution.RedriveCount ?? 0 } });
    return;
  }
  run.history.beside(trail, 'ExecutionStarted', {
    executionStartedEventDetails: { input: JSON.stringify(run.input), inputDetails: whole, roleArn: Execution.RoleArn },
  });
}

/** Turns the caller's signal and the state machine's own timeout into an Interruption. */
function watch(signal: AbortSignal | undefined, timeoutSeconds: number | undefined, control: AbortController, over: AbortSignal, ports: Ports): void {
  const abort = (): void => {
    const { error, cause } = abortReason(signal?.reason);
    control.abort(new Interruption('ABORTED', error, cause));
  };
  if (signal?.aborted === true) abort();
  else signal?.addEventListener('abort', abort, { once: true, signal: over });
  if (timeoutSeconds === undefined) return;
  // Most of an execution's time is its programs', which a fast clock does not make faster.
  ports.clock.sleep(machineTime(ports.clock, timeoutSeconds * 1000), over).then(
    () => {
      control.abort(new Interruption('TIMED_OUT'));
    },
    () => {
      // The execution was over first.
    },
  );
}

/** AbortController's own default reason is an error that says nothing of the execution. */
function abortReason(reason: unknown): AbortReason {
  return typeof reason === 'object' && reason !== null && !(reason instanceof Error) ? reason : {};
}

function end({ run, trail }: Frame, { reason, resume }: Stopped): ExecutionResult {
  const { history } = run;
  if (!(reason instanceof TaskFailure) && !(reason instanceof Interruption)) throw reason;
  const { error, cause } = reason;
  const details = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
  if (reason instanceof TaskFailure) {
    history.add(trail, 'ExecutionFailed', { executionFailedEventDetails: details });
    return { status: 'FAILED', ...details, resume };
  }
  if (reason.kind === 'TIMED_OUT') {
    history.add(trail, 'ExecutionTimedOut', { executionTimedOutEventDetails: details });
    return { status: 'TIMED_OUT', ...details, resume };
  }
  history.add(trail, 'ExecutionAborted', { executionAbortedEventDetails: details });
  return { status: 'ABORTED', ...details, resume };
}
