import { describe, expect, it } from 'vitest';
import { decide, situationAfter } from '../../lambda/roll-out/decide.ts';
import { rollOutSchema } from '../../lambda/roll-out/payload.ts';
import { smokeTestSchema } from '../../lambda/smoke-test/payload.ts';
import { TaskFailure } from '../../local/states/index.ts';
import type { Json } from '../../local/states/index.ts';
import type { DeploymentRecord } from '../../model/serving/record.ts';
import { recordSchema } from '../../model/serving/record.ts';
import type { RolloutPlan } from '../../model/spec/rollout-plan.ts';
import type { AslMachine } from '../../scripts/synth/definitions.ts';
import { checkStateMachines } from '../../scripts/synth/state-machines.ts';
import { checkTaskArguments } from '../../scripts/synth/task-arguments.ts';
import { rolloutMachine } from '../../stepfunctions/rollout.ts';
import type { RolloutDefinitionProps } from '../../stepfunctions/rollout.ts';
import { invoked } from './fixture.ts';
import { fakeRun } from './run.ts';
import type { Fake, FakeRun } from './run.ts';

const props: RolloutDefinitionProps = {
  partition: 'aws', targetName: 'production', rollOut: invoked('roll-out'), smokeTest: invoked('smoke-test'), revalidateSeconds: 6,
  alarmNames: ['canary-errors', 'canary-latency'], topicArn: 'arn:aws:sns:us-east-1:123456789012:news', timeoutSeconds: 1_296_000,
};
const driver = { function: invoked('driver'), pollSeconds: 15, deadlineSeconds: 60 };
const machines: Readonly<Record<string, RolloutDefinitionProps>> = {
  'with alarms': props,
  'without alarms': { ...props, alarmNames: [] },
  'with a driver': { ...props, driver },
  'with a driver and no alarms': { ...props, alarmNames: [], driver },
};
const modelOf = (version: number) => ({
  modelPackageArn: `arn:aws:sagemaker:us-east-1:123456789012:model-package/flights/${String(version)}`, modelName: 'flights', modelVersion: String(version),
  artifact: { bucket: 'artifacts', key: `models/${String(version)}`, sha256: 'a'.repeat(64) },
});
const canary: RolloutPlan = { kind: 'canary', percent: 10, intervalSeconds: 300 };
const quiet = { MetricAlarms: [{ AlarmName: 'canary-errors', StateValue: 'OK' }, { AlarmName: 'canary-latency', StateValue: 'INSUFFICIENT_DATA' }], CompositeAlarms: [] };
const raised = { MetricAlarms: [{ AlarmName: 'canary-errors', StateValue: 'ALARM', StateReason: '7 % of the requests failed' }, quiet.MetricAlarms[1]!], CompositeAlarms: [] };
const answer = { url: 'https://production.example/predict', input: { distance: 1 }, prediction: { prediction: 1 }, modelVersion: '2', latencyMs: 4 };

/** A target's record in memory, changed by the very functions of the handler; and what each request met. */
class Target {
  record: DeploymentRecord | undefined;
  /** The weights of the canary, as they were written one after the other; undefined where there was none. */
  readonly weights: (number | undefined)[] = [];

  constructor(stable?: number) {
    if (stable !== undefined) this.record = { stable: modelOf(stable), previous: null, updatedAt: 'then', run: 'before' };
  }

  rollOut: Fake = (args) => {
    const request = rollOutSchema.parse(args);
    const change = this.trying(() => decide(this.record, request, { kind: 'allAtOnce' }, new Date('2026-11-20T10:00:00Z')));
    if (change.kind === 'write') {
      this.record = recordSchema.parse(change.record);
      this.weights.push(this.record.canary?.weight);
    }
    return JSON.parse(JSON.stringify(situationAfter(this.record!, request))) as Json;
  };

  /** Runs the machine. */
  run(machine: RolloutDefinitionProps, input: Json, fakes: Readonly<Record<string, Fake>> = {}, again: Parameters<typeof fakeRun>[2] = {}): Promise<FakeRun> {
    const tested: Fake = (args) => {
      smokeTestSchema.parse(args);
      return { ...answer, modelVersion: (args['model'] as { modelVersion: string }).modelVersion };
    };
    return fakeRun(rolloutMachine(machine), { 'roll-out': this.rollOut, 'smoke-test': tested, describeAlarms: quiet, publish: { MessageId: '1' }, driver: { settled: true, status: 'APPLIED' }, ...fakes }, { input, ...again });
  }

