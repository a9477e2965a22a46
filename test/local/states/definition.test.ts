import { describe, expect, it } from 'vitest';
import { DefinitionError, parseDefinition } from '../../../local/states/index.ts';
import { machine, task } from './harness.ts';

function problemsOf(definition: unknown): string[] {
  try {
    parseDefinition(definition);
    return [];
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    return error.problems.map(({ path, message, notImplemented }) => `${path}: ${message}${notImplemented === true ? ' (not implemented)' : ''}`);
  }
}

const end = { Type: 'Pass', End: true };
const jsonata = { QueryLanguage: 'JSONata' };

describe('a definition', () => {
  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /^\/: The definition is no JSON/],
    ['no states', { StartAt: 'A' }, /^\/States: A flow needs at least one state/],
    ['a start that is none', { StartAt: 'B', States: { A: end } }, /^\/StartAt: StartAt must name one of the states A, found "B"/],
    ['a type that is none', machine({ A: { Type: 'Passs' } }), /^\/States\/A\/Type: Type must be one of Pass, .* found "Passs"/],
    ['a next that is none', machine({ A: { Type: 'Pass', Next: 'B' } }), /^\/States\/A\/Next: Next must name one of the states A, found "B"/],
    ['no way on', machine({ A: { Type: 'Pass' } }), /^\/States\/A: A Pass state needs either Next or "End": true/],
    ['a field of no state', machine({ A: { ...end, Reslut: 1 } }), /^\/States\/A\/Reslut: A Pass state with QueryLanguage JSONPath has no field Reslut/],
    ['a JSONPath field in JSONata', machine({ A: { ...end, ResultPath: '$' } }, jsonata), /^\/States\/A\/ResultPath: .* JSONata has no field ResultPath/],
    ['a JSONata field in JSONPath', machine({ A: { ...end, Output: 1 } }), /^\/States\/A\/Output: .* JSONPath has no field Output/],
    ['an expression that does not parse', machine({ A: { ...end, Output: { x: ['{% $sum( %}'] } } }, jsonata), /^\/States\/A\/Output\/x\/0: The JSONata expression '\$sum\(' is wrong: S0/],
    ['an operator that 2.0.6 has not', machine({ A: { ...end, Output: '{% $a ?? 1 %}' } }, jsonata), /^\/States\/A\/Output: The JSONata expression/],
    ['a path that does not parse', machine({ A: { ...end, InputPath: '$.a[' } }), /^\/States\/A\/InputPath: InputPath is wrong/],
    ['a ResultPath that selects more than one place', machine({ A: { ...end, ResultPath: '$.a[*]' } }), /^\/States\/A\/ResultPath: ResultPath is wrong: .* reference path/],
    ['a template that does not parse', machine({ A: { ...end, Parameters: { x: { 'y.$': 'States.Format(' } } } }), /^\/States\/A\/Parameters\/x\/y\.\$: 'States\.Format\(' is wrong/],
    ['a resource that is none', machine({ A: task({ Resource: 'lambda' }) }), /^\/States\/A\/Resource: Resource must be a Lambda function's ARN .* found 'lambda'/],
    ['States.ALL beside others', machine({ A: task({ Retry: [{ ErrorEquals: ['States.ALL', 'X'] }] }) }), /^\/States\/A\/Retry\/0\/ErrorEquals: States\.ALL must stand alone/],
    ['States.ALL before others', machine({ A: task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }] }) }), /^\/States\/A\/Retry\/0\/ErrorEquals/],
    ['a backoff below 1', machine({ A: task({ Retry: [{ ErrorEquals: ['X'], BackoffRate: 0.5 }] }) }), /^\/States\/A\/Retry\/0\/BackoffRate: BackoffRate must be a number from 1/],
    ['a catcher that leads nowhere', machine({ A: task({ Catch: [{ ErrorEquals: ['X'], Next: 'B' }] }) }), /^\/States\/A\/Catch\/0\/Next: Next must name/],
    ['a comparison without an operator', machine({ A: { Type: 'Choice', Choices: [{ And: [{ Variable: '$.x' }], Next: 'B' }] }, B: end }), /^\/States\/A\/Choices\/0\/And\/0: A comparison needs one operator/],
    ['two ways to wait', machine({ A: { Type: 'Wait', Seconds: 1, Timestamp: 'x', End: true } }), /^\/States\/A: A Wait state needs one of .* found Seconds, Timestamp/],
    ['a branch that is wrong', machine({ A: { Type: 'Parallel', Branches: [machine({ B: { Type: 'Pass' } })], End: true } }), /^\/States\/A\/Branches\/0\/States\/B: A Pass state needs/],
    ['a distributed Map', machine({ A: { Type: 'Map', ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, ...machine({ B: end }) }, End: true } }), /^\/States\/A\/ItemProcessor\/ProcessorConfig\/Mode: .* \(not implemented\)/],
    ['an ItemReader', machine({ A: { Type: 'Map', ItemReader: {}, ItemProcessor: machine({ B: end }), End: true } }), /^\/States\/A\/ItemReader: .* \(not implemented\)/],
  ])('with %s names the place', (_, definition, message) => {
    expect(problemsOf(definition)).toEqual([expect.stringMatching(message) as unknown]);
  });

  it('with several mistakes names them all', () => {
    expect(problemsOf(machine({ A: { Type: 'Pass', Next: 'X' }, B: { Type: 'Pass', Next: 'Y' } }))).toHaveLength(2);
  });

  it('may use comments, both languages and inner flows', () => {
    const states = {
      A: { ...end, Comment: 'why', End: undefined, Next: 'B' },
      B: { Type: 'Map', QueryLanguage: 'JSONata', Items: '{% [1] %}', ItemProcessor: machine({ C: { ...end, Parameters: { 'x.$': '$' } } }), End: true },
    };
    expect(problemsOf(JSON.stringify(machine(states, { Comment: 'all', Version: '1.0', TimeoutSeconds: 60 })))).toEqual([]);
  });
});
