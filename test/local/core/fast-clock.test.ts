import path from 'node:path';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, onTestFinished, test } from 'vitest';
import { startLaptop } from '../../../local/index.ts';
import { temporaryDirectory, writeAssembly } from '../support/assembly.ts';

const speed = 600;
const client = path.resolve('node_modules/@aws-sdk/client-sts');
// A task of half a second takes five minutes on this clock: neither its own timeout nor the state's may end it.
const code = `exports.handler = async (event, context) => {
  const { STSClient, GetCallerIdentityCommand } = require(${JSON.stringify(client)});
  const sts = new STSClient({});
  await sts.send(new GetCallerIdentityCommand({}));
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { now: Date.now(), text: new Date().toISOString(), called: Date(), given: new Date(0).getTime(), isDate: new Date() instanceof Date, skew: sts.config.systemClockOffset, remaining: context.getRemainingTimeInMillis() };
};`;
const resources = {
  Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
  Fn: { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: code }, Handler: 'index.handler', Runtime: 'nodejs24.x', Timeout: 5, Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'] } },
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      StateMachineName: 'machine',
      RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
      DefinitionString: { 'Fn::Sub': JSON.stringify({ TimeoutSeconds: 60, StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 300, Next: 'Work' }, Work: { Type: 'Task', Resource: '${Fn.Arn}', TimeoutSeconds: 10, End: true } } }) },
    },
  },
};

test('a fast laptop waits less, lets programs work at their own pace under its time, and never goes back', async () => {
  const directory = temporaryDirectory();
  const options = { assembly: writeAssembly(path.join(directory, 'cdk.out'), { App: { Resources: resources } }), stateDirectory: path.join(directory, 'state') };
  const laptop = await startLaptop({ ...options, clockSpeed: speed });
  onTestFinished(() => laptop.close());
  const states = new SFNClient({ endpoint: laptop.awsEndpoint, region: laptop.region, credentials: laptop.credentials });
  const began = performance.now();
  const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:machine' }));
  const describe = () => states.send(new DescribeExecutionCommand({ executionArn }));
  await expect.poll(async () => (await describe()).status, { timeout: 10_000 }).toBe('SUCCEEDED');
  const { startDate, stopDate, output } = await describe();
  const seen = JSON.parse(output!) as { now: number; text: string; called: string; given: number; isDate: boolean; skew: number; remaining: number };
  // More than ten minutes on the laptop: the wait and the function's half a second.
  expect(stopDate!.getTime() - startDate!.getTime()).toBeGreaterThan(600_000);
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(seen.now).toBeGreaterThan(startDate!.getTime() + 600_000 - 1000);
  expect(seen.now).toBeLessThanOrEqual(stopDate!.getTime());
  expect([new Date(seen.called).getFullYear(), Math.abs(Date.parse(seen.text) - seen.now) < 10_000, seen.given, seen.isDate, Math.abs(seen.skew) < 60_000]).toEqual([startDate!.getFullYear(), true, 0, true, true]);
  // Four and a half seconds of the machine's, told in the laptop's.
  expect(seen.remaining).toBeGreaterThan(3 * speed * 1000);
  await laptop.close();

  const times: string[] = [];
  const again = await startLaptop({ ...options, onEvent: (event) => event.type === 'notice' && times.push(event.message) });
  onTestFinished(() => again.close());
  expect(Date.parse(/it is (\S+) on the laptop/.exec(times.join())?.[1] ?? '')).toBeGreaterThanOrEqual(stopDate!.getTime());
});
