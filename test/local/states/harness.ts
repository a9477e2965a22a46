import {
  parseDefinition,
  runExecution,
  type ExecutionOptions,
  type ExecutionResult,
  type HistoryEvent,
  type Json,
  type Ports,
} from '../../../local/states/index.ts';
import { virtualClock } from '../../../local/core/clock.ts';
import type { Clock } from '../../../local/core/context.ts';

/** When test executions start. */
export const start = Date.parse('2026-01-01T00:00:00Z');

/** What a test may set; the rest has defaults. */
export interface Setting extends Partial<Omit<ExecutionOptions, 'definition' | 'ports'>> {
  readonly invoke?: Ports['invokeTask'];
  readonly waitForTaskToken?: Ports['waitForTaskToken'];
  readonly random?: () => number;
  readonly clock?: Clock;
}

/** What an execution in a test left behind. */
export interface Trace {
  readonly result: ExecutionResult;
  readonly events: readonly HistoryEvent[];
  /** The types of the events. */
  readonly types: readonly string[];
  /** The virtual seconds that it took. */
  readonly seconds: number;
}

/** Runs a definition on a virtual clock. */
export async function run(definition: unknown, setting: Setting = {}): Promise<Trace> {
  const { invoke, waitForTaskToken, random = () => 0.5, clock = virtualClock(start), input = {}, ...options } = setting;
  const events: HistoryEvent[] = [];
  const began = clock.now().getTime();
  const unexpected = (what: string): Promise<never> => Promise.reject(new Error(`The test did not expect ${what}.`));
  const result = await runExecution({
    definition: parseDefinition(definition),
    input,
    context: {
      Execution: {
        Id: 'arn:aws:states:eu-west-1:000000000000:execution:machine:run-1',
        Name: 'run-1',
        RoleArn: 'arn:aws:iam::000000000000:role/machine',
        StartTime: '2026-01-01T00:00:00.000Z',
      },
      StateMachine: { Id: 'arn:aws:states:eu-west-1:000000000000:stateMachine:machine', Name: 'machine' },
    },
    ports: {
      clock,
      random,
      invokeTask: invoke ?? (() => unexpected('a task')),
      waitForTaskToken: waitForTaskToken ?? (() => unexpected('a task token')),
      emit: (event) => {
        events.push(event);
      },
    },
    ...options,
  });
  return { result, events, types: events.map(({ type }) => type), seconds: (clock.now().getTime() - began) / 1000 };
}

/** A Task state on a function, with more fields. */
export function task(fields: Record<string, unknown> = {}, name = 'work'): Record<string, unknown> {
  return { Type: 'Task', Resource: `arn:aws:lambda:eu-west-1:000000000000:function:${name}`, ...('Next' in fields ? {} : { End: true }), ...fields };
}

/** A machine of these states, starting at the first. */
export function machine(states: Record<string, unknown>, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { StartAt: Object.keys(states)[0], States: states, ...fields };
}

/** A JSONata machine of one Pass state with this output. */
export function jsonata(output: Json): Record<string, unknown> {
  return machine({ Only: { Type: 'Pass', Output: output, End: true } }, { QueryLanguage: 'JSONata' });
}

/** A JSONPath machine of one Pass state with these parameters. */
export function pass(parameters: Json): Record<string, unknown> {
  return machine({ Only: { Type: 'Pass', Parameters: parameters, End: true } });
}