  private trying<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new TaskFailure((error as Error).name, JSON.stringify({ errorType: (error as Error).name, errorMessage: (error as Error).message }));
    }
  }
}

const failing: Fake = () => {
  throw new TaskFailure('SmokeTestFailed', '{"errorType":"SmokeTestFailed","errorMessage":"https://production.example/predict answered 500"}');
};
const deployTwo = { action: 'deploy', model: modelOf(2), plan: canary, rows: [{ distance: 1 }] } as unknown as Json;

describe.each(Object.entries(machines))('a rollout machine %s', (_, machine) => {
  it('passes the checks of synth', async () => {
    const definitions = [{ where: 'rollout', machine: rolloutMachine(machine) as unknown as AslMachine }];
    expect(checkStateMachines(definitions).findings).toEqual([]);
    expect((await checkTaskArguments(definitions)).findings).toEqual([]);
  });

  it.each<[string, RolloutPlan, (number | undefined)[]]>([
    ['all at once', { kind: 'allAtOnce' }, [0, undefined]],
    ['a canary', canary, [0, 0.1, undefined]],
    ['linear', { kind: 'linear', stepPercent: 40, intervalSeconds: 60 }, [0, 0.4, 0.8, undefined]],
  ])('brings a version to all requests: %s', async (_plan, plan, weights) => {
    const target = new Target(1);
    const { result } = await target.run(machine, { action: 'deploy', model: modelOf(2), plan } as unknown as Json);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'COMPLETED', servedVersion: '2', weight: 1, smokeTest: { modelVersion: '2' }, previous: modelOf(1).modelPackageArn } });
    expect(target.weights).toEqual(weights);
    expect(target.record).toMatchObject({ stable: { modelVersion: '2' }, history: [{ modelVersion: '1' }] });
    expect(target.record).not.toHaveProperty('rollout');
  });

  it('serves the first version at once, and tests it', async () => {
    const target = new Target();
    const { result, calls } = await target.run(machine, deployTwo);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'COMPLETED', servedVersion: '2', previous: null, smokeTest: { modelVersion: '2' } } });
    expect(calls.filter(({ name }) => name === 'smoke-test')).toHaveLength(1);
  });

  it('takes a version back that fails its test before any request met it, and tells', async () => {
    const target = new Target(1);
    const { result, calls, entered } = await target.run(machine, deployTwo, { 'smoke-test': failing });
    expect(result).toMatchObject({ status: 'FAILED', error: 'RolledBack', cause: 'SmokeTestFailed: https://production.example/predict answered 500' });
    expect(target.weights).toEqual([0, undefined]);
    expect(target.record).toMatchObject({ stable: { modelVersion: '1' }, withdrawn: [{ modelPackageArn: modelOf(2).modelPackageArn }] });
    expect(entered).toContain('WaitForReaders');
    expect(calls.at(-1)).toMatchObject({ name: 'publish', args: { Subject: 'production: version 2 was rolled back', Message: expect.stringContaining('answered 500') as string } });
  });

  it('ends with its own error where the first version fails: there is nothing to go back to', async () => {
    const target = new Target();
    const { result } = await target.run(machine, { ...(deployTwo as object), quiet: true } as Json, { 'smoke-test': failing });
    expect(result).toMatchObject({ status: 'FAILED', error: 'SmokeTestFailed', cause: expect.stringContaining('answered 500') as string });
    expect(target.record).toMatchObject({ stable: { modelVersion: '2' }, ended: { outcome: 'failed' } });
  });

  it('goes on where it was stopped when it is started again, and a second one beside it does no harm', async () => {
    const target = new Target(1);
    const first = await target.run(machine, deployTwo, { 'smoke-test': () => { throw new TaskFailure('States.Timeout', 'stopped'); }, 'roll-out': (args, redrives) => { if (args['action'] === 'withdraw') throw new TaskFailure('Stopped', 'by hand'); return (target.rollOut as (a: typeof args, r: number) => Json)(args, redrives); } });
    expect(first.result.status).toBe('FAILED');
    expect(target.record).toMatchObject({ rollout: { id: 'run-1', step: 0 } });
    const second = await target.run(machine, deployTwo, {}, { runName: 'run-2' });
    expect(second.result).toMatchObject({ status: 'SUCCEEDED', output: { id: 'run-1', status: 'COMPLETED', servedVersion: '2' } });
    const third = await target.run(machine, { action: 'follow', id: 'run-1', model: modelOf(2) } as unknown as Json);
    expect(third.result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'COMPLETED' } });
  });

  it('carries out at once what needs no trial, and waits for the readers', async () => {
    const target = new Target(1);
    await target.run(machine, deployTwo);
    const back = await target.run(machine, { action: 'rollBack', reason: 'worse on the evening flights', by: 'alice' });
    expect(back.result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'CHANGED', servedVersion: '1' } });
    expect(back.entered).toContain('WaitForReaders');
    expect(back.calls.map(({ name }) => name)).not.toContain('smoke-test');
    expect(target.record).toMatchObject({ run: 'alice', withdrawn: [{ reason: 'worse on the evening flights' }] });
  });

  it('shares requests out without an end, after the version was tried out', async () => {
    const target = new Target(1);
    const { result } = await target.run(machine, { action: 'traffic', shares: [{ model: modelOf(1), share: 0.7 }, { model: modelOf(2), share: 0.3 }] } as unknown as Json);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'COMPLETED', servedVersion: '1', weight: 0.3 } });
    expect(target.weights).toEqual([0, 0.3]);
    expect(target.record).not.toHaveProperty('rollout');
    const promoted = await target.run(machine, { action: 'promote' });
    expect(promoted.result).toMatchObject({ output: { status: 'CHANGED', servedVersion: '2', weight: 1 } });
  });
});

