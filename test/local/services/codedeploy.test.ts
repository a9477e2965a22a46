import { CodeDeployClient, type DeploymentInfo, CreateDeploymentCommand, GetDeploymentCommand, GetDeploymentConfigCommand, GetDeploymentGroupCommand, GetDeploymentTargetCommand, ListDeploymentConfigsCommand, ListDeploymentsCommand, PutLifecycleEventHookExecutionStatusCommand, StopDeploymentCommand } from '@aws-sdk/client-codedeploy';
import { GetAliasCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../local/core/context.ts';
import { DeploymentConfigs, steps } from '../../../local/services/codedeploy/configs.ts';
import { createCodeDeploy } from '../../../local/services/codedeploy/index.ts';
import { createLambda } from '../../../local/services/lambda/index.ts';
import { fastClock, openBench, role, type Bench } from './harness.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';

let bench: Bench;
let codedeploy: CodeDeployClient;
let lambda: LambdaClient;
/** What the alarm says when it is looked at, and the alias's shares whenever it was. */
let alarm: (share: number) => 'OK' | 'ALARM';
let shares: number[];
let now: Date[];
const FunctionName = 'Test-Fn';

async function open(clock: Clock = fastClock()): Promise<void> {
  bench = await openBench({
    modules: [createLambda, createCodeDeploy],
    services: [{ name: 'monitoring', operations: { PutMetricData: () => ({}), async DescribeAlarms(input: { AlarmNames: string[] }) {
      const { FunctionVersion, RoutingConfig } = await getAlias();
      const share = FunctionVersion === '2' ? 1 : (RoutingConfig?.AdditionalVersionWeights?.['2'] ?? 0);
      shares.push(share);
      now.push(bench.context.clock.now());
      return { MetricAlarms: input.AlarmNames.map((AlarmName) => ({ AlarmName, StateValue: alarm(share) })) };
    } } }],
    clock,
  });
  codedeploy = new CodeDeployClient(bench.client);
  lambda = new LambdaClient(bench.client);
}

beforeEach(async () => {
  [shares, now, alarm] = [[], [], () => 'OK'];
  await open();
});

afterEach(async () => {
  codedeploy.destroy();
  lambda.destroy();
  await bench.close();
});

/** Begins anew, on a clock that the test moves. */
async function reopen(): Promise<ManualClock> {
  codedeploy.destroy();
  lambda.destroy();
  await bench.close();
  const clock = manualClock();
  await open(clock);
  return clock;
}

const getAlias = () => lambda.send(new GetAliasCommand({ FunctionName, Name: 'live' }));
const deploy = (name: string, body: string) => bench.provision('AWS::Lambda::Function', name, { Code: { ZipFile: `exports.handler = async (event) => { ${body} };` }, Handler: 'index.handler', Runtime: 'nodejs24.x', Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'], Role: role });

/** A group whose alias stands at version 1, with version 2 published. */
async function prepare(group: Record<string, unknown> = {}): Promise<Record<string, string>> {
  await deploy('Fn', 'return 1;');
  await bench.provision('AWS::Lambda::Version', 'V1', { FunctionName });
  await bench.provision('AWS::Lambda::Alias', 'Live', { FunctionName, FunctionVersion: '1', Name: 'live' });
  await deploy('Fn', 'return 2;');
  await bench.provision('AWS::Lambda::Version', 'V2', { FunctionName });
  const { physicalId: ApplicationName } = await bench.provision('AWS::CodeDeploy::Application', 'App', { ComputePlatform: 'Lambda' });
  const { physicalId: DeploymentGroupName } = await bench.provision('AWS::CodeDeploy::DeploymentGroup', 'Group', {
    ApplicationName,
    ServiceRoleArn: role,
    DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
    AlarmConfiguration: { Enabled: true, Alarms: [{ Name: 'errors' }] },
    AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'] },
    ...group,
  });
  return { ApplicationName, DeploymentGroupName };
}

/** Changes the alias in the template and brings everything up. */
async function update(policy: Record<string, string>): Promise<void> {
  await bench.provision('AWS::Lambda::Alias', 'Live', { FunctionName, FunctionVersion: '2', Name: 'live' }, { CodeDeployLambdaAliasUpdate: policy });
  await bench.ready();
}

async function deployment(): Promise<DeploymentInfo | undefined> {
  const { deployments } = await codedeploy.send(new ListDeploymentsCommand({}));
  const all = await Promise.all((deployments ?? []).map(async (deploymentId) => (await codedeploy.send(new GetDeploymentCommand({ deploymentId }))).deploymentInfo!));
  return all.find(({ creator }) => creator !== 'codeDeployRollback');
}

describe('an alias that a template update changes', () => {
  it('moves by its group\'s configuration, on the laptop\'s clock', async () => {
    await update(await prepare());
    await Promise.all(bench.settling);
    expect([...new Set(shares)]).toEqual([0, 0.1, 1]);
    const first = shares.indexOf(0.1);
    expect(now[shares.lastIndexOf(0.1)]!.getTime() - now[first]!.getTime()).toBeGreaterThanOrEqual(5 * 60_000 - 5000);
    const moved = await getAlias();
    expect([moved.FunctionVersion, moved.RoutingConfig]).toEqual(['2', undefined]);
    const info = (await deployment())!;
    expect(info).toMatchObject({ status: 'Succeeded', deploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes', computePlatform: 'Lambda', creator: 'CloudFormation' });
    const { deploymentTarget } = await codedeploy.send(new GetDeploymentTargetCommand({ deploymentId: info.deploymentId!, targetId: 'any' }));
    expect(deploymentTarget?.lambdaTarget).toMatchObject({ status: 'Succeeded', lambdaFunctionInfo: { functionName: FunctionName, functionAlias: 'live', currentVersion: '1', targetVersion: '2', targetVersionWeight: 1 }, lifecycleEvents: [{ lifecycleEventName: 'BeforeAllowTraffic', status: 'Skipped' }, { lifecycleEventName: 'AllowTraffic', status: 'Succeeded' }, { lifecycleEventName: 'AfterAllowTraffic', status: 'Skipped' }] });
    const callers = bench.events.flatMap((event) => (event.type === 'call' && event.operation === 'UpdateAlias' ? [event.callerArn] : []));
    expect([...new Set(callers)]).toEqual(['arn:aws:sts::000000000000:assumed-role/tester/codedeploy']);
  });

  it('goes back when an alarm is active, and its update fails', async () => {
    alarm = (share) => (share > 0 ? 'ALARM' : 'OK');
    await update(await prepare());
    await expect(Promise.all(bench.settling)).rejects.toThrow(/was stopped: One or more alarms have been activated .* Activated alarms: <errors>/);
    const back = await getAlias();
    expect([back.FunctionVersion, back.RoutingConfig]).toEqual(['1', undefined]);
    expect(Math.max(...shares)).toBe(0.1);
    const info = (await deployment())!;
    expect(info).toMatchObject({ status: 'Stopped', errorInformation: { code: 'ALARM_ACTIVE' }, rollbackInfo: { rollbackDeploymentId: expect.stringMatching(/^d-[A-Z0-9]{9}$/) as unknown } });
    const { deploymentInfo } = await codedeploy.send(new GetDeploymentCommand({ deploymentId: info.rollbackInfo!.rollbackDeploymentId! }));
    expect(deploymentInfo).toMatchObject({ creator: 'codeDeployRollback', status: 'Succeeded' });

    alarm = () => 'OK';
    await update({ ApplicationName: 'Test-App', DeploymentGroupName: 'Test-Group' });
    await bench.settling.at(-1);
    expect((await getAlias()).FunctionVersion, 'the next update tries again').toBe('2');
  });

  it('asks its hooks before and after, and goes back when one says no', async () => {
    const clock = await reopen();
    const policy = await prepare({ AlarmConfiguration: undefined, DeploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce' });
    for (const name of ['Before', 'After']) await deploy(name, 'console.log("HOOK " + JSON.stringify(event));');
    await update({ ...policy, BeforeAllowTrafficHook: 'Test-Before', AfterAllowTrafficHook: 'Test-After' });
    const heard = (name: string): string[] => bench.events.flatMap((event) => (event.type === 'service' && event.detail['functionName'] === `Test-${name}` ? (/HOOK (.*)/.exec(String(event.detail['line']))?.slice(1) ?? []) : []));
    const answer = async (name: string, status: 'Succeeded' | 'Failed'): Promise<void> => {
      await expect.poll(() => heard(name)).toHaveLength(1);
      const { DeploymentId: deploymentId, LifecycleEventHookExecutionId } = JSON.parse(heard(name)[0]!) as Record<string, string>;
      const put = (lifecycleEventHookExecutionId: string) => codedeploy.send(new PutLifecycleEventHookExecutionStatusCommand({ deploymentId: deploymentId!, lifecycleEventHookExecutionId, status }));
      await expect(put('absent')).rejects.toMatchObject({ name: 'LifecycleEventAlreadyCompletedException' });
      await put(LifecycleEventHookExecutionId!);
    };
    await answer('Before', 'Succeeded');
    await expect.poll(async () => (await getAlias()).FunctionVersion).toBe('2');
    await answer('After', 'Failed');
    await expect.poll(async () => (await deployment())?.status).toBe('Failed');
    clock.advance(1000);
    await expect(Promise.all(bench.settling)).rejects.toThrow('Test-After (AfterAllowTraffic) said Failed');
    expect((await getAlias()).FunctionVersion).toBe('1');
    expect((await deployment())?.errorInformation?.code).toBe('HOOK_EXECUTION_FAILURE');
  });

  it('fails with a hook that says nothing for an hour', async () => {
    const policy = await prepare({ AlarmConfiguration: undefined });
    await deploy('Silent', '');
    await update({ ...policy, BeforeAllowTrafficHook: 'Test-Silent' });
    await expect(bench.settling[0]).rejects.toThrow('said nothing within an hour');
    expect((await getAlias()).FunctionVersion).toBe('1');
  });

  it.each([['Test-None', 'could not be called: Function not found'], ['Test-Broken', 'no smoke']])('fails with the hook %s, which %s', async (hook, message) => {
    const clock = await reopen();
    const policy = await prepare({ AlarmConfiguration: undefined });
    await deploy('Broken', 'throw new Error("no smoke");');
    await update({ ...policy, BeforeAllowTrafficHook: hook });
    await expect.poll(async () => (await deployment())?.status).toBe('Failed');
    clock.advance(1000);
    await expect(bench.settling[0]).rejects.toThrow(message);
  });
});

describe('a deployment by the API', () => {
  const create = (more: object = {}) =>
    codedeploy.send(new CreateDeploymentCommand({ applicationName: 'Test-App', deploymentGroupName: 'Test-Group', revision: { revisionType: 'AppSpecContent', appSpecContent: { content: JSON.stringify({ version: 0, Resources: [{ fn: { Type: 'AWS::Lambda::Function', Properties: { Name: FunctionName, Alias: 'live', CurrentVersion: '1', TargetVersion: '2' } } }], Hooks: [] }) } }, ...more }));

  beforeEach(async () => {
    await reopen();
    await prepare();
  });

  it('is stopped on request, and traffic goes back', async () => {
    const { deploymentId } = await create();
    await expect.poll(async () => (await getAlias()).RoutingConfig).toEqual({ AdditionalVersionWeights: { 2: 0.1 } });
    await expect(create()).rejects.toMatchObject({ name: 'DeploymentLimitExceededException' });
    await codedeploy.send(new StopDeploymentCommand({ deploymentId: deploymentId! }));
    await expect.poll(async () => (await deployment())?.status).toBe('Stopped');
    expect((await getAlias()).RoutingConfig).toBeUndefined();
    expect((await deployment())?.errorInformation?.code).toBe('MANUAL_STOP');
    await expect(codedeploy.send(new StopDeploymentCommand({ deploymentId: deploymentId! }))).rejects.toMatchObject({ name: 'DeploymentAlreadyCompletedException' });
  });

  it('that a laptop left at work is stopped for the next one', async () => {
    const { deploymentId } = await create();
    await expect.poll(async () => (await getAlias()).RoutingConfig).toBeDefined();
    const { stateDirectory } = bench.context;
    await bench.close({ keep: true });
    const next = await openBench({ modules: [createCodeDeploy], stateDirectory, clock: manualClock() });
    const { deploymentInfo } = await new CodeDeployClient(next.client).send(new GetDeploymentCommand({ deploymentId: deploymentId! }));
    await next.close({ keep: true });
    await open();
    expect(deploymentInfo).toMatchObject({ status: 'Stopped', errorInformation: { message: 'The laptop ended while the deployment was at work.' } });
  });

  it('is refused where CodeDeploy would', async () => {
    await expect(create({ applicationName: 'none' })).rejects.toMatchObject({ name: 'ApplicationDoesNotExistException' });
    await expect(create({ deploymentGroupName: 'none' })).rejects.toMatchObject({ name: 'DeploymentGroupDoesNotExistException' });
    await expect(create({ deploymentConfigName: 'none' })).rejects.toMatchObject({ name: 'DeploymentConfigDoesNotExistException' });
    await expect(create({ revision: undefined })).rejects.toMatchObject({ name: 'RevisionRequiredException' });
    await expect(create({ revision: { revisionType: 'AppSpecContent', appSpecContent: { content: 'version: 0.0' } } })).rejects.toThrow('it is not JSON');
    const { deploymentGroupInfo } = await codedeploy.send(new GetDeploymentGroupCommand({ applicationName: 'Test-App', deploymentGroupName: 'Test-Group' }));
    expect(deploymentGroupInfo).toMatchObject({ computePlatform: 'Lambda', alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] } });
  });

  it('knows CodeDeploy\'s configurations, and those of templates', async () => {
    await bench.provision('AWS::CodeDeploy::DeploymentConfig', 'Own', { ComputePlatform: 'Lambda', TrafficRoutingConfig: { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearInterval: 2, LinearPercentage: 40 } } });
    const { deploymentConfigsList } = await codedeploy.send(new ListDeploymentConfigsCommand({}));
    expect(deploymentConfigsList).toEqual(expect.arrayContaining(['CodeDeployDefault.LambdaAllAtOnce', 'CodeDeployDefault.LambdaCanary10Percent30Minutes', 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute', 'CodeDeployDefault.LambdaLinear10PercentEvery10Minutes', 'Test-Own']));
    const { deploymentConfigInfo } = await codedeploy.send(new GetDeploymentConfigCommand({ deploymentConfigName: 'Test-Own' }));
    expect(deploymentConfigInfo?.trafficRoutingConfig).toEqual({ type: 'TimeBasedLinear', timeBasedLinear: { linearPercentage: 40, linearInterval: 2 } });
    await expect(bench.provision('AWS::CodeDeploy::DeploymentConfig', 'Bad', { ComputePlatform: 'Lambda', TrafficRoutingConfig: { Type: 'TimeBasedCanary', TimeBasedCanary: { CanaryInterval: 0, CanaryPercentage: 100 } } })).rejects.toThrow('expected 1 to 99 percent');
  });
});

it('steps add up to the whole', () => {
  const shape = (name: string): number[] => [...steps(new DeploymentConfigs().get(name))].map(({ percent }) => percent);
  expect(shape('CodeDeployDefault.LambdaAllAtOnce')).toEqual([100]);
  expect(shape('CodeDeployDefault.LambdaCanary10Percent5Minutes')).toEqual([10, 100]);
  expect(shape('CodeDeployDefault.LambdaLinear10PercentEvery1Minute')).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
});
