import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readAssembly, templateStack, whereIs } from '../../scripts/synth/assembly.ts';
import type { Template } from '../../scripts/synth/assembly.ts';
import { checkByCfnLint, findingsIn } from '../../scripts/synth/cfn-lint.ts';
import { checkLimits } from '../../scripts/synth/limits.ts';
import { checkPolicies, overlap, statementProblems } from '../../scripts/synth/policies.ts';
import { References } from '../../scripts/synth/references.ts';
import { renderReport } from '../../scripts/synth/report.ts';
import { readValidationReport } from '../../scripts/synth/validation-report.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'slipway-synth-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const problems = (statement: Parameters<typeof statementProblems>[0]) => statementProblems(statement, String);

describe('the check of policies', () => {
  it('finds nothing in good statements', async () => {
    expect(await problems({ Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::bucket/models/*' })).toEqual([]);
    expect(await problems({ Action: 'ecr:GetAuthorizationToken', Resource: '*' })).toEqual([]);
    expect(await problems({ Action: 'logs:PutLogEvents', Resource: 'arn:aws:logs:us-east-1:123456789012:log-group:/a:*' })).toEqual([]);
    expect(await problems({ Action: 'kms:GenerateDataKey*', Resource: '*' })).toEqual([]);
    expect(await problems({ Action: 'cloudwatch:PutMetricData', Resource: '*', Condition: { StringEquals: { 'cloudwatch:namespace': 'a' } } })).toEqual([]);
  });

  it.each<[string, Parameters<typeof statementProblems>[0], RegExp]>([
    ['an action that does not exist', { Action: 's3:GetObjekt', Resource: '*' }, /s3:GetObjekt is no action/],
    ['a service that does not exist', { Action: 's4:GetObject', Resource: '*' }, /no service 's4'/],
    ['a wildcard that matches nothing', { Action: 's3:Got*', Resource: '*' }, /s3:Got\* matches no action/],
    ['a resource of another type', { Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket' }, /s3:GetObject takes .*object.* allowed on arn:aws:s3:::bucket\./],
    ['a bucket action on objects alone', { Action: 'sns:Publish', Resource: 'arn:aws:sqs:us-east-1:123456789012:q' }, /sns:Publish takes topic/],
    ['a resource for an action that knows none', { Action: 'ecr:GetAuthorizationToken', Resource: 'arn:aws:ecr:us-east-1:1:repository/a' }, /knows no resources/],
    ['a condition key that does not exist', { Action: 's3:GetObject', Resource: '*', Condition: { StringEquals: { 's3:prefixx': 'a' } } }, /s3:prefixx is no condition key/],
  ])('finds %s', async (_, statement, message) => {
    expect((await problems(statement)).join('\n')).toMatch(message);
  });

  it('looks at every document of a template, and resolves what other stacks export', async () => {
    const platform = templateStack('platform', {
      Resources: { Data: { Type: 'AWS::S3::Bucket' } },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Data', 'Arn'] }, Export: { Name: 'platform:arn' } } },
    });
    const user = (resource: unknown): Template => ({
      Resources: { Policy: { Type: 'AWS::IAM::Policy', Metadata: { 'aws:cdk:path': 'user/Policy' }, Properties: { PolicyDocument: { Version: '2012-10-17', Statement: [{ Action: 's3:GetObject', Resource: resource }] } } } },
    });
    const imported = { 'Fn::ImportValue': 'platform:arn' };
    const objects = { 'Fn::Join': ['', [imported, '/*']] };
    expect((await checkPolicies([platform, templateStack('user', user(objects))])).findings).toEqual([]);
    expect((await checkPolicies([platform, templateStack('user', user(imported))])).findings).toMatchObject([{ where: 'user/Policy' }]);
  });
});

describe('overlap', () => {
  it.each([['a*', '*b', true], ['a*c', 'abc', true], ['a*c', 'abd', false], ['*', '', true], ['a', 'a*', true], ['a', 'ab', false], ['arn:*:s3:::*/*', 'arn:aws:s3:::b', false], ['log-group:*:log-stream:*', 'log-group:x:*', true]])(
    '%s and %s: %s',
    (left, right, expected) => {
      expect(overlap(left, right)).toBe(expected);
      expect(overlap(right, left)).toBe(expected);
    },
  );

  it('is true of a text and any pattern made from it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab:/]{1,12}$/), fc.array(fc.nat(11), { maxLength: 3 }), (text, positions) => {
        const pattern = [...text].map((letter, index) => (positions.includes(index) ? '*' : letter)).join('');
        expect(overlap(pattern, text)).toBe(true);
        expect(overlap(text, pattern)).toBe(true);
      }),
    );
  });
});

