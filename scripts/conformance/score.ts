import { virtualClock } from '../../local/core/clock.ts';
import { DefinitionError, parseDefinition, runExecution, type ExecutionResult, type Json, type StateMachine } from '../../local/states/index.ts';
import { difference } from './compare.ts';
import { aliasesOf, endOf, momentOf, type RecordedCase, type RecordedEnd } from './recording.ts';
import { worldOf } from './world.ts';

/** What became of one case. */
export interface Verdict {
  readonly test: string;
  readonly case: string;
  readonly language: 'JSONPath' | 'JSONata';
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly reason?: string;
}

const ARN = 'arn:aws:states:us-east-1:111111111111';

/** Runs a recorded case and says whether it ends as it did on AWS. */
export async function judge(recorded: RecordedCase): Promise<Verdict> {
  const [test = ''] = recorded.id.split('#');
  const language = /"QueryLanguage"\s*:\s*"JSONata"/.test(recorded.definition) ? 'JSONata' : 'JSONPath';
  const verdict = { test, case: recorded.id, language } as const;
  const skipped = (reason: string): Verdict => ({ ...verdict, outcome: 'skipped', reason });
  const failed = (reason: string): Verdict => ({ ...verdict, outcome: 'failed', reason });
  if (recorded.kind === 'sync') return skipped('not now: an Express execution');
  const expected = endOf(recorded);
  if (expected === undefined) return skipped('the recording does not tell how it ended');
  try {
    const result = await run(parseDefinition(recorded.definition), recorded, expected);
    const reason = compareEnds(expected, result, aliasesOf(recorded));
    return reason === undefined ? { ...verdict, outcome: 'passed' } : failed(reason);
  } catch (error) {
    if (!(error instanceof DefinitionError)) return failed(`threw ${error instanceof Error ? error.message : String(error)}`);
    if (error.problems.some(({ notImplemented }) => notImplemented === true)) return skipped(`not now: ${error.message}`);
    return failed(`the definition was refused: ${error.message}`);
  }
}

async function run(definition: StateMachine, recorded: RecordedCase, expected: RecordedEnd): Promise<ExecutionResult> {
  const clock = virtualClock(momentOf(recorded));
  const control = new AbortController();
  const execution = runExecution({
    definition,
    input: JSON.parse(recorded.input) as Json,
    context: {
      Execution: { Id: `${ARN}:execution:machine:run`, Name: 'run', RoleArn: 'snf_role_arn', StartTime: clock.now().toISOString() },
      StateMachine: { Id: `${ARN}:stateMachine:machine`, Name: 'machine' },
    },
    ports: { ...worldOf(recorded, clock), emit: () => undefined },
    signal: control.signal,
  });
  if (expected.status === 'ABORTED') {
    await clock.sleep(1000);
    control.abort({});
  }
  return execution;
}

function compareEnds(expected: RecordedEnd, result: ExecutionResult, aliases: ReadonlyMap<string, unknown>): string | undefined {
  const told = result.status === 'SUCCEEDED' ? JSON.stringify(result.output) : `${result.error ?? ''} ${result.cause ?? ''}`;
  if (result.status !== expected.status) return `expected ${expected.status} ${expected.error ?? ''}, found ${result.status}: ${told.slice(0, 300)}`;
  if (result.status !== 'SUCCEEDED') return difference(expected.error, result.error, '$.error');
  return difference(outputOf(expected.output), result.output, '$', aliases);
}

/** The recorder parsed outputs that are objects and left the others as JSON text. */
function outputOf(output: unknown): unknown {
  if (typeof output !== 'string') return output;
  try {
    return JSON.parse(output) as unknown;
  } catch {
    return output; // a placeholder, or a text
  }
}

