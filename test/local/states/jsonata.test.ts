import { describe, expect, it } from 'vitest';
import type { Json } from '../../../local/states/index.ts';
import { jsonata, machine, run } from './harness.ts';

const outputOf = async (expression: string, input: Json = {}): Promise<unknown> => {
  const { result } = await run(jsonata(`{% ${expression} %}`), { input });
  return result.status === 'SUCCEEDED' ? result.output : result;
};

describe('JSONata', () => {
  it.each([
    ['$partition([1..5], 2)', [[1, 2], [3, 4], [5]]],
    ['$partition($states.input.one, 2)', [[1]]],
    ['$range(0, 10, 5)', [0, 5, 10]],
    ["$hash('input data', 'SHA-1')", 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    ['$parse(\'{"a": [1]}\').a', [1]],
    ['$random(7) = $random(7)', true],
    ['$random()', 0.5],
    ['$length($uuid())', 36],
    ['$map([1, 2], function($n) { $n * 2 })', [2, 4]],
    ['$sum($states.input.items.price)', 3],
    ['$states.input.items[price > 1]', { price: 2 }],
    ['$states.context.State.Name', 'Only'],
    ['{"kept": null}', { kept: null }],
    ["$exists($nothing) ? 'yes' : 'no'", 'no'],
  ])('%s', async (expression, value) => {
    expect(await outputOf(expression, { one: [1], items: [{ price: 1 }, { price: 2 }] })).toEqual(value);
  });

  it.each([
    ['$eval("1 + 1")', 'threw an error'],
    ['$states.input.nothing', 'returned nothing (undefined)'],
    ['function($x) { $x }', 'returned a function'],
    ['1 + "a"', 'T2002'],
    ['$parse("{")', 'threw an error'],
    ['$partition([1], 0)', 'positive chunk size'],
    ['[1 / 0]', 'returned Infinity'],
    ['{"f": $sum}', 'returned a function'],
  ])('%s fails with States.QueryEvaluationError', async (expression, message) => {
    const result = (await outputOf(expression)) as { error: string; cause: string };
    expect(result.error).toBe('States.QueryEvaluationError');
    expect(result.cause).toContain(`An error occurred while executing the state 'Only' (entered at the event id #2). The JSONata expression '${expression}'`);
    expect(result.cause).toContain(message);
  });

  it('evaluates Output and Assign with the variables as they were, and names the place of an error', async () => {
    const states = {
      One: { Type: 'Pass', Assign: { n: 1 }, Next: 'Two' },
      Two: { Type: 'Pass', Assign: { n: '{% $n + 1 %}' }, Output: '{% $n %}', Next: 'Three' },
      Three: { Type: 'Pass', Output: { list: ['{% $n %}', { deep: '{% $states.input + $unknown.x %}' }] }, End: true },
    };
    const { result } = await run(machine(states, { QueryLanguage: 'JSONata' }));
    expect((result as { cause: string }).cause).toContain("specified for the field 'Output/list[1]/deep'");
    const { events } = await run(machine(states, { QueryLanguage: 'JSONata' }));
    expect(events.filter(({ type }) => type === 'PassStateExited').map(({ stateExitedEventDetails: exit }) => [exit?.output, exit?.assignedVariables])).toEqual([
      ['{}', { n: '1' }],
      ['1', { n: '2' }],
    ]);
  });

  it('chooses by a Condition, which must be a boolean, and assigns by rule or by default', async () => {
    const choice = {
      Type: 'Choice',
      Choices: [{ Condition: '{% $states.input.n > 5 %}', Assign: { size: 'large' }, Output: { chosen: '{% $states.input.n %}' }, Next: 'End' }],
      Assign: { size: 'small' },
      Default: 'End',
    };
    const states = { Choose: choice, End: { Type: 'Pass', Output: '{% [$size, $states.input] %}', End: true } };
    const definition = machine(states, { QueryLanguage: 'JSONata' });
    expect((await run(definition, { input: { n: 9 } })).result).toEqual({ status: 'SUCCEEDED', output: ['large', { chosen: 9 }] });
    expect((await run(definition, { input: { n: 1 } })).result).toEqual({ status: 'SUCCEEDED', output: ['small', { n: 1 }] });
    const wrong = machine({ ...states, Choose: { ...choice, Choices: [{ Condition: '{% 1 %}', Next: 'End' }] } }, { QueryLanguage: 'JSONata' });
    expect((await run(wrong)).result).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});
