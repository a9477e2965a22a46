import { describe, expect, it } from 'vitest';
import { templateStack } from '../../scripts/synth/assembly.ts';
import type { Template } from '../../scripts/synth/assembly.ts';
import { definitionsOf } from '../../scripts/synth/definitions.ts';
import type { AslMachine, AslState } from '../../scripts/synth/definitions.ts';
import { compilationProblem, expressionsOf, variablesOf } from '../../scripts/synth/expressions.ts';
import { flowProblems } from '../../scripts/synth/flow.ts';
import { checkStateMachines } from '../../scripts/synth/state-machines.ts';
import { argumentProblems, checkTaskArguments } from '../../scripts/synth/task-arguments.ts';

const retry = [{ ErrorEquals: ['Lambda.ServiceException'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 2 }];
const task = (changes: Record<string, unknown> = {}): AslState =>
  ({
    Type: 'Task', Comment: 'Does it.', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: 'f', Payload: { a: '{% $states.input %}' } },
    TimeoutSeconds: 5, Retry: retry, End: true, ...changes,
  }) as unknown as AslState;
const machine = (state: AslState, changes: Record<string, unknown> = {}): AslMachine => ({ QueryLanguage: 'JSONata', StartAt: 'Do', TimeoutSeconds: 9, States: { Do: state }, ...changes });
const messages = (definition: AslMachine) => checkStateMachines([{ where: 'here', machine: definition }]).findings.map(({ where, message }) => `${where}: ${message}`);

describe('the check of state machines', () => {
  it('finds nothing in a good one', () => {
    expect(messages(machine(task()))).toEqual([]);
  });

  it.each<[string, AslMachine, RegExp]>([
    ['a state without Comment', machine(task({ Comment: undefined })), /^here Do: has no Comment/],
    ['a Task without Retry', machine(task({ Retry: undefined })), /is a Task without Retry/],
    ['a Task without TimeoutSeconds', machine(task({ TimeoutSeconds: undefined })), /is a Task without TimeoutSeconds/],
    ['a machine without TimeoutSeconds', machine(task(), { TimeoutSeconds: undefined }), /^here: the machine has no TimeoutSeconds/],
    ['States.ALL beside others in Retry', machine(task({ Retry: [{ ErrorEquals: ['States.ALL', 'A'] }] })), /retries States.ALL beside other errors: it must stand alone/],
    ['States.ALL before others', machine(task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }] })), /retries States.ALL before other rules: it must be the last/],
    ['a definition that is too large', machine(task({ Comment: 'x'.repeat(1_048_576) })), /^here: the definition has 10\d+ bytes, and Step Functions takes 1048576/m],
    ['States.ALL beside others', machine(task({ Catch: [{ ErrorEquals: ['States.ALL', 'A'], Next: 'Do' }] })), /must stand alone/],
    ['a transition to nowhere', machine(task({ End: undefined, Next: 'Nowhere' })), /MISSING_TRANSITION_TARGET/],
    ['an expression that does not compile', machine(task({ Output: '{% $a ( %}' })), /does not compile/],
    ['what asl-validator\'s own jsonata takes and 2.0.6 does not', machine(task({ Output: '{% $a ?? 1 %}' })), /\$a \?\? 1 does not compile/],
    ['$eval', machine(task({ Output: '{% $eval("1") %}' })), /uses \$eval/],
  ])('finds %s', (_, definition, message) => {
    expect(messages(definition).join('\n')).toMatch(message);
  });

  it('looks into branches, and counts each expression once', () => {
    const inner = { StartAt: 'Inner', States: { Inner: task({ Comment: undefined }) } };
    const parallel = { Type: 'Parallel', Comment: 'Both.', Branches: [inner], Output: '{% 1 %}', End: true } as unknown as AslState;
    expect(messages(machine(parallel))).toEqual(['here Inner: has no Comment.']);
    expect([...expressionsOf(parallel)]).toEqual([' 1 ']);
  });

  it('does not take a text with percent signs for an expression', () => {
    expect([...expressionsOf({ Output: '100 %', Arguments: ['{% $x %}'] })]).toEqual([' $x ']);
    expect(compilationProblem('$hash($x, "SHA-256")')).toEqual([]);
  });
});

