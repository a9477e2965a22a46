import { expect, test } from 'vitest';
import { resolve } from '../../../local/assembly/intrinsics.ts';
import { stackScope, type DeployedResource } from '../../../local/assembly/scope.ts';
import type { Template } from '../../../local/assembly/template.ts';

const bucket: DeployedResource = { physicalId: 'my-bucket', attribute: (name) => ({ Arn: 'arn:aws:s3:::my-bucket', 'Outputs.Url': 'https://x' })[name] };

const template: Template = {
  Parameters: {
    Stage: { Type: 'String', Default: 'dev' },
    Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
    Bootstrap: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
    Required: { Type: 'String' },
  },
  Mappings: { Images: { 'us-east-1': { arm64: 'image-1' } } },
  Conditions: {
    IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] },
    NotDev: { 'Fn::Not': [{ Condition: 'IsDev' }] },
    Either: { 'Fn::Or': [{ Condition: 'NotDev' }, { 'Fn::And': [{ Condition: 'IsDev' }, { 'Fn::Equals': [1, '1'] }] }] },
    Circle: { 'Fn::Not': [{ Condition: 'Circle' }] },
  },
};

const scope = stackScope(
  {
    stack: { id: 'App', stackName: 'App', template, tags: {}, constructPaths: {} },
    stackId: 'arn:stack',
    environment: { accountId: '000000000000', region: 'us-east-1', partition: 'aws' },
    parameters: {},
    resources: new Map([['Bucket', bucket]]),
    exports: new Map([['Other:Name', 'exported']]),
  },
  'App/Thing',
);

test.each<[string, unknown, unknown]>([
  ['Ref of a resource', { Ref: 'Bucket' }, 'my-bucket'],
  ['Ref of a parameter', { Ref: 'Stage' }, 'dev'],
  ['Ref of a list parameter', { Ref: 'Zones' }, ['a', 'b']],
  ['Ref of a parameter in Parameter Store', { Ref: 'Bootstrap' }, '/cdk-bootstrap/hnb659fds/version'],
  ['pseudo parameters', { 'Fn::Join': [':', [{ Ref: 'AWS::AccountId' }, { Ref: 'AWS::Region' }, { Ref: 'AWS::Partition' }, { Ref: 'AWS::URLSuffix' }, { Ref: 'AWS::StackName' }, { Ref: 'AWS::StackId' }]] }, '000000000000:us-east-1:aws:amazonaws.com:App:arn:stack'],
  ['GetAtt as a list', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::my-bucket'],
  ['GetAtt as text', { 'Fn::GetAtt': 'Bucket.Outputs.Url' }, 'https://x'],
  ['Sub', { 'Fn::Sub': '${Bucket}/${Bucket.Arn}/${AWS::Region}/${!Literal}/$x' }, 'my-bucket/arn:aws:s3:::my-bucket/us-east-1/${Literal}/$x'],
  ['Sub with variables', { 'Fn::Sub': ['${Name}-${Stage}', { Name: { Ref: 'Bucket' } }] }, 'my-bucket-dev'],
  ['Select, Split', { 'Fn::Select': ['1', { 'Fn::Split': ['-', { Ref: 'Bucket' }] }] }, 'bucket'],
  ['If', { 'Fn::If': ['IsDev', 'yes', { 'Fn::GetAtt': ['None', 'Arn'] }] }, 'yes'],
  ['If on nested conditions', { 'Fn::If': ['Either', 1, 2] }, 1],
  ['FindInMap', { 'Fn::FindInMap': ['Images', { Ref: 'AWS::Region' }, 'arm64'] }, 'image-1'],
  ['ImportValue', { 'Fn::ImportValue': { 'Fn::Join': [':', ['Other', 'Name']] } }, 'exported'],
  ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
  ['GetAZs', { 'Fn::GetAZs': '' }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
  ['Cidr', { 'Fn::Cidr': ['10.0.0.0/16', 3, '8'] }, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
  ['Length', { 'Fn::Length': { Ref: 'Zones' } }, 2],
  ['ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'Stage' } } }, '{"a":"dev"}'],
  ['NoValue in an object and a list', { a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }], c: { 'Fn::If': ['NotDev', 1, { Ref: 'AWS::NoValue' }] } }, { b: [1] }],
  ['a policy with a Condition of its own', { Condition: { StringEquals: { a: { Ref: 'Stage' } } } }, { Condition: { StringEquals: { a: 'dev' } } }],
  ['plain values', { a: [1, true, null, 'x'] }, { a: [1, true, null, 'x'] }],
])('%s', (_, value, expected) => expect(resolve(value, scope)).toEqual(expected));

test.each<[string, unknown, string]>([
  ['an unknown name', { Ref: 'None' }, 'App/Thing refers to None, which is neither a parameter nor a resource'],
  ['an attribute that is not there', { 'Fn::GetAtt': ['Bucket', 'Nope'] }, 'asks for the attribute Nope of Bucket'],
  ['a parameter without a value', { Ref: 'Required' }, 'App has the parameter Required without a default'],
  ['an unknown function', { 'Fn::Transform': {} }, 'uses Fn::Transform, which the laptop does not resolve'],
  ['an import that no one exports', { 'Fn::ImportValue': 'nothing' }, 'imports nothing, which no stack exports'],
  ['a dynamic reference', { Password: '{{resolve:secretsmanager:db:SecretString:password}}' }, 'dynamic reference {{resolve:secretsmanager:db:SecretString:password}}'],
  ['conditions in a circle', { 'Fn::If': ['Circle', 1, 2] }, 'Circle → Circle'],
  ['a mapping without the key', { 'Fn::FindInMap': ['Images', 'eu-west-1', 'arm64'] }, 'the mapping Images holds nothing under eu-west-1, arm64'],
  ['an item beyond the list', { 'Fn::Select': [5, ['a']] }, 'asks for item 5 of a list of 1'],
])('%s is refused with its place', (_, value, message) => expect(() => resolve(value, scope)).toThrow(message));
