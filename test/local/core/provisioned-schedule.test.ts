import { GetProvisionedConcurrencyConfigCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { manualClock } from '../services/manual-clock.ts';
import { testLaptop } from '../support/laptop.ts';

test('a schedule changes how many processes an alias keeps warm, at its time', async () => {
  const clock = manualClock();
  // As CDK renders alias.addAutoScaling: the resource id is taken out of the alias's ARN.
  const resourceId = { 'Fn::Join': ['', ['function:', { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Live' }] }] }, ':live']] };
  const { client } = await testLaptop({
    App: {
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'worker', AssumeRolePolicyDocument: {} } },
        Fn: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'fn', Code: { ZipFile: 'exports.handler = async () => 1;' }, Handler: 'index.handler', Runtime: 'nodejs24.x', Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'], Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
        Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
        Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] }, Name: 'live', ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 } } },
        Target: { Type: 'AWS::ApplicationAutoScaling::ScalableTarget', Properties: { ServiceNamespace: 'lambda', ScalableDimension: 'lambda:function:ProvisionedConcurrency', ResourceId: resourceId, MinCapacity: 1, MaxCapacity: 2, ScheduledActions: [{ ScheduledActionName: 'morning', Schedule: 'cron(0 8 * * ? *)', ScalableTargetAction: { MinCapacity: 2, MaxCapacity: 2 } }] } },
      },
    },
  }, { clock });
  const lambda = new LambdaClient(client);
  const warm = async () => {
    const { RequestedProvisionedConcurrentExecutions, Status } = await lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName: 'fn', Qualifier: 'live' }));
    return [RequestedProvisionedConcurrentExecutions, Status];
  };
  await expect.poll(warm).toEqual([1, 'READY']);
  clock.advance(8 * 3600_000);
  await expect.poll(warm).toEqual([2, 'READY']);
});