describe('the alarms of the canary', () => {
  it('take a version back that raises one, and no look at them is left out', async () => {
    const target = new Target(1);
    let looks = 0;
    const { result, calls } = await target.run(props, deployTwo, { describeAlarms: () => (looks++ < 5 ? quiet : raised) });
    expect(result).toMatchObject({ status: 'FAILED', error: 'RolledBack', cause: 'AlarmRaised: In alarm: canary-errors (7 % of the requests failed)' });
    expect(target.weights).toEqual([0, 0.1, undefined]);
    expect(calls.filter(({ name }) => name === 'publish')).toHaveLength(1);
  });

  it('are looked at every 15 s of a 5 minute step', async () => {
    const { calls, result } = await new Target(1).run(props, deployTwo);
    expect(calls.filter(({ name }) => name === 'describeAlarms')).toHaveLength(21);
    expect(result).toMatchObject({ output: { alarmsWithoutData: ['canary-latency'] } });
  });

  it('refuse a rollout that begins while one is raised, before any request meets the version', async () => {
    const target = new Target(1);
    const { result, calls } = await target.run(props, deployTwo, { describeAlarms: raised });
    expect(result).toMatchObject({ status: 'FAILED', error: 'RolledBack', cause: expect.stringContaining('In alarm before the version had any traffic: canary-errors') as string });
    expect(calls.map(({ name }) => name)).not.toContain('smoke-test');
    expect(target.weights).toEqual([0, undefined]);
  });

  it('have to be there', async () => {
    const { result } = await new Target(1).run(props, deployTwo, { describeAlarms: { MetricAlarms: [quiet.MetricAlarms[0]!], CompositeAlarms: [] } });
    expect(result).toMatchObject({ status: 'FAILED', error: 'RolledBack', cause: expect.stringContaining('AlarmMissing: 1 of the alarms canary-errors, canary-latency do not exist') as string });
  });

  it('may be composite ones', async () => {
    const { result } = await new Target(1).run(props, deployTwo, { describeAlarms: { MetricAlarms: [], CompositeAlarms: [...raised.MetricAlarms] } });
    expect(result).toMatchObject({ status: 'FAILED', error: 'RolledBack' });
  });
});

