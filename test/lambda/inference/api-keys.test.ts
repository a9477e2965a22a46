import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeyChecker } from '../../../lambda/inference/authorization/api-keys.ts';
import { type Digests, newKey } from '../../../lambda/shared/api-keys/digests.ts';

const digest = (key: string) => ({ sha256: createHash('sha256').update(key).digest('hex') });
const requestWith = (headers: Record<string, string>) => ({ method: 'POST', path: '/predict', query: '', headers, body: Buffer.alloc(0), requestId: 'r' });

class World {
  now = 1_700_000_000_000;
  reads = 0;
  isDown = false;
  readonly failures: unknown[] = [];
  digests: Digests;
  readonly checker: KeyChecker;

  constructor(...keys: string[]) {
    this.digests = { keys: keys.map(digest) };
    this.checker = new KeyChecker('X-Api-Key', ['mobile'], {
      now: () => this.now,
      readDigests: () => {
        this.reads += 1;
        return this.isDown ? Promise.reject(new Error('down')) : Promise.resolve(this.digests);
      },
      onFailure: (_client, error) => this.failures.push(error),
    });
  }

  /** 200, or the status that it is refused with. */
  async ask(key: string | undefined): Promise<number> {
    try {
      await this.checker.check(requestWith(key === undefined ? {} : { 'x-api-key': key }));
      return 200;
    } catch (error) {
      return (error as { status: number }).status;
    }
  }
}

describe('API keys', () => {
  const key = newKey('mobile');

  it('are known from memory: the secret is not read for each request', async () => {
    const world = new World(key);
    for (let request = 0; request < 5; request += 1) expect(await world.ask(key)).toBe(200);
    expect(world.reads).toBe(1);
  });

  it('that were rotated while digests were in memory are found by one more read (fault 24)', async () => {
    const world = new World(key);
    await world.ask(key);
    const next = newKey('mobile');
    world.digests = { keys: [digest(next), { ...digest(key), notAfter: new Date(world.now + 5_000).toISOString() }] };
    world.now += 2_000;
    expect([await world.ask(next), world.reads]).toEqual([200, 2]);
    expect(await world.ask(key)).toBe(200);
    world.now += 4_000;
    expect(await world.ask(key)).toBe(401);
  });

  it('that are wrong are refused, and do not make the secret be read time and again', async () => {
    const world = new World(key);
    await world.ask(key);
    world.now += 10_000;
    for (let request = 0; request < 20; request += 1) expect(await world.ask(newKey('mobile'))).toBe(401);
    expect(world.reads).toBe(2);
  });

  it('of nobody, of a stranger, or in no form of a key are refused without a read', async () => {
    const world = new World(key);
    for (const wrong of [undefined, '', 'x', newKey('stranger'), `${key}x`, '__proto__.'.padEnd(53, 'a')]) expect(await world.ask(wrong)).toBe(401);
    expect(world.reads).toBe(0);
  });

  it('that their owner takes back are refused within a minute', async () => {
    const world = new World(key);
    await world.ask(key);
    world.digests = { keys: [] };
    world.now += 60_000;
    expect(await world.ask(key)).toBe(401);
  });

  it('that were let in stay in while Secrets Manager is away; what cannot be told is no refusal', async () => {
    const world = new World(key);
    await world.ask(key);
    world.isDown = true;
    world.now += 120_000;
    expect(await world.ask(key)).toBe(200);
    expect(await world.ask(newKey('mobile'))).toBe(503);
    const fresh = new World(key);
    fresh.isDown = true;
    expect([await fresh.ask(key), fresh.failures.length]).toEqual([503, 1]);
    fresh.isDown = false;
    expect(await fresh.ask(key)).toBe(200);
  });

  it('missing from a request are asked for by name', async () => {
    await expect(new World(key).checker.check(requestWith({}))).rejects.toMatchObject({ status: 401, code: 'Unauthorized', message: expect.stringContaining('header x-api-key') as string, headers: { 'www-authenticate': 'ApiKey header="x-api-key"' } });
  });
});
