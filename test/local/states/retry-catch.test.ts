import { describe, expect, it } from 'vitest';
import { TaskFailure } from '../../../local/states/index.ts';
import { machine, run, task } from './harness.ts';

const failing = (error: string, cause?: string) => () => Promise.reject(new TaskFailure(error, cause));

describe('Retry', () => {
  it('waits longer each time, up to MaxDelaySeconds, and then gives up', async () => {
    const retry = { ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 10 };
    const { result, types, seconds } = await run(machine({ Work: task({ Retry: [retry] }) }), { invoke: failing('Busy') });
    expect(result).toMatchObject({ status: 'FAILED', error: 'Busy' });
    expect(types.filter((type) => type === 'LambdaFunctionScheduled')).toHaveLength(5);
    expect(seconds).toBe(2 + 6 + 10 + 10);
  });

  it('takes a share of the delay with JitterStrategy FULL', async () => {
    const retry = { ErrorEquals: ['States.ALL'], IntervalSeconds: 8, MaxAttempts: 1, JitterStrategy: 'FULL' };
    const { seconds } = await run(machine({ Work: task({ Retry: [retry] }) }), { invoke: failing('Busy'), random: () => 0.25 });
    expect(seconds).toBe(2);
  });

  it('does not retry where MaxAttempts is 0', async () => {
    const retry = [{ ErrorEquals: ['Busy'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }];
    const { types } = await run(machine({ Work: task({ Retry: retry }) }), { invoke: failing('Busy') });
    expect(types.filter((type) => type === 'LambdaFunctionScheduled')).toHaveLength(1);
  });

  it('tells the task and the context object how often it was retried', async () => {
    const counts: unknown[] = [];
    const definition = machine({ Work: task({ Parameters: { 'count.$': '$$.State.RetryCount' }, Retry: [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 2 }] }) });
    await run(definition, {
      invoke: (_resource, args, { retryCount }) => {
        counts.push([args, retryCount]);
        return Promise.reject(new TaskFailure('Busy'));
      },
    });
    expect(counts).toEqual([[{ count: 0 }, 0], [{ count: 1 }, 1], [{ count: 2 }, 2]]);
  });
});

describe('Catch', () => {
  const handled = { Type: 'Pass', End: true };

  it('puts the error at ResultPath, beside the input', async () => {
    const Catch = [{ ErrorEquals: ['Other'], Next: 'Handled' }, { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Handled' }];
    const { result } = await run(machine({ Work: task({ Catch }), Handled: handled }), { invoke: failing('Broken', 'why'), input: { a: 1 } });
    expect(result).toEqual({ status: 'SUCCEEDED', output: { a: 1, failure: { Error: 'Broken', Cause: 'why' } } });
  });

  it('assigns and outputs in JSONata from $states.errorOutput', async () => {
    const Catch = [{ ErrorEquals: ['Broken'], Assign: { kept: '{% $states.errorOutput.Cause %}' }, Output: { from: '{% $states.input.a %}' }, Next: 'Handled' }];
    const states = { Work: task({ Catch }), Handled: { Type: 'Pass', Output: '{% [$kept, $states.input] %}', End: true } };
    const { result } = await run(machine(states, { QueryLanguage: 'JSONata' }), { invoke: failing('Broken', 'why'), input: { a: 1 } });
    expect(result).toEqual({ status: 'SUCCEEDED', output: ['why', { from: 1 }] });
  });

  it('does not reach States.Runtime, however it is named', async () => {
    const Catch = [{ ErrorEquals: ['States.Runtime', 'States.TaskFailed'], Next: 'Handled' }, { ErrorEquals: ['States.ALL'], Next: 'Handled' }];
    const { result } = await run(machine({ Work: task({ Catch, InputPath: '$.nowhere' }), Handled: handled }));
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  it('takes a timeout by States.Timeout and States.ALL but not by States.TaskFailed', async () => {
    const invoke = (): Promise<never> => new Promise(() => undefined);
    const caughtBy = async (name: string): Promise<string> => {
      const states = { Work: task({ TimeoutSeconds: 5, Catch: [{ ErrorEquals: [name], Next: 'Handled' }] }), Handled: handled };
      const { result, seconds } = await run(machine(states), { invoke });
      expect(seconds).toBe(5);
      return result.status;
    };
    expect(await caughtBy('States.Timeout')).toBe('SUCCEEDED');
    expect(await caughtBy('States.ALL')).toBe('SUCCEEDED');
    expect(await caughtBy('States.TaskFailed')).toBe('FAILED');
  });

  it('takes a state output over 256 KiB only by its own name', async () => {
    const large = 'x'.repeat(200_000);
    const caughtBy = async (name: string): Promise<string | undefined> => {
      const states = { Work: task({ ResultPath: '$.more', Catch: [{ ErrorEquals: [name], ResultPath: null, Next: 'Handled' }] }), Handled: handled };
      const { result } = await run(machine(states), { invoke: () => Promise.resolve(large), input: { large } });
      return result.status === 'SUCCEEDED' ? result.status : result.error;
    };
    expect(await caughtBy('States.ALL')).toBe('States.DataLimitExceeded');
    expect(await caughtBy('States.DataLimitExceeded')).toBe('SUCCEEDED');
  });

  it('catches an expression that cannot be evaluated', async () => {
    const states = { Work: task({ Arguments: '{% $nothing.here %}', Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Handled' }] }), Handled: handled };
    const { result, types } = await run(machine(states, { QueryLanguage: 'JSONata' }));
    expect(result.status).toBe('SUCCEEDED');
    expect(types).toContain('EvaluationFailed');
  });
});
