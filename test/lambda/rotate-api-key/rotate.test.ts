import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type KeySecrets, rotate, type RotationStep } from '../../../lambda/rotate-api-key/rotate.ts';
import { accepts, clientOf, type Digests, digestsSchema, newKey } from '../../../lambda/shared/api-keys/digests.ts';

const steps: readonly RotationStep[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
const graceMs = 3_600_000;
const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');

/** The two secrets of a client in memory. Each call may be the last: it has its effect, and its caller dies. */
class World implements KeySecrets {
  now = 1_700_000_000_000;
  dieAfter = Infinity;
  calls = 0;
  current = 'v0';
  digests: Digests;
  readonly versions = new Map<string, string>();

  constructor() {
    const first = newKey('mobile');
    this.versions.set('v0', first);
    this.digests = { keys: [{ sha256: sha256(first) }] };
  }

  /** The key that the client reads. */
  get own(): string {
    return this.versions.get(this.current)!;
  }

  readPending = (version: string) => this.call(() => this.versions.get(version));
  writePending = (version: string, key: string) => this.call(() => void this.versions.set(version, key));
  makeCurrent = (version: string) => this.call(() => void (this.current = version));
  readDigests = () => this.call(() => this.digests);
  writeDigests = (digests: Digests) => this.call(() => void (this.digests = digestsSchema.parse(digests)));

  async run(step: RotationStep, version: string): Promise<void> {
    await rotate(step, version, this, { client: 'mobile', graceMs, now: () => this.now });
  }

  private call<Value>(effect: () => Value): Promise<Value> {
    this.calls += 1;
    const value = effect();
    return this.calls >= this.dieAfter ? Promise.reject(new Error('died')) : Promise.resolve(value);
  }
}

async function rotated(world: World, version: string): Promise<void> {
  for (const step of steps) await world.run(step, version);
}

describe('a rotation', () => {
  it('gives the client a new key, and lets the one before be used for a while', async () => {
    const world = new World();
    const before = world.own;
    await rotated(world, 'v1');
    expect(world.own).not.toBe(before);
    expect(clientOf(world.own)).toBe('mobile');
    expect([accepts(world.digests, world.own, world.now), accepts(world.digests, before, world.now + graceMs)]).toEqual([true, true]);
    expect(accepts(world.digests, before, world.now + graceMs + 1)).toBe(false);
    expect(accepts(world.digests, world.own, world.now + graceMs * 1000)).toBe(true);
  });

  it('keeps digests alone, and forgets those that are over', async () => {
    const world = new World();
    for (const version of ['v1', 'v2', 'v3']) {
      await rotated(world, version);
      world.now += 2 * graceMs;
    }
    expect(world.digests.keys).toHaveLength(2);
    for (const key of world.versions.values()) expect(JSON.stringify(world.digests)).not.toContain(key.slice(7));
  });

  it('whatever call it dies after, is over once it is run again, and the key that the client reads was accepted all the time', async () => {
    const whole = new World();
    await rotated(whole, 'v1');
    for (let last = 1; last <= whole.calls; last += 1) {
      const world = new World();
      world.dieAfter = last;
      await expect(rotated(world, 'v1')).rejects.toThrow('died');
      expect([last, accepts(world.digests, world.own, world.now + 10 * graceMs)]).toEqual([last, true]);
      world.dieAfter = Infinity;
      await rotated(world, 'v1');
      expect([last, world.digests.keys.length, world.digests.keys.filter(({ notAfter }) => notAfter === undefined).length]).toEqual([last, 2, 1]);
      expect(accepts(world.digests, world.own, world.now + 10 * graceMs)).toBe(true);
    }
  });

  it('that was given up leaves the key as it was; the next one ends what it left', async () => {
    const world = new World();
    const before = world.own;
    await world.run('createSecret', 'v1');
    await world.run('setSecret', 'v1');
    expect(world.own).toBe(before);
    await rotated(world, 'v2');
    expect(accepts(world.digests, world.versions.get('v1')!, world.now + graceMs + 1)).toBe(false);
  });

  it('refuses steps that come without those before', async () => {
    await expect(new World().run('setSecret', 'v1')).rejects.toThrow(/version v1 of the key of 'mobile' has no value, expected createSecret before setSecret/);
    const world = new World();
    await world.run('createSecret', 'v1');
    await expect(world.run('testSecret', 'v1')).rejects.toThrow(/would not accept the new key of 'mobile'/);
    await expect(world.run('finishSecret', 'v1')).rejects.toThrow(/would not accept/);
    expect(world.current).toBe('v0');
  });
});

it('keys are told apart from what is none', () => {
  expect([newKey('a-b'), 'a.b', '', 'Mobile.'.padEnd(50, 'x'), `mobile.${'x'.repeat(44)}`].map(clientOf)).toEqual(['a-b', undefined, undefined, undefined, undefined]);
});
