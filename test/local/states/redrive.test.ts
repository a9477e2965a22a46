import { describe, expect, it } from 'vitest';
import { TaskFailure, type ExecutionResult, type Json, type ResumePoint } from '../../../local/states/index.ts';
import { machine, run, task } from './harness.ts';

/** As a wrapper would keep it: through JSON. */
function kept(result: ExecutionResult): ResumePoint {
  if (result.status === 'SUCCEEDED') throw new Error('It did not stop.');
  return JSON.parse(JSON.stringify(result.resume)) as ResumePoint;
}

describe('redrive', () => {
  it('continues at the failed state with its input and variables, and does not run what had succeeded', async () => {
    const called: string[] = [];
    let broken = true;
    const states = {
      First: task({ Assign: { first: '{% $states.result %}' }, Output: 'from first', Next: 'Second' }, 'first'),
      Second: task({ Output: '{% [$first, $states.input, $states.context.Execution.RedriveCount] %}' }, 'second'),
    };
    const definition = machine(states, { QueryLanguage: 'JSONata' });
    const invoke = (resource: string): Promise<Json> => {
      called.push(resource.split(':').at(-1) ?? '');
      return broken && resource.endsWith('second') ? Promise.reject(new TaskFailure('Broken')) : Promise.resolve('made by first');
    };
    const before = await run(definition, { invoke });
    expect(before.result).toMatchObject({ status: 'FAILED', resume: { state: 'Second', input: 'from first', variables: { first: 'made by first' } } });

    broken = false;
    const context = {
      Execution: { Id: 'arn:aws:states:eu-west-1:0:execution:m:r', Name: 'r', RoleArn: 'role', StartTime: '2026-01-01T00:00:00.000Z', RedriveCount: 1 },
      StateMachine: { Id: 'm', Name: 'm' },
    };
    const firstEventId = before.events.length + 1;
    const after = await run(definition, { invoke, resumeFrom: kept(before.result), firstEventId, context });
    expect(after.result).toEqual({ status: 'SUCCEEDED', output: ['made by first', 'from first', 1] });
    expect(called).toEqual(['first', 'second', 'second']);
    expect(after.types[0]).toBe('ExecutionRedriven');
    expect(after.types).not.toContain('TaskStateEntered');
    expect(after.events[0]?.id).toBe(firstEventId);
  });

  it.each(['Parallel', 'Map'])('runs only the unfinished children of a %s state again', async (type) => {
    const called: Json[] = [];
    let broken = true;
    const child = (name: string): Record<string, unknown> =>
      machine({ Prepare: { Type: 'Pass', Assign: { kept: 'inner' }, Next: 'Work' }, Work: task({ ResultSelector: { 'result.$': '$', 'kept.$': '$kept' } }, name) });
    const state =
      type === 'Map'
        ? { Type: 'Map', MaxConcurrency: 2, ItemProcessor: child('work'), End: true }
        : { Type: 'Parallel', Branches: [child('good'), child('bad')], End: true };
    const setting = {
      input: type === 'Map' ? ['good', 'bad', 'later'] : {},
      invoke: (resource: string, args: Json): Promise<Json> => {
        const name = type === 'Map' ? args : (resource.split(':').at(-1) ?? '');
        called.push(name);
        return broken && name === 'bad' ? Promise.reject(new TaskFailure('Broken')) : Promise.resolve(name);
      },
    };
    const before = await run(machine({ All: state }), setting);
    expect(before.result).toMatchObject({ status: 'FAILED', error: 'Broken', resume: { state: 'All' } });
    expect(kept(before.result).children?.[1]).toMatchObject({ status: 'STOPPED', resume: { state: 'Work', variables: { kept: 'inner' } } });
    broken = false;
    called.length = 0;
    const after = await run(machine({ All: state }), { ...setting, resumeFrom: kept(before.result), firstEventId: 50 });
    const outputs = (type === 'Map' ? ['good', 'bad', 'later'] : ['good', 'bad']).map((result) => ({ result, kept: 'inner' }));
    expect(after.result).toEqual({ status: 'SUCCEEDED', output: outputs });
    expect(called).toContain('bad');
    expect(called).not.toContain('good');
  });

  it('fails again where the cause is still there, at the same place', async () => {
    const definition = machine({ Work: task({ Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }] }) });
    const invoke = (): Promise<never> => Promise.reject(new TaskFailure('Broken'));
    const before = await run(definition, { invoke });
    const after = await run(definition, { invoke, resumeFrom: kept(before.result), firstEventId: 50 });
    expect(kept(after.result)).toEqual(kept(before.result));
    expect(after.types.filter((type) => type === 'LambdaFunctionScheduled')).toHaveLength(2);
  });
});
