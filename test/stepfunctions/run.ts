import { virtualClock } from '../../local/core/clock.ts';
import { parseDefinition, runExecution, TaskFailure } from '../../local/states/index.ts';
import type { ExecutionResult, HistoryEvent, Json, ResumePoint } from '../../local/states/index.ts';
import type { StateMachineDefinition } from '../../stepfunctions/training-pipeline.ts';

/** What stands in for a task: its answer, or a function of its arguments, of how often the run was redriven, and of the name under which it is started, where it is an execution. */
export type Fake = Json | ((args: Record<string, Json>, redriveCount: number, executionName: string) => Json);

/** What a person decides whom a task waits for: an answer, a failure, or nothing within any time. */
export type Decision = Json | TaskFailure | 'nobody';

/** One call of a task: the name of the function or of the state machine, or the resource, and what it was handed. */
export interface Called {
  readonly name: string;
  readonly args: Record<string, Json>;
}

/** A run of a definition with faked tasks, on a virtual clock. */
export interface FakeRun {
  readonly result: ExecutionResult;
  readonly calls: readonly Called[];
  readonly entered: readonly string[];
}

/** Runs a definition; tasks are faked by their function's name or, for other resources, by their action. */
export async function fakeRun(
  definition: StateMachineDefinition,
  fakes: Readonly<Record<string, Fake>>,
  again: { readonly resumeFrom?: ResumePoint; readonly redriveCount?: number; readonly runName?: string; readonly decision?: Decision; readonly input?: Json } = {},
): Promise<FakeRun> {
  const calls: Called[] = [];
  const events: HistoryEvent[] = [];
  const result = await runExecution({
    definition: parseDefinition(JSON.stringify(definition)),
    input: again.input ?? { dataset: { bucket: 'data', key: 'raw/flights/a.parquet' }, trigger: 'manual' },
    context: {
      Execution: {
        Id: 'arn:aws:states:us-east-1:123456789012:execution:flights:run-1',
        Name: again.runName ?? 'run-1',
        RoleArn: 'arn:aws:iam::123456789012:role/states',
        StartTime: '2026-11-20T10:00:00.000Z',
        RedriveCount: again.redriveCount ?? 0,
      },
      StateMachine: { Id: 'arn:aws:states:us-east-1:123456789012:stateMachine:flights', Name: 'flights' },
    },
    ...(again.resumeFrom === undefined ? {} : { resumeFrom: again.resumeFrom }),
    ports: {
      clock: virtualClock(Date.parse('2026-11-20T10:00:00Z')),
      random: () => 0.5,
      emit: (event) => events.push(event),
      waitForTaskToken: (_token, { signal }) => decided(again.decision, signal),
      invokeTask: async (resource, args) => {
        const given = args as Record<string, Json>;
        const isLambda = /:lambda:invoke(\.waitForTaskToken)?$/.test(resource);
        const isExecution = resource.endsWith(':states:startExecution.sync:2');
        const name = isLambda || isExecution ? String(given[isLambda ? 'FunctionName' : 'StateMachineArn']).split(':').at(-1)! : resource.split(':').at(-1)!;
        const handed = isLambda || isExecution ? (given[isLambda ? 'Payload' : 'Input'] as Record<string, Json>) : given;
        calls.push({ name, args: handed });
        const fake = fakes[name];
        if (fake === undefined) throw new TaskFailure('NoFake', `${name} is not faked.`);
        const answer = typeof fake === 'function' ? fake(handed, again.redriveCount ?? 0, String(given['Name'] ?? '')) : fake;
        if (isExecution) return { ExecutionArn: `${String(given['StateMachineArn']).replace(':stateMachine:', ':execution:')}:${String(given['Name'])}`, Name: given['Name']!, Status: 'SUCCEEDED', Output: answer };
        return Promise.resolve(isLambda ? { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: answer } : answer);
      },
    },
  });
  const entered = events.flatMap((event) => (event as { stateEnteredEventDetails?: { name: string } }).stateEnteredEventDetails?.name ?? []);
  return { result, calls, entered };
}

async function decided(decision: Decision | undefined, signal: AbortSignal): Promise<Json> {
  if (decision === undefined) throw new Error('Nobody decides in this run.');
  if (decision instanceof TaskFailure) throw decision;
  if (decision !== 'nobody') return decision;
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => { reject(signal.reason as Error); }, { once: true });
  });
}
