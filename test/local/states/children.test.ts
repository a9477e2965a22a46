import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../../local/core/clock.ts';
import { TaskFailure, type Json } from '../../../local/states/index.ts';
import { machine, run, start, task } from './harness.ts';

const flow = (state: Record<string, unknown>): Record<string, unknown> => machine({ Inner: state });

describe('Map', () => {
  it('runs at most MaxConcurrency iterations at once and keeps the order', async () => {
    const clock = virtualClock(start);
    let running = 0;
    let most = 0;
    const definition = machine({ Each: { Type: 'Map', ItemsPath: '$.items', MaxConcurrency: 2, ItemProcessor: flow(task()), End: true } });
    const { result } = await run(definition, {
      clock,
      input: { items: [5, 1, 3, 2] },
      invoke: async (_resource, args) => {
        most = Math.max(most, ++running);
        await clock.sleep(1000 * (args as number));
        running--;
        return (args as number) * 10;
      },
    });
    expect(result).toEqual({ status: 'SUCCEEDED', output: [50, 10, 30, 20] });
    expect(most).toBe(2);
  });

  it('aborts the other iterations when one fails', async () => {
    const aborted: Json[] = [];
    const definition = machine({ Each: { Type: 'Map', ItemProcessor: flow(task()), End: true } });
    const { result, types } = await run(definition, {
      input: ['slow', 'bad'],
      invoke: (_resource, args, { signal }) => {
        if (args === 'bad') return Promise.reject(new TaskFailure('Bad'));
        signal.addEventListener('abort', () => aborted.push(args));
        return new Promise(() => undefined);
      },
    });
    expect(result).toMatchObject({ status: 'FAILED', error: 'Bad' });
    expect(aborted).toEqual(['slow']);
    expect(types).toEqual(expect.arrayContaining(['TaskStateAborted', 'MapIterationAborted', 'MapIterationFailed', 'MapStateFailed']));
  });

  it('leaves out tolerated failures, and fails with its own error beyond the threshold', async () => {
    const each = (tolerated: number): Record<string, unknown> =>
      machine({ Each: { Type: 'Map', ToleratedFailurePercentage: tolerated, ItemProcessor: flow(task()), End: true } });
    const setting = {
      input: [1, 2, 3, 4],
      invoke: (_resource: string, args: Json) => (args === 2 ? Promise.reject(new TaskFailure('Bad')) : Promise.resolve(args)),
    };
    expect((await run(each(25), setting)).result).toEqual({ status: 'SUCCEEDED', output: [1, 3, 4] });
    expect((await run(each(24), setting)).result).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
  });

  it('reads outer variables and keeps its own to itself', async () => {
    const states = {
      Set: { Type: 'Pass', Assign: { factor: 2 }, Output: [1, 2], Next: 'Each' },
      Each: {
        Type: 'Map',
        ItemProcessor: flow({ Type: 'Pass', Assign: { inner: 9 }, Output: '{% $states.input * $factor + $states.context.Map.Item.Index %}', End: true }),
        Output: '{% {"results": $states.result, "leaked": $exists($inner)} %}',
        End: true,
      },
    };
    const { result } = await run(machine(states, { QueryLanguage: 'JSONata' }));
    expect(result).toEqual({ status: 'SUCCEEDED', output: { results: [2, 5], leaked: false } });
  });

  it("fails as itself where an iteration's input cannot be made", async () => {
    const definition = machine({ Each: { Type: 'Map', ItemSelector: { 'x.$': '$$.Map.Item.Value.x' }, ItemProcessor: flow({ Type: 'Pass', End: true }), End: true } });
    const { result } = await run(definition, { input: [{ x: 1 }, {}] });
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime', resume: { state: 'Each' } });
  });
});

describe('Parallel', () => {
  it('gives each branch the arguments and collects the outputs', async () => {
    const Branches = [flow({ Type: 'Pass', Output: '{% $states.input.a + 1 %}', End: true }), flow({ Type: 'Wait', Seconds: 9, Output: 'second', End: true })];
    const states = { Both: { Type: 'Parallel', Arguments: { a: '{% $states.input.n %}' }, Branches, Output: '{% $states.result[1] & $states.result[0] %}', End: true } };
    const { result, seconds } = await run(machine(states, { QueryLanguage: 'JSONata' }), { input: { n: 1 } });
    expect(result).toEqual({ status: 'SUCCEEDED', output: 'second2' });
    expect(seconds).toBe(9);
  });

  it('retries all branches, then goes on', async () => {
    let attempts = 0;
    const definition = machine({ Both: { Type: 'Parallel', Branches: [flow(task()), flow({ Type: 'Pass', End: true })], Retry: [{ ErrorEquals: ['States.ALL'] }], End: true } });
    const { result, types } = await run(definition, { invoke: () => (++attempts < 3 ? Promise.reject(new TaskFailure('Busy')) : Promise.resolve('done')) });
    expect(result).toEqual({ status: 'SUCCEEDED', output: ['done', {}] });
    expect(types.filter((type) => type === 'ParallelStateStarted')).toHaveLength(3);
  });
});
