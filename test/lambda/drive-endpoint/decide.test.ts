import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attempt, decide, type Observed } from '../../../lambda/drive-endpoint/decide.ts';
import { desiredEndpoint, isOurs } from '../../../lambda/drive-endpoint/desired.ts';
import { deploymentConfig } from '../../../lambda/drive-endpoint/requests.ts';
import type { EndpointSpec } from '../../../model/spec/endpoint.ts';
import { record, served, spec } from './spec.ts';

const [one, two, three] = [served(1), served(2), served(3)];
const at = '2026-11-21T00:00:00.000Z';

/** The endpoint as it stands when a record was applied. */
function standing(of: ReturnType<typeof record>, changes: Partial<Observed> = {}, in_: EndpointSpec = spec): Observed {
  const { config, weights } = desiredEndpoint(in_, of);
  return { status: 'InService', configName: config.name, lastModified: 1, weights: { ...weights }, models: Object.fromEntries(config.variants.map(({ name, model }) => [name, model.name])), ...changes };
}

const attempt = (of: ReturnType<typeof record>, changes: Partial<Attempt> = {}): Attempt => ({ config: desiredEndpoint(spec, of).config.name, record: at, before: 1, startedAt: at, status: 'APPLYING', ...changes });

describe('names', () => {
  it('come from all that a model and a configuration hold, fit SageMaker, and are known as ours', () => {
    const names = fc.record({ name: fc.stringMatching(/^[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,10}){0,2}$/), version: fc.nat(50), other: fc.nat(50), weight: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(names, ({ name, version, other, weight }) => {
        const of = { ...spec, endpointName: name };
        const made = desiredEndpoint(of, record(served(version, '0'.repeat(64)), { model: served(other, 'f'.repeat(64)), weight }));
        const again = desiredEndpoint({ ...of }, record(served(version, '0'.repeat(64)), { model: served(other, 'f'.repeat(64)), weight: 1 - weight }, 'later'));
        const all = [made.config.name, ...made.config.variants.map(({ model }) => model.name)];
        expect(again.config).toEqual(made.config);
        for (const found of all) {
          expect(found).toMatch(/^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/);
          expect(found.length).toBeLessThanOrEqual(63);
          expect([isOurs(of, found), isOurs({ endpointName: `${name}-x` }, found), isOurs({ endpointName: name.slice(0, -1) }, found)]).toEqual([true, false, false]);
        }
      }),
    );
  });

  it('change with whatever changes', () => {
    const base = desiredEndpoint(spec, record(one)).config;
    const specs: Partial<EndpointSpec>[] = [
      { image: 'other:1' }, { environment: { A: 'b' } }, { roleArn: 'arn:aws:iam::000000000000:role/other' }, { isolated: false }, { network: { subnets: ['s'], securityGroups: ['g'] } },
    ];
    for (const change of specs) expect(desiredEndpoint({ ...spec, ...change }, record(one)).config.variants[0]?.model.name).not.toBe(base.variants[0]?.model.name);
    const configs: Partial<EndpointSpec>[] = [...specs, { volumeKeyId: 'key' }, { stable: { serverless: { memorySizeMb: 1024, maxConcurrency: 1 } } }, { capture: { destination: 's3://a/b', samplingPercent: 1, input: true, output: true } }];
    for (const change of configs) expect(desiredEndpoint({ ...spec, ...change }, record(one)).config.name).not.toBe(base.name);
    expect(desiredEndpoint({ ...spec, alarms: ['a'], tags: { a: 'b' } }, record(one)).config.name).toBe(base.name);
  });
});

