import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drive, stop } from '../../../lambda/drive-endpoint/drive.ts';
import { desiredEndpoint } from '../../../lambda/drive-endpoint/desired.ts';
import type { Driven } from '../../../lambda/drive-endpoint/payload.ts';
import type { EndpointSpec } from '../../../model/spec/endpoint.ts';
import type { DeploymentRecord } from '../../../model/serving/record.ts';
import { Died, FakeWorld } from './fake-world.ts';
import { record, served, spec as base } from './spec.ts';

const spec: EndpointSpec = { ...base, alarms: ['errors'], update: { kind: 'canary', percent: 50, waitSeconds: 60, bakeSeconds: 0, timeoutSeconds: 600 } };

/** The versions that records name, one after the other. */
const records = (): DeploymentRecord[] => [
  record(served(1), undefined, 't1'),
  record(served(1), { model: served(2), weight: 0 }, 't2'),
  record(served(1), { model: served(2), weight: 0.5 }, 't3'),
  record(served(2), undefined, 't4'),
];

/** Calls the driver until it has settled; one of its calls dies after so many effects. */
async function settle(world: FakeWorld, deaths: { left: number } = { left: Infinity }): Promise<Driven> {
  for (let call = 0; call < 50; call += 1) {
    const before = deaths.left;
    let calls = 0;
    const counted = world.ports(before, async () => void (calls += 1));
    const driven = await drive(spec, counted).catch((error: unknown) => {
      if (!(error instanceof Died)) throw error;
      return { settled: false } as Driven;
    });
    deaths.left = before - calls;
    if (driven.settled) return driven;
    world.move();
  }
  throw new Error('It does not settle');
}

async function deployAll(world: FakeWorld, deaths?: { left: number }): Promise<void> {
  for (const of of records()) {
    world.record = of;
    expect(await settle(world, deaths)).toMatchObject({ status: 'APPLIED' });
    const desired = desiredEndpoint(spec, of);
    expect(world.observed).toMatchObject({ status: 'InService', configName: desired.config.name, weights: desired.weights });
  }
}

describe('the driver', () => {
  it('has its effects once, whichever call it died after', async () => {
    const undisturbed = new FakeWorld();
    const deaths = { left: 10_000 };
    await deployAll(undisturbed, deaths);
    const calls = 10_000 - deaths.left;
    for (let death = 1; death <= calls; death += 1) {
      const world = new FakeWorld();
      await deployAll(world, { left: death });
      expect([death, world.sent]).toEqual([death, undisturbed.sent]);
      expect([death, [...world.models], [...world.configs.keys()]]).toEqual([death, [...undisturbed.models], [...undisturbed.configs.keys()]]);
    }
  });

  it('may run beside another one: nothing is sent twice', async () => {
    const alone = new FakeWorld();
    await deployAll(alone);
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = new FakeWorld();
        const turn = () => scheduler.schedule(Promise.resolve());
        for (const of of records()) {
          world.record = of;
          for (let settled = 0; settled < 2; world.move()) {
            const both = Promise.all([drive(spec, world.ports(Infinity, turn)), drive(spec, world.ports(Infinity, turn))]);
            await scheduler.waitFor(both);
            settled = (await both).filter((driven) => driven.settled && driven.status === 'APPLIED').length;
          }
        }
        expect(world.sent).toEqual(alone.sent);
      }),
      { numRuns: 200 },
    );
  });

  it('tells of a silent rollback, whichever call it died after, and sends the update once', async () => {
    for (let death = 1; death <= 40; death += 1) {
      const world = new FakeWorld();
      world.record = record(served(1), undefined, 't1');
      await settle(world);
      world.rollsBack = true;
      world.record = record(served(2), undefined, 't2');
      expect([death, await settle(world, { left: death })]).toMatchObject([death, { status: 'FAILED', reason: expect.stringContaining('An alarm sounded.') }]);
      expect([death, await settle(world)]).toMatchObject([death, { status: 'FAILED' }]);
      expect([death, world.sent.filter((sent) => sent.startsWith('update'))]).toEqual([death, [`update ${desiredEndpoint(spec, world.record).config.name}`]]);
    }
  });

  it('stops what serves, and leaves alone what is under way', async () => {
    const world = new FakeWorld();
    world.record = record(served(1));
    await drive(spec, world.ports());
    await expect(stop(world.ports())).rejects.toMatchObject({ name: 'EndpointBusy' });
    await settle(world);
    expect(await stop(world.ports())).toEqual({ settled: true, status: 'STOPPED' });
    world.move();
    expect(await settle(world)).toEqual({ settled: true, status: 'APPLIED' });
    expect(world.sent.map((sent) => sent.split(' ')[0])).toEqual(['create', 'delete', 'create']);
  });
});