describe('references', () => {
  const references = new References([
    templateStack('a', { Resources: { Topic: { Type: 'AWS::SNS::Topic' }, Bucket: { Type: 'AWS::S3::Bucket' } }, Outputs: { Name: { Value: { Ref: 'Bucket' }, Export: { Name: 'a:name' } } } }),
  ]);

  it('become what they stand for', () => {
    expect(references.text('a', { Ref: 'Topic' })).toMatch(/^arn:aws:sns:/);
    expect(references.text('a', { Ref: 'Bucket' })).toBe('bucket');
    expect(references.text('a', { 'Fn::Select': [2, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Bucket', 'Arn'] }] }] })).toBe('s3');
    expect(references.text('a', { 'Fn::Select': [1, ['one', 'two']] })).toBe('two');
    expect(references.text('a', { 'Fn::GetAtt': ['Bucket', 'Arn'] })).toBe('arn:aws:s3:::bucket');
    expect(references.text('b', { 'Fn::ImportValue': 'a:name' })).toBe('bucket');
    expect(references.text('b', { 'Fn::GetStackOutput': { StackName: 'a', OutputName: 'Name' } })).toBe('bucket');
    expect(references.text('a', { 'Fn::Sub': 'arn:${AWS::Partition}:x/${Bucket}/${Bucket.Arn}' })).toBe('arn:aws:x/bucket/arn:aws:s3:::bucket');
    expect(references.text('a', { 'Fn::Sub': ['${v}', { v: { Ref: 'Bucket' } }] })).toBe('bucket');
  });

  it('are named where they cannot be read', () => {
    expect(() => references.text('a', { 'Fn::ImportValue': 'gone' })).toThrow(/No stack of the assembly exports 'gone'/);
    expect(() => references.text('a', { 'Fn::GetStackOutput': { StackName: 'a', OutputName: 'Gone' } })).toThrow(/No stack 'a' of the assembly has the output 'Gone'/);
    expect(() => references.text('a', { 'Fn::Base64': 'x' })).toThrow(/Fn::Base64/);
  });
});

describe('the check of limits', () => {
  const stack = (resources: NonNullable<Template['Resources']>) => [templateStack('Stack', { Resources: resources })];
  const empty = path.join(folder, 'empty');
  mkdirSync(empty);

  it('finds nothing in a small stack', () => {
    expect(checkLimits(stack({ A: { Type: 'AWS::S3::Bucket' }, B: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcEndpointType: 'Gateway' } } }), empty).findings).toEqual([]);
  });

  it('finds too many resources', () => {
    const many = Object.fromEntries(Array.from({ length: 481 }, (_, index) => [`R${String(index)}`, { Type: 'AWS::SNS::Topic' }]));
    expect(checkLimits(stack(many), empty).findings).toMatchObject([{ where: 'Stack', message: expect.stringContaining('481 resources') }]);
  });

  it.each<[string, Record<string, unknown>]>([['AWS::EC2::NatGateway', {}], ['AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' }], ['AWS::SageMaker::Endpoint', {}], ['AWS::ECS::Service', { DesiredCount: 1 }]])(
    'finds %s, which is billed by the hour',
    (Type, Properties) => {
      expect(checkLimits(stack({ A: { Type, Properties } }), empty).findings).toMatchObject([{ where: 'Stack/A', message: expect.stringContaining('billed by the hour') }]);
    },
  );

  it('counts what is billed by the hour where the app was asked for it', () => {
    expect(checkLimits(stack({ A: { Type: 'AWS::EC2::NatGateway' }, B: { Type: 'AWS::S3::Bucket' } }), empty, true)).toMatchObject({ findings: [], looked: '2 resources in 1 stacks, 1 of them billed by the hour' });
  });

  it('finds a bundle that Lambda would not take', () => {
    const large = path.join(folder, 'large');
    mkdirSync(path.join(large, 'asset.1'), { recursive: true });
    writeFileSync(path.join(large, 'asset.1', 'index.mjs'), '');
    expect(checkLimits([], large).findings).toEqual([]);
    truncateSync(path.join(large, 'asset.1', 'index.mjs'), 251 * 1024 * 1024);
    expect(checkLimits([], large).findings).toMatchObject([{ where: 'asset.1' }]);
  });
});

describe('cfn-lint', () => {
  it('is skipped, and says so, where it is not installed', () => {
    expect(checkByCfnLint([], 'no-such-cfn-lint')).toMatchObject({ findings: [], skipped: expect.stringContaining('PATH') });
  });

  it('reports errors, and not its opinions', () => {
    const match = (Level: string) => ({ Level, Message: 'wrong', Rule: { Id: 'E1' }, Filename: 'a.json', Location: { Path: ['Resources', 'A', 0] } });
    expect(findingsIn(JSON.stringify([match('Error'), match('Warning')]))).toEqual([{ check: 'cfn-lint', where: 'a.json Resources/A/0', message: 'E1: wrong' }]);
    expect(findingsIn('', 'crashed')).toMatchObject([{ message: 'gave no JSON: crashed' }]);
  });
});

it('cfn-lint knows no tags of types that CloudFormation tags by now: these, and nothing else, are no findings', () => {
  const types = { Target: 'AWS::ApplicationAutoScaling::ScalableTarget', Listener: 'AWS::ElasticLoadBalancingV2::Listener', Policy: 'AWS::ApplicationAutoScaling::ScalingPolicy' };
  const stack = templateStack('S', { Resources: Object.fromEntries(Object.entries(types).map(([id, Type]) => [id, { Type }])) }, 's.json');
  const match = (...found: string[]) => ({ Level: 'Error', Message: 'unexpected', Rule: { Id: 'E3002' }, Filename: 's.json', Location: { Path: ['Resources', ...found] } });
  const matches = [match('Target', 'Properties', 'Tags'), match('Listener', 'Properties', 'Tags'), match('Listener', 'Properties', 'Tag'), match('Policy', 'Properties', 'Tags'), { ...match('Target', 'Properties', 'Tags'), Rule: { Id: 'E3012' } }];
  expect(findingsIn(JSON.stringify(matches), '', [stack]).map(({ where }) => where)).toEqual(['s.json Resources/Listener/Properties/Tag', 's.json Resources/Policy/Properties/Tags', 's.json Resources/Target/Properties/Tags']);
});

describe('the assembly and its reports', () => {
  it('reads the stacks of an assembly', () => {
    writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ artifacts: { S: { type: 'aws:cloudformation:stack', properties: { templateFile: 's.json' } }, T: { type: 'cdk:tree' } } }));
    writeFileSync(path.join(folder, 's.json'), JSON.stringify({ Resources: { A: { Type: 'AWS::SNS::Topic' } } }));
    const [stack] = readAssembly(folder);
    expect(stack).toMatchObject({ name: 'S', resources: [{ logicalId: 'A', type: 'AWS::SNS::Topic' }] });
    expect(whereIs(stack!.resources[0]!)).toBe('S/A');
  });

  it('reads what a plugin found', () => {
    const report = { pluginReports: [{ pluginName: 'P', violations: [{ ruleName: 'R', description: 'is wrong', violatingConstructs: [{ constructPath: 'Stack/A' }, { cloudFormationResource: { logicalId: 'B' } }] }] }] };
    writeFileSync(path.join(folder, 'validation-report.json'), JSON.stringify(report));
    expect(readValidationReport(folder, 'nag', 'P').findings).toEqual([
      { check: 'nag', where: 'Stack/A', message: 'R: is wrong' },
      { check: 'nag', where: 'B', message: 'R: is wrong' },
    ]);
    expect(readValidationReport(folder, 'nag', 'Q').findings).toEqual([]);
    expect(readValidationReport(path.join(folder, 'gone'), 'nag', 'P').findings).toHaveLength(1);
  });

  it('prints findings first and a table last', () => {
    const text = renderReport([
      { check: 'one', looked: '3 things', findings: [] },
      { check: 'two', looked: '4 things', findings: [{ check: 'two', where: 'here', message: 'is wrong' }] },
      { check: 'three', looked: 'nothing', findings: [], skipped: 'not installed' },
    ]);
    expect(text).toBe('✗ two: here\n    is wrong\n\nok       one    3 things\nFAILED   two    4 things: 1 findings\nskipped  three  not installed');
  });
});
