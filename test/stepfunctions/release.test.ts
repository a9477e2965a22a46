import { describe, expect, it } from 'vitest';
import { checkStateMachines } from '../../scripts/synth/state-machines.ts';
import type { AslMachine } from '../../scripts/synth/definitions.ts';
import { checkTaskArguments } from '../../scripts/synth/task-arguments.ts';
import { TaskFailure } from '../../local/states/index.ts';
import type { Json } from '../../local/states/index.ts';
import { fakes as withoutRelease } from './fakes.ts';
import { definition, invoked } from './fixture.ts';
import { fakeRun } from './run.ts';
import type { Fake } from './run.ts';

const release = { endpointUrl: 'https://production.example', releaseModel: invoked('release-model'), rollout: { stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:production-rollout', planSeconds: 0 } };
const approval = { requestApproval: invoked('request-approval'), timeoutSeconds: 7 * 86_400 };
const automatic = definition({ release });
const manual = definition({ release: { ...release, approval } });
const deployed = { status: 'DEPLOYED', record: 's3://artifacts/deployments/production.json', servedVersion: '1', previous: null, rollout: 'run-1', model: { modelPackageArn: 'arn/1', modelName: 'flights', modelVersion: '1' } };
const fakes: Readonly<Record<string, Fake>> = {
  ...withoutRelease,
  'request-approval': { asked: true },
  'release-model': deployed,
  notify: (args, redriveCount): Json => (args['kind'] === 'superseded' ? { sent: true } : (withoutRelease['notify'] as (args: Record<string, Json>, redriveCount: number) => Json)(args, redriveCount)),
};
const yes = { decision: 'Approved', by: 'arn:aws:iam::123456789012:user/alice', at: '2026-11-20T12:00:00.000Z', reason: 'good' };
const after = (entered: readonly string[], state: string) => entered.slice(entered.indexOf(state));

describe('a pipeline with production', () => {
  it('stands in the order in which its states run', () => {
    const names = Object.keys(manual.States);
    expect(names.slice(names.indexOf('CheckStaging'))).toEqual([
      'CheckStaging', 'AwaitApproval', 'DeployToProduction', 'CheckRelease', 'RollOutToProduction', 'CheckProduction', 'NotifySuperseded', 'NotifySuccess', 'NotifyFailure', 'ResumeAfterRedrive',
    ]);
    expect(Object.keys(automatic.States)).not.toContain('AwaitApproval');
    expect(Object.keys(definition().States)).not.toContain('DeployToProduction');
  });

  it('passes the checks of synth', async () => {
    for (const machine of [automatic, manual]) {
      const definitions = [{ where: 'pipeline', machine: machine as unknown as AslMachine }];
      expect(checkStateMachines(definitions).findings).toEqual([]);
      expect((await checkTaskArguments(definitions)).findings).toEqual([]);
    }
  });

  it('goes on after a redrive at each state that can fail', () => {
    const { Choices } = manual.States['ResumeAfterRedrive'] as unknown as { Choices: { Next: string }[] };
    for (const state of ['AwaitApproval', 'DeployToProduction', 'NotifySuperseded']) expect(Choices.map(({ Next }) => Next)).toContain(state);
  });

  it('waits by a task token, as long as it is told, and retries what the question met', () => {
    expect(manual.States['AwaitApproval']).toMatchObject({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      TimeoutSeconds: 604_800,
      Arguments: { FunctionName: approval.requestApproval.functionArn, Payload: { taskToken: '{% $states.context.Task.Token %}', timeoutSeconds: 604_800 } },
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'NotifyFailure' }, { ErrorEquals: ['States.ALL'], Next: 'NotifyFailure' }],
    });
  });
});

describe('a run without approval', () => {
  it('registers an approved version, and releases it once staging was tested', async () => {
    const { result, calls, entered } = await fakeRun(automatic, fakes);
    expect(after(entered, 'CheckStaging')).toEqual(['CheckStaging', 'DeployToProduction', 'CheckRelease', 'RollOutToProduction', 'CheckProduction', 'NotifySuccess']);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'DEPLOYED', endpointUrl: 'https://production.example', smokeTest: { latencyMs: 7 } } });
    const argsOf = (name: string) => calls.find((call) => call.name === name)?.args;
    expect(argsOf('register-model')).toMatchObject({ approvalStatus: 'Approved' });
    expect(argsOf('release-model')).toMatchObject({ approval: 'automatic', model: { modelVersion: '1' }, evidence: { summary: 'auc 0.74 is above 0.72', report: 's3://artifacts/report.html' } });
    expect(argsOf('production-rollout')).toMatchObject({ action: 'follow', id: 'run-1', model: { modelVersion: '1' }, rows: [{}], quiet: true });
    expect(argsOf('production-rollout')).not.toHaveProperty('sample');
  });
});

