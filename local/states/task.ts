import { randomUUID } from 'node:crypto';
import { machineTime } from '../core/clock.ts';
import { bindingsOf, conclude, effectiveInput, fill, workInput } from './dataflow.ts';
import { within, type Deadlines } from './deadline.ts';
import type { TaskState } from './definition.ts';
import { runtimeError, StatesError, TaskFailure } from './errors.ts';
import { Interruption } from './interruption.ts';
import { evaluateTemplate } from './jsonata.ts';
import { dataLimitCause, exceedsDataLimit } from './limits.ts';
import { numberField } from './number-field.ts';
import type { TaskContext } from './ports.ts';
import { TaskEvents } from './task-events.ts';
import { parseResource, type TaskResource } from './task-resource.ts';
import type { Json } from './types.ts';
import type { Outcome, Visit } from './visit.ts';

const longestSeconds = 99_999_999;

/** A Task state: work outside, done by the port. */
export async function runTask(visit: Visit<TaskState>): Promise<Outcome> {
  const resource = parseResource(visit.state.Resource);
  if (resource === undefined) throw runtimeError(`The resource '${visit.state.Resource}' is none that can run.`);
  if (resource.pattern === 'waitForTaskToken') visit.taskToken = newToken();
  const args = await workInput(visit);
  if (exceedsDataLimit(args)) throw new StatesError('States.DataLimitExceeded', dataLimitCause(visit.name), 'byName');
  const deadlines = await deadlinesOf(visit);
  const roleArn = await roleOf(visit);
  const events = new TaskEvents(visit, resource);
  events.started(args, deadlines);
  return conclude(visit, await perform(visit, resource, args, deadlines, roleArn, events));
}

/** As long as AWS's and as opaque. */
function newToken(): string {
  return Buffer.from(`${randomUUID()}${randomUUID()}`).toString('base64url');
}

async function deadlinesOf(visit: Visit<TaskState>): Promise<Deadlines> {
  const input = effectiveInput(visit);
  const bounds = { from: 1, to: longestSeconds, integer: true };
  const timeoutSeconds = await numberField(visit, 'TimeoutSeconds', input, bounds);
  const heartbeatSeconds = await numberField(visit, 'HeartbeatSeconds', input, bounds);
  return { ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }), ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }) };
}

async function roleOf(visit: Visit<TaskState>): Promise<string | undefined> {
  const { Credentials } = visit.state;
  if (Credentials === undefined) return undefined;
  const filled =
    visit.language === 'JSONata' ? await evaluateTemplate(Credentials, 'Credentials', bindingsOf(visit)) : fill(Credentials, visit, effectiveInput(visit));
  const roleArn = (filled as { RoleArn?: Json }).RoleArn;
  if (typeof roleArn !== 'string') throw runtimeError(`Credentials must give a RoleArn, found ${JSON.stringify(filled)}`);
  return roleArn;
}

async function perform(
  visit: Visit<TaskState>,
  resource: TaskResource,
  args: Json,
  deadlines: Deadlines,
  roleArn: string | undefined,
  events: TaskEvents,
): Promise<Json> {
  try {
    const output = await invoke(visit, resource, args, deadlines, roleArn, events);
    if (exceedsDataLimit(output)) {
      throw new StatesError('States.DataLimitExceeded', dataLimitCause(resource.kind === 'lambda' ? visit.state.Resource : resource.service));
    }
    events.succeeded(output);
    return output;
  } catch (thrown) {
    if (thrown instanceof Interruption) {
      if (thrown.kind === 'SIBLING_FAILED') events.aborted();
      throw thrown;
    }
    const failure = asFailure(thrown, visit);
    events.failed(failure);
    throw failure;
  }
}

function invoke(
  visit: Visit<TaskState>,
  { pattern }: TaskResource,
  args: Json,
  deadlines: Deadlines,
  roleArn: string | undefined,
  events: TaskEvents,
): Promise<Json> {
  const { ports } = visit.frame.run;
  const { taskToken } = visit;
  // A heart only beats where something outside can report it. Elsewhere a program is at work, at the machine's pace.
  const { timeoutSeconds } = deadlines;
  const limits = taskToken !== undefined ? deadlines : timeoutSeconds === undefined ? {} : { timeoutSeconds: machineTime(ports.clock, timeoutSeconds) };
  return within(limits, ports.clock, visit.frame.signal, async (signal, heartbeat) => {
    // Before the call, since the answer may come before the call returns.
    const answer = taskToken === undefined ? undefined : ports.waitForTaskToken(taskToken, { stateName: visit.name, signal, heartbeat });
    const context: TaskContext = {
      stateName: visit.name,
      retryCount: visit.retryCount ?? 0,
      ...deadlines,
      ...(taskToken === undefined ? {} : { taskToken }),
      ...(roleArn === undefined ? {} : { roleArn }),
      signal,
      submitted: (output) => {
        if (pattern === 'sync') events.submittedWith(asJson(output));
      },
    };
    // Wrapped, so that what the port throws at once is a rejection as well.
    const invoked = (async () => ports.invokeTask(visit.state.Resource, args, context))();
    if (answer === undefined) return asJson(await invoked);
    // A failing call must not leave the other promise's rejection unheard, nor the other way round.
    const [call] = await Promise.all([invoked, Promise.race([answer, invoked])]);
    events.submittedWith(asJson(call));
    return asJson(await answer);
  });
}

/** What came from outside, as JSON: undefined is null. */
function asJson(value: unknown): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}

function asFailure(thrown: unknown, visit: Visit<TaskState>): TaskFailure {
  if (thrown instanceof TaskFailure) return thrown;
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new StatesError('States.Runtime', `The task '${visit.name}' threw something that is no TaskFailure: ${message}`, 'never');
}