describe('two deployments at once', () => {
  it('one wins, the other says so and names it', async () => {
    const target = new Target(1);
    await target.run(props, deployTwo, { describeAlarms: () => { throw new TaskFailure('Stopped', 'here'); }, 'roll-out': (args, n) => { if (args['action'] === 'withdraw') throw new TaskFailure('Stopped', ''); return (target.rollOut as (a: typeof args, n: number) => Json)(args, n); } });
    const other = await target.run(props, { action: 'deploy', model: modelOf(3), plan: canary } as unknown as Json, {}, { runName: 'run-2' });
    expect(other.result).toMatchObject({ status: 'FAILED', error: 'DeploymentInProgress', cause: expect.stringMatching(/Version 2 is being deployed \(run-1, 10 % for 5 min, then all, since .*slipway rollback/) as string });
    expect(target.record).toMatchObject({ canary: { model: { modelVersion: '2' } }, rollout: { id: 'run-1' } });
  });

  it('a run of a pipeline waits for its turn', async () => {
    const target = new Target(1);
    let tries = 0;
    const busy: Fake = (args, n) => {
      if (args['action'] === 'deploy' && tries++ < 4) throw new TaskFailure('DeploymentInProgress', '{}');
      return (target.rollOut as (a: typeof args, n: number) => Json)(args, n);
    };
    const { result } = await target.run(props, { ...(deployTwo as object), patient: true } as Json, { 'roll-out': busy });
    expect([result.status, tries]).toEqual(['SUCCEEDED', 5]);
  });

  it('an older one finds that a newer one took its place', async () => {
    const target = new Target(1);
    await target.run(props, { action: 'deploy', model: modelOf(3) } as unknown as Json);
    const { result, calls } = await target.run(props, deployTwo, {}, { runName: 'late' });
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { status: 'SUPERSEDED', servedVersion: '3' } });
    expect(calls.map(({ name }) => name)).toEqual(['roll-out']);
    expect(target.record).toMatchObject({ stable: { modelVersion: '3' } });
  });
});

describe('a driver', () => {
  const machine = machines['with a driver']!;

  it('is asked until what serves has come to rest, after each change of the record', async () => {
    const target = new Target(1);
    let calls = 0;
    const { result } = await target.run(machine, deployTwo, { driver: () => (calls++ % 3 < 2 ? { settled: false, status: 'APPLYING' } : { settled: true, status: 'APPLIED' }) });
    expect(result.status).toBe('SUCCEEDED');
    // Tried out, a tenth, all of it.
    expect(calls).toBe(9);
  });

  it('that gives up has the version taken back, and what serves brought back', async () => {
    const target = new Target(1);
    const { result, calls } = await target.run(machine, deployTwo, { driver: (): Json => (target.record?.canary === undefined ? { settled: true, status: 'APPLIED' } : { settled: true, status: 'FAILED', reason: 'The endpoint went back to its old configuration.' }) });
    expect(result).toMatchObject({ status: 'FAILED', error: 'RolledBack', cause: 'DeploymentFailed: The endpoint went back to its old configuration.' });
    expect(calls.map(({ name }) => name)).toEqual(['roll-out', 'driver', 'roll-out', 'driver', 'publish']);
  });

  it('that does not come to rest is given up at its deadline: the version is withdrawn, nothing further is sent, people are told', async () => {
    const target = new Target(1);
    const { result, calls } = await target.run(machine, deployTwo, { driver: { settled: false, status: 'APPLYING', reason: 'Updating' } });
    expect(result).toMatchObject({ status: 'FAILED', error: 'RolledBack', cause: 'DeploymentStuck: It did not come to rest within 60 s: Updating. Nothing further was sent to it.' });
    expect(calls.map(({ name }) => name)).toEqual(['roll-out', ...Array<string>(4).fill('driver'), 'roll-out', 'publish']);
    expect(target.record).toMatchObject({ stable: { modelVersion: '1' }, ended: { outcome: 'rolledBack' } });
  });

  it('that fails on the way back is told of, and not asked for ever', async () => {
    const target = new Target(1);
    const { result } = await target.run(machine, deployTwo, { driver: { settled: true, status: 'FAILED', reason: 'No capacity.' } });
    expect(result).toMatchObject({ status: 'FAILED', error: 'DeploymentFailed', cause: expect.stringMatching(/^DeploymentFailed: No capacity\..*could not be brought to its record: No capacity\./) as string });
  });
});