describe('a run that a person decides on', () => {
  it('registers a pending version, and releases it once it is approved; the message names who', async () => {
    const { result, calls, entered } = await fakeRun(manual, fakes, { decision: yes });
    expect(after(entered, 'CheckStaging')).toEqual(['CheckStaging', 'AwaitApproval', 'DeployToProduction', 'CheckRelease', 'RollOutToProduction', 'CheckProduction', 'NotifySuccess']);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'DEPLOYED', approval: yes } });
    const argsOf = (name: string) => calls.find((call) => call.name === name)?.args;
    expect(argsOf('register-model')).toMatchObject({ approvalStatus: 'PendingManualApproval' });
    expect(argsOf('request-approval')).toMatchObject({ taskToken: expect.any(String) as string, enteredAt: '2026-11-20T10:00:00.000Z', attempt: 0, redriveCount: 0, run: { name: 'run-1' }, model: { modelVersion: '1' }, evidence: { metrics: { auc: 0.74 } } });
    expect(argsOf('release-model')).toMatchObject({ approval: 'manual' });
    expect(argsOf('notify')).toMatchObject({ kind: 'success', approval: yes });
  });

  it('ends with the reason where it is rejected, and deploys nothing', async () => {
    const { result, calls } = await fakeRun(manual, fakes, { decision: new TaskFailure('ApprovalRejected', 'alice rejected version 1: worse on the evening flights') });
    expect(result).toMatchObject({ status: 'FAILED', error: 'ApprovalRejected', cause: 'alice rejected version 1: worse on the evening flights' });
    expect(calls.map(({ name }) => name)).not.toContain('release-model');
    expect(calls.at(-1)).toMatchObject({ name: 'notify', args: { failure: { state: 'AwaitApproval', error: 'ApprovalRejected' } } });
  });

  it('ends as timed out where nobody decides, and asks anew when it is redriven', async () => {
    const first = await fakeRun(manual, fakes, { decision: 'nobody' });
    expect(first.result).toMatchObject({ status: 'FAILED', error: 'ApprovalTimedOut', cause: 'Nobody decided on version 1 within 7 days. It stays pending.' });
    if (first.result.status === 'SUCCEEDED') throw new Error('expected a failure');
    const second = await fakeRun(manual, fakes, { resumeFrom: first.result.resume, redriveCount: 1, decision: yes });
    expect(second.entered.slice(0, 3)).toEqual(['ResumeAfterRedrive', 'AwaitApproval', 'DeployToProduction']);
    expect(second.calls.find(({ name }) => name === 'request-approval')?.args).toMatchObject({ redriveCount: 1 });
    expect(second.result.status).toBe('SUCCEEDED');
  });

  it('ends well and told of where a higher version is approved too', async () => {
    const { result, calls, entered } = await fakeRun(manual, { ...fakes, 'release-model': { ...deployed, status: 'SUPERSEDED', servedVersion: '2', rollout: null } }, { decision: yes });
    expect(after(entered, 'DeployToProduction')).toEqual(['DeployToProduction', 'CheckRelease', 'NotifySuperseded']);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'SUPERSEDED', modelVersion: '1', servedVersion: '2' } });
    expect(calls.at(-1)).toMatchObject({ name: 'notify', args: { kind: 'superseded', modelVersion: '1', servedVersion: '2' } });
  });

  it.each([['release-model', 'DeployToProduction'], ['production-rollout', 'DeployToProduction']])('goes on where it failed when it is redriven: %s', async (task, state) => {
    const broken: Fake = () => { throw new TaskFailure('Broken', 'by hand'); };
    const first = await fakeRun(manual, { ...fakes, [task]: broken }, { decision: yes });
    if (first.result.status === 'SUCCEEDED') throw new Error('expected a failure');
    const second = await fakeRun(manual, fakes, { resumeFrom: first.result.resume, redriveCount: 1 });
    expect(second.entered.slice(0, 2)).toEqual(['ResumeAfterRedrive', state]);
    expect(second.result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'DEPLOYED', approval: yes } });
  });

  it('brings a higher version to its end that it has begun to deploy itself, and ends as superseded', async () => {
    const { result, calls } = await fakeRun(manual, { ...fakes, 'release-model': { ...deployed, status: 'SUPERSEDED', servedVersion: '2', rollout: 'run-1', model: { ...deployed.model, modelVersion: '2' } } }, { decision: yes });
    expect(calls.find(({ name }) => name === 'production-rollout')?.args).toMatchObject({ id: 'run-1', model: { modelVersion: '2' } });
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'SUPERSEDED', servedVersion: '1' } });
  });

  it('asks anew for a version that was taken back when it is redriven', async () => {
    const broken: Fake = () => { throw new TaskFailure('States.TaskFailed', JSON.stringify({ ExecutionArn: 'arn', Status: 'FAILED', Error: 'RolledBack', Cause: 'AlarmRaised' })); };
    const first = await fakeRun(manual, { ...fakes, 'production-rollout': broken }, { decision: yes });
    expect(first.calls.at(-1)).toMatchObject({ args: { failure: { state: 'DeployToProduction', error: 'States.TaskFailed', cause: expect.stringContaining('RolledBack') as string } } });
    if (first.result.status === 'SUCCEEDED') throw new Error('expected a failure');
    const second = await fakeRun(manual, fakes, { resumeFrom: first.result.resume, redriveCount: 1 });
    expect(second.calls.find(({ name }) => name === 'release-model')?.args).toMatchObject({ again: true });
  });
});
