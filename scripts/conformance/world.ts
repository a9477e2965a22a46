import type { Clock } from '../../local/core/context.ts';
import { TaskFailure, type Json, type Ports, type TaskContext } from '../../local/states/index.ts';
import { eventsOf, type RecordedCase, type RecordedEvent } from './recording.ts';

const FOREVER_MS = 1e14;

type Behaviour = (input: Json, clock: Clock, signal: AbortSignal) => Promise<Json>;

/** The functions that the recorded tests deployed, by the name that the recording gives them (`@@id_function.py@@`). */
const behaviours: Readonly<Record<string, Behaviour>> = {
  'id_function.py': (input) => Promise.resolve(input),
  'raise_exception.py': () => Promise.reject(pythonError('Exception', 'Some exception was raised.', 2, 'raise Exception("Some exception was raised.")')),
  'raise_custom_exception.py': () => Promise.reject(pythonError('CustomException', '', 9, 'raise CustomException()')),
  'large_output_string.py': () => Promise.resolve('a'.repeat(300_000)),
  'wait_60_seconds.py': async (_input, clock, signal) => {
    await clock.sleep(60_000, signal);
    return null;
  },
};

function pythonError(errorType: string, errorMessage: string, line: number, code: string): TaskFailure {
  const stackTrace = [`  File "/var/task/handler.py", line ${line}, in handler\n    ${code}\n`];
  return new TaskFailure(errorType, JSON.stringify({ errorMessage, errorType, requestId: 'recorded', stackTrace }));
}

interface Attempt {
  /** Undefined where the recording lost the events' ids (it does in Parallel states): then any task's. */
  readonly stateName: string | undefined;
  /** How the attempt ended, where it did. */
  readonly end: RecordedEvent | undefined;
  readonly submitted: RecordedEvent | undefined;
}

/** Why a case's world cannot be rebuilt. */
export class UnknownWorld extends Error {}

/**
 * The ports of a recorded case: a function whose behaviour is known behaves so; any other task answers what it
 * answered when it was recorded.
 */
export function worldOf(recorded: RecordedCase, clock: Clock): Omit<Ports, 'emit'> {
  const attempts = attemptsOf(eventsOf(recorded));
  const invokeTask = async (resource: string, args: Json, context: TaskContext): Promise<unknown> => {
    const behaviour = behaviourOf(resource) ?? behaviourOf(functionOf(args));
    if (behaviour !== undefined && resource.includes(':lambda:') && !resource.includes(':states:::')) return behaviour(args, clock, context.signal);
    const attempt = take(attempts, context.stateName);
    const payload = behaviour === undefined ? undefined : await behaviour(payloadOf(args), clock, context.signal);
    return replay(attempt, clock, context, payload);
  };
  return {
    clock,
    invokeTask,
    random: () => 0.5,
    waitForTaskToken: (_token, { signal }) => clock.sleep(FOREVER_MS, signal),
  };
}

function behaviourOf(name: string): Behaviour | undefined {
  return behaviours[/@@(.+)@@/.exec(name)?.[1] ?? ''];
}

function functionOf(args: Json): string {
  const name = typeof args === 'object' && args !== null && !Array.isArray(args) ? args['FunctionName'] : undefined;
  return typeof name === 'string' ? name : '';
}

function payloadOf(args: Json): Json {
  return (args as { Payload?: Json }).Payload ?? {};
}

function take(attempts: Attempt[], stateName: string): Attempt {
  const index = attempts.findIndex((attempt) => attempt.stateName === undefined || attempt.stateName === stateName);
  const [attempt] = index < 0 ? [] : attempts.splice(index, 1);
  if (attempt === undefined) throw new UnknownWorld(`the recording does not tell what the task '${stateName}' answered`);
  return attempt;
}

async function replay({ end, submitted }: Attempt, clock: Clock, { signal, submitted: tell }: TaskContext, payload: Json | undefined): Promise<unknown> {
  if (submitted !== undefined) tell(parsed(detail(submitted, 'output')));
  if (end === undefined || end.type.endsWith('TimedOut')) {
    await clock.sleep(FOREVER_MS, signal);
    throw new Error('The interpreter waited for ever.');
  }
  if (end.type.endsWith('Succeeded')) {
    const output = parsed(detail(end, 'output'));
    return payload === undefined ? output : { ...(output as object), Payload: payload };
  }
  const cause = detail(end, 'cause');
  throw new TaskFailure(detail(end, 'error') as string, typeof cause === 'string' || cause === undefined ? cause : JSON.stringify(cause));
}

/** The recorder parsed outputs that are objects and left the others as JSON text. */
function parsed(output: unknown): unknown {
  if (typeof output !== 'string') return output;
  try {
    return JSON.parse(output) as unknown;
  } catch {
    return output; // a placeholder
  }
}

function detail({ type, ...members }: RecordedEvent, name: string): unknown {
  const details = members[`${type[0]?.toLowerCase()}${type.slice(1)}EventDetails`] as Record<string, unknown> | undefined;
  return details?.[name];
}

/** The recorded attempts of tasks, in the order in which they were scheduled. */
function attemptsOf(events: readonly RecordedEvent[]): Attempt[] {
  if (events.some(({ id }) => typeof id !== 'number')) {
    return events.filter(({ type }) => /^(Task|LambdaFunction)(Succeeded|Failed|TimedOut)$/.test(type)).map((end) => ({ stateName: undefined, submitted: undefined, end }));
  }
  const byId = new Map(events.map((event) => [event.id, event]));
  const stateNameOf = (event: RecordedEvent): string => {
    const details = event['stateEnteredEventDetails'] as { name: string } | undefined;
    const before = byId.get(event.previousEventId);
    return details?.name ?? (before === undefined ? '' : stateNameOf(before));
  };
  const after = (event: RecordedEvent | undefined, ...ends: string[]): RecordedEvent | undefined =>
    event && events.find(({ previousEventId, type }) => previousEventId === event.id && ends.some((end) => type === `Task${end}` || type === `LambdaFunction${end}`));
  return events
    .filter(({ type }) => type === 'TaskScheduled' || type === 'LambdaFunctionScheduled')
    .map((scheduled) => {
      const started = after(scheduled, 'Started');
      const submitted = after(started, 'Submitted');
      return { stateName: stateNameOf(scheduled), submitted, end: after(submitted ?? started, 'Succeeded', 'Failed', 'TimedOut') };
    });
}
