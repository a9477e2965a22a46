import type { Fallible, Flow, State } from './definition.ts';
import { checkSize, recover } from './dataflow.ts';
import { EvaluationError, runtimeError, StatesError, TaskFailure } from './errors.ts';
import { ChildrenStopped, Stopped } from './interruption.ts';
import { findCatcher, RetryBudget } from './retry.ts';
import { runState } from './run-state.ts';
import type { Json, JsonObject, ResumePoint } from './types.ts';
import type { Frame, Outcome, Visit } from './visit.ts';

/** AWS's limit to the events of one execution. */
const historyLimit = 25_000;

const whole = { truncated: false };

/** Runs a flow from its start, or from where it stopped, to its end. Throws Stopped. */
export async function runFlow(flow: Flow, input: Json, frame: Frame, resume?: ResumePoint): Promise<Json> {
  let name = resume?.state ?? flow.StartAt;
  let data = resume?.input ?? input;
  let again = resume;
  for (;;) {
    const visit = enter(name, flow, data, frame, again);
    again = undefined;
    const outcome = await attempt(visit);
    exit(visit, outcome);
    data = outcome.output;
    const next = outcome.next ?? visit.state.Next;
    if (next === undefined) return data;
    name = next;
  }
}

function enter(name: string, flow: Flow, input: Json, frame: Frame, resume: ResumePoint | undefined): Visit {
  const state = flow.States[name];
  if (state === undefined) throw new Error(`The flow has no state '${name}'; its states are ${Object.keys(flow.States).join(', ')}.`);
  const { run, trail } = frame;
  // A redrive continues the state that was entered before.
  const enteredEventId =
    resume?.enteredEventId ??
    run.history.add(trail, `${state.Type}StateEntered`, {
      stateEnteredEventDetails: { name, input: JSON.stringify(input), inputDetails: whole },
    });
  return {
    frame,
    name,
    state,
    input,
    enteredEventId,
    language: state.QueryLanguage ?? frame.language,
    enteredTime: run.ports.clock.now().toISOString(),
    ...(resume === undefined ? {} : { resume }),
    ...(state.Type === 'Task' || state.Type === 'Parallel' || state.Type === 'Map' ? { retryCount: 0 } : {}),
  };
}

function exit({ frame, name, state }: Visit, { output, assign }: Outcome): void {
  if (state.Type === 'Fail') return;
  const variables = assign !== undefined && Object.keys(assign).length > 0 ? assign : undefined;
  frame.run.history.add(frame.trail, `${state.Type}StateExited`, {
    stateExitedEventDetails: {
      name,
      output: JSON.stringify(output),
      outputDetails: whole,
      ...(variables === undefined
        ? {}
        : { assignedVariables: asTexts(variables), assignedVariablesDetails: whole }),
    },
  });
  if (variables !== undefined) frame.variables.assign(variables);
}

function asTexts(variables: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, JSON.stringify(value)]));
}

/** Runs a state with its retries and its Catch; whatever stops it ends the flow with the place to resume at. */
async function attempt(visit: Visit): Promise<Outcome> {
  const { Retry, Catch } = visit.state as Fallible;
  const { ports } = visit.frame.run;
  const budget = new RetryBudget(Retry);
  try {
    for (;;) {
      try {
        return await once(visit);
      } catch (thrown) {
        const failure = failureOf(thrown);
        if (failure === undefined) throw thrown;
        const delay = budget.next(failure, ports.random);
        if (delay === undefined) {
          reportFailed(visit, failure);
          const catcher = findCatcher(Catch, failure);
          if (catcher === undefined) throw thrown;
          return await caught(visit, failure, catcher);
        }
        visit.retryCount = (visit.retryCount ?? 0) + 1;
        await ports.clock.sleep(delay, visit.frame.signal);
      }
    }
  } catch (thrown) {
    throw stop(visit, thrown);
  }
}

async function once(visit: Visit): Promise<Outcome> {
  visit.frame.signal.throwIfAborted();
  if (visit.enteredEventId > historyLimit) {
    throw new StatesError('States.Runtime', `The execution reached the maximum number of history events (${historyLimit}).`, 'never');
  }
  return located(visit, async () => {
    const outcome = await runState(visit);
    checkSize(visit, outcome);
    return outcome;
  });
}

async function caught(visit: Visit, failure: TaskFailure, catcher: NonNullable<Fallible['Catch']>[number]): Promise<Outcome> {
  const error: JsonObject = {
    ...(failure.error === undefined ? {} : { Error: failure.error }),
    ...(failure.cause === undefined ? {} : { Cause: failure.cause }),
  };
  return located(visit, async () => {
    const outcome = { ...(await recover(visit, catcher, error)), next: catcher.Next };
    checkSize(visit, outcome);
    return outcome;
  });
}

/** Says, with an error of evaluation, in which state it happened. */
async function located<T>(visit: Visit, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    // A malformed path or function; definitions that were checked have none, but a path may come from elsewhere.
    const error = thrown instanceof SyntaxError ? runtimeError(thrown.message) : thrown;
    if (!(error instanceof EvaluationError)) throw error;
    const cause = `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.enteredEventId}). ${error.cause ?? ''}`;
    const name = error.error as `States.${string}`;
    if (name === 'States.QueryEvaluationError') {
      visit.frame.run.history.add(visit.frame.trail, 'EvaluationFailed', {
        evaluationFailedEventDetails: { error: name, cause, state: visit.name, ...(error.location === undefined ? {} : { location: error.location }) },
      });
    }
    throw new StatesError(name, cause, error.reach);
  }
}

function failureOf(thrown: unknown): TaskFailure | undefined {
  const reason = thrown instanceof ChildrenStopped ? thrown.reason : thrown;
  return reason instanceof TaskFailure ? reason : undefined;
}

function reportFailed({ state, frame }: Visit<State>, failure: TaskFailure): void {
  // AWS writes no event of its own where States.Runtime keeps the state from starting.
  if (failure instanceof StatesError && failure.reach === 'never') return;
  if (state.Type === 'Parallel' || state.Type === 'Map') frame.run.history.add(frame.trail, `${state.Type}StateFailed`);
}

function stop(visit: Visit, thrown: unknown): Stopped {
  const place = { state: visit.name, input: visit.input, variables: visit.frame.variables.snapshot(), enteredEventId: visit.enteredEventId };
  if (thrown instanceof ChildrenStopped) return new Stopped(thrown.reason, { ...place, children: thrown.children });
  return new Stopped(thrown, place);
}
