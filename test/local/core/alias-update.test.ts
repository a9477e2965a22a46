import path from 'node:path';
import { CloudFormationClient, DescribeStackResourceCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { SetAlarmStateCommand, CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GetAliasCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../support/assembly.ts';
import { testLaptop, type TestLaptop } from '../support/laptop.ts';
import { fastClock } from '../services/harness.ts';

/** An app whose alias moves by CodeDeploy under an alarm. */
const app = (says: string, versionId: string): object => ({
  App: {
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'worker', AssumeRolePolicyDocument: {} } },
      Fn: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'fn', Code: { ZipFile: `exports.handler = async () => ${JSON.stringify(says)};` }, Handler: 'index.handler', Runtime: 'nodejs24.x', Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'], Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      [versionId]: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
      // As CDK renders it: the policy alone refers to the application and its group.
      Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, FunctionVersion: { 'Fn::GetAtt': [versionId, 'Version'] }, Name: 'live' }, UpdatePolicy: { CodeDeployLambdaAliasUpdate: { ApplicationName: { Ref: 'Deploy' }, DeploymentGroupName: { Ref: 'Group' } } } },
      Errors: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName: 'errors', Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Fn' } }, { Name: 'Resource', Value: { 'Fn::Join': ['', [{ Ref: 'Fn' }, ':live']] } }], Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'ignore' } },
      Deploy: { Type: 'AWS::CodeDeploy::Application', Properties: { ComputePlatform: 'Lambda' } },
      Group: { Type: 'AWS::CodeDeploy::DeploymentGroup', Properties: { ApplicationName: { Ref: 'Deploy' }, ServiceRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, DeploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute', AlarmConfiguration: { Enabled: true, Alarms: [{ Name: { Ref: 'Errors' } }] }, AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] } } },
    },
  },
});

const stackOf = async ({ client }: TestLaptop) => (await new CloudFormationClient(client).send(new DescribeStacksCommand({ StackName: 'App' }))).Stacks![0]!;
const said = async ({ client }: TestLaptop): Promise<string> => (await new LambdaClient(client).send(new InvokeCommand({ FunctionName: 'fn', Qualifier: 'live' }))).Payload!.transformToString();

test('a changed template moves the alias while the laptop is up, and its stack is done when the alias is; an alarm turns it back and fails the update', async () => {
  const stateDirectory = path.join(temporaryDirectory(), 'state');
  const up = (template: object) => testLaptop(template as Record<string, object>, { stateDirectory, clock: fastClock() });

  const first = await up(app('one', 'V1'));
  expect([(await stackOf(first)).StackStatus, await said(first)]).toEqual(['CREATE_COMPLETE', '"one"']);
  await first.close();

  const second = await up(app('two', 'V2'));
  await expect.poll(async () => (await stackOf(second)).StackStatus).toBe('UPDATE_COMPLETE');
  expect(await said(second)).toBe('"two"');
  // The version before is gone with its resource, now that the alias leads elsewhere.
  await expect(new LambdaClient(second.client).send(new InvokeCommand({ FunctionName: 'fn', Qualifier: '1' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await new CloudWatchClient(second.client).send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'a test' }));
  await second.close();

  const third = await up(app('three', 'V3'));
  await expect.poll(async () => (await stackOf(third)).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await said(third)).toBe('"two"');
  expect((await stackOf(third)).StackStatusReason).toMatch(/failed to update: \[Live\]\. The CodeDeploy deployment d-\w+ was stopped: .*Activated alarms: <errors>/);
  const { StackResourceDetail } = await new CloudFormationClient(third.client).send(new DescribeStackResourceCommand({ StackName: 'App', LogicalResourceId: 'Live' }));
  expect(StackResourceDetail).toMatchObject({ ResourceStatus: 'UPDATE_FAILED', ResourceStatusReason: expect.stringContaining('Activated alarms') as unknown });
  expect((await new LambdaClient(third.client).send(new GetAliasCommand({ FunctionName: 'fn', Name: 'live' }))).FunctionVersion).toBe('2');
});