describe('the check of the ways through a machine', () => {
  const pass = (changes: Record<string, unknown>): AslState => ({ Type: 'Pass', ...changes }) as unknown as AslState;
  const found = (states: Record<string, AslState>) => flowProblems({ StartAt: 'First', States: states }).map(({ state, message }) => `${state} ${message}`);
  const end = pass({ End: true, Output: '{% $a %}' });

  it('takes variables that every way has assigned, also in branches', () => {
    const branches = { Type: 'Parallel', Branches: [{ StartAt: 'Inner', States: { Inner: end } }], End: true } as unknown as AslState;
    expect(found({ First: pass({ Assign: { a: 1 }, Next: 'Then' }), Then: branches })).toEqual([]);
  });

  it('finds a state that no way leads to', () => {
    expect(found({ First: pass({ End: true }), Lost: pass({ End: true }) })).toEqual(['Lost is reached by no way.']);
  });

  it.each<[string, AslState]>([
    ['a Catch', task({ End: undefined, Next: 'Then', Assign: { a: 1 }, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Then' }] })],
    ['a choice', pass({ Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Then', Assign: { a: 1 } }], Default: 'Then', Assign: { b: 1 } })],
    ['the state itself, which assigns it at its end', pass({ Assign: { b: 1 }, Next: 'Then' })],
  ])('finds a variable that is not assigned on the way by %s', (_, first) => {
    expect(found({ First: first, Then: end })).toEqual(['Then reads $a, which some way to it has not assigned.']);
  });

  it('follows a redrive to the state that failed, and finds one that it cannot go on at', () => {
    const resumable = (...names: string[]) => ({
      First: task({ End: undefined, Assign: { a: 1 }, Next: 'Then', Catch: [{ ErrorEquals: ['States.ALL'], Assign: { failure: { state: 'First' } }, Next: 'Notify' }] }),
      Then: task({ Output: '{% $a %}', Catch: [{ ErrorEquals: ['States.ALL'], Assign: { failure: { state: 'Then' } }, Next: 'Notify' }] }),
      Notify: pass({ Assign: { resumeAt: 1 }, Output: '{% $failure %}', Next: 'Resume' }),
      Resume: pass({ Type: 'Choice', Choices: names.map((name) => ({ Condition: `{% $resumeAt = '${name}' %}`, Next: name })) }),
    });
    expect(found(resumable('First', 'Then'))).toEqual([]);
    expect(found(resumable('First'))).toEqual(['Resume does not know how to go on after a failure of Then.']);
  });

  it.each<[string, string[]]>([
    ['$a.b & $string($c)', ['a', 'c']],
    ['($x := $a; $x + $y)', ['a', 'y']],
    ['$map($a, function($v) { $v & $b })', ['a', 'b']],
    ['{"k": $a[$ > $b]}', ['a', 'b']],
    ['$states.input.x ? $a : $b', ['a', 'b']],
    ['$replace($a, /[^a-z]/, "-")', ['a']],
  ])('reads the variables of %s', (expression, variables) => {
    expect([...variablesOf(expression)].sort()).toEqual(variables);
  });
});

describe('the check of task arguments', () => {
  const training = 'arn:aws:states:::sagemaker:createTrainingJob.sync';
  const required = { TrainingJobName: 'a', RoleArn: 'r', OutputDataConfig: { S3OutputPath: 's3://b/' } };

  it('finds nothing in good ones', async () => {
    expect(await argumentProblems(training, { ...required, InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: '{% $uri %}' } } }] })).toEqual([]);
    expect(await argumentProblems('arn:aws:states:::aws-sdk:s3:putObject', { Bucket: 'b', Key: 'k', Body: { any: 1 } })).toEqual([]);
    expect(await argumentProblems('arn:aws:states:::lambda:invoke', { FunctionName: 'f', Payload: { any: 1 } })).toEqual([]);
  });

  it.each<[string, string, unknown, RegExp]>([
    ['a missing member', training, { RoleArn: 'r', OutputDataConfig: { S3OutputPath: 's' } }, /Arguments\.TrainingJobName is missing/],
    ['an unknown member', training, { ...required, JobName: 'a' }, /Arguments\.JobName is no member of CreateTrainingJobRequest/],
    ['an unknown member further in', training, { ...required, ResourceConfig: { InstanceTyp: 'x' } }, /ResourceConfig\.InstanceTyp is no member/],
    ['a number where a text belongs', training, { ...required, HyperParameters: { num_round: 10 } }, /HyperParameters\.num_round is 10, expected a text/],
    ['a text where a number belongs', training, { ...required, StoppingCondition: { MaxRuntimeInSeconds: '10' } }, /expected a number/],
    ['a text where true or false belongs', training, { ...required, EnableNetworkIsolation: 'yes' }, /expected true or false/],
    ['an object where a list belongs', training, { ...required, Tags: {} }, /Tags is {}, expected a list/],
    ['a list where an object belongs', training, { ...required, OutputDataConfig: [] }, /expected an object/],
    ['a missing member in a list', training, { ...required, InputDataConfig: [{ DataSource: {} }] }, /InputDataConfig\[0\]\.ChannelName is missing/],
    ['an operation that does not exist', 'arn:aws:states:::aws-sdk:s3:putObjekt', {}, /knows no operation PutObjekt of s3/],
    ['a service without a client', 'arn:aws:states:::aws-sdk:nowhere:doIt', {}, /client-nowhere cannot be loaded/],
    ['a resource of another kind', 'arn:aws:lambda:us-east-1:1:function:f', {}, /is no call that this check knows/],
  ])('finds %s', async (_, resource, values, message) => {
    expect((await argumentProblems(resource, values)).join('\n')).toMatch(message);
  });

  it('names the machine and the state', async () => {
    const { findings, looked } = await checkTaskArguments([{ where: 'here', machine: machine(task({ Arguments: {} })) }]);
    expect(findings).toMatchObject([{ where: 'here Do', message: 'Arguments.FunctionName is missing.' }]);
    expect(looked).toBe('1 tasks');
  });
});

describe('definitions', () => {
  it('are read out of templates, with references as what they will be', () => {
    const template: Template = {
      Resources: {
        Fn: { Type: 'AWS::Lambda::Function' },
        Machine: {
          Type: 'AWS::StepFunctions::StateMachine',
          Metadata: { 'aws:cdk:path': 'Stack/Machine' },
          Properties: { DefinitionString: { 'Fn::Join': ['', ['{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"', { 'Fn::GetAtt': ['Fn', 'Arn'] }, '"}}}']] } },
        },
      },
    };
    expect(definitionsOf([templateStack('Stack', template)])).toEqual([
      { where: 'Stack/Machine', machine: { StartAt: 'A', States: { A: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:123456789012:function:Fn' } } } },
    ]);
  });
});