describe('the next step', () => {
  it('makes the endpoint, and makes it once for a record under which it failed', () => {
    const desired = desiredEndpoint(spec, record(one));
    expect(decide(spec, desired, undefined, undefined, at)).toMatchObject({ kind: 'create', config: { name: desired.config.name } });
    expect(decide(spec, desired, undefined, attempt(record(one), { status: 'FAILED', reason: 'no ping' }), at)).toEqual({ kind: 'failed', reason: 'no ping' });
    expect(decide(spec, desired, undefined, attempt(record(one), { status: 'FAILED' }), 'a later record')).toMatchObject({ kind: 'create' });
  });

  it.each(['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting'])('is to wait while the endpoint is %s: no second update is sent', (status) => {
    for (const tried of [undefined, attempt(record(two))]) expect(decide(spec, desiredEndpoint(spec, record(two)), standing(record(one), { status }), tried, at)).toMatchObject({ kind: 'wait' });
  });

  it('knows a silent rollback from an update that never began', () => {
    const desired = desiredEndpoint(spec, record(two));
    const update = { kind: 'update', config: { name: desired.config.name } };
    expect(decide(spec, desired, standing(record(one)), undefined, at)).toMatchObject(update);
    // Written down, and the endpoint was not touched since: the driver died before it sent it.
    expect(decide(spec, desired, standing(record(one)), attempt(record(two)), at)).toMatchObject(update);
    const rolledBack = decide(spec, desired, standing(record(one), { lastModified: 2, failureReason: 'The alarm errors sounded' }), attempt(record(two)), at);
    expect(rolledBack).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/The alarm errors sounded\. SageMaker turned the update .* back/) });
    // The same version, asked for by a later record, is tried again.
    expect(decide(spec, desired, standing(record(one), { lastModified: 2 }), attempt(record(two)), 'later')).toMatchObject(update);
  });

  it('changes weights without a new configuration, and 0 is a weight', () => {
    const canary = (weight: number) => record(one, { model: two, weight });
    const [none, half] = [desiredEndpoint(spec, canary(0)), desiredEndpoint(spec, canary(0.5))];
    expect(none.config.name).toBe(half.config.name);
    expect(none.config.variants.map(({ initialWeight }) => initialWeight)).toEqual([1, 0]);
    expect(decide(spec, none, standing(canary(0)), undefined, at)).toEqual({ kind: 'done' });
    expect(decide(spec, half, standing(canary(0)), undefined, at)).toEqual({ kind: 'weights' });
    // SageMaker keeps single-precision numbers, and shares are what counts.
    expect(decide(spec, desiredEndpoint(spec, canary(0.1)), standing(canary(0.1), { weights: { stable: Math.fround(0.9), canary: Math.fround(0.1) } }), undefined, at)).toEqual({ kind: 'done' });
    expect(decide(spec, half, standing(canary(0), { weights: { stable: 2, canary: 2 } }), undefined, at)).toEqual({ kind: 'done' });
  });

  it('deletes an endpoint that failed under an earlier record alone', () => {
    const failed = standing(record(one), { status: 'Failed', failureReason: 'No ping.' });
    expect(decide(spec, desiredEndpoint(spec, record(two)), failed, attempt(record(one)), 'later')).toMatchObject({ kind: 'delete' });
    expect(decide(spec, desiredEndpoint(spec, record(one)), failed, attempt(record(one)), at)).toEqual({ kind: 'failed', reason: 'The endpoint flights is Failed: No ping.' });
    for (const status of ['OutOfService', 'UpdateRollbackFailed']) expect(decide(spec, desiredEndpoint(spec, record(two)), standing(record(one), { status }), undefined, at)).toMatchObject({ kind: 'failed', reason: expect.stringContaining('a person') });
  });

  it('lets SageMaker guard an update that keeps the variants, and adds or removes variants before it', () => {
    const guarded: EndpointSpec = { ...spec, alarms: ['errors'], update: { kind: 'canary', percent: 10, waitSeconds: 300, bakeSeconds: 60, timeoutSeconds: 1800 } };
    const direct = decide(guarded, desiredEndpoint(guarded, record(two)), standing(record(one), {}, guarded), undefined, at);
    expect(direct).toMatchObject({ kind: 'update', guarded: true });
    expect(deploymentConfig(guarded, true)).toEqual({
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY', CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 }, WaitIntervalInSeconds: 300 }, TerminationWaitInSeconds: 60, MaximumExecutionTimeoutInSeconds: 1800 },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] },
    });
    // The canary goes first, with the stable model as it is; then the stable model changes under the guard.
    const before = standing(record(one, { model: two, weight: 0 }), {}, guarded);
    const first = decide(guarded, desiredEndpoint(guarded, record(two)), before, undefined, at);
    const between = desiredEndpoint(guarded, record(one)).config.name;
    expect(first).toMatchObject({ kind: 'update', guarded: false, config: { name: between } });
    expect(deploymentConfig(guarded, false)).toBeUndefined();
    const second = decide(guarded, desiredEndpoint(guarded, record(two)), standing(record(one), { lastModified: 2 }, guarded), attempt(record(one), { config: between }), at);
    expect(second).toMatchObject({ kind: 'update', guarded: true, config: { name: desiredEndpoint(guarded, record(two)).config.name } });
    // A canary that only comes needs no guard.
    expect(decide(guarded, desiredEndpoint(guarded, record(one, { model: three, weight: 0 })), standing(record(one), {}, guarded), undefined, at)).toMatchObject({ kind: 'update', guarded: false });
  });
});
