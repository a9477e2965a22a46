import { beforeEach, expect, test } from 'vitest';
import type { ServedModel } from '../../../model/serving/record.ts';
import type { LoadedModel } from '../../../model/serving/loaded-model.ts';
import { LiveModels, type LiveModelsPorts, type RecordRead } from '../../../model/serving/live-models.ts';

interface World extends LiveModelsPorts {
  clock: number;
  record: RecordRead | Error;
  readonly reads: (string | undefined)[];
  readonly loads: string[];
  readonly closed: string[];
  readonly failures: string[];
  broken: ReadonlySet<string>;
  chance: number;
}

const model = (version: number, digest = String(version)): ServedModel => ({ modelPackageArn: `arn/${String(version)}`, modelName: 'm', modelVersion: String(version), artifact: { bucket: 'b', key: 'k', sha256: digest } });
const record = (version: number, digest?: string): RecordRead => ({ kind: 'record', etag: `etag-${String(version)}`, record: { stable: model(version, digest), updatedAt: '', run: '' } });
const withCanary = (stable: number, canary: number, weight: number): RecordRead => ({
  kind: 'record', etag: `etag-${String(stable)}-${String(canary)}-${String(weight)}`, record: { stable: model(stable), canary: { model: model(canary), weight }, updatedAt: '', run: '' },
});

let world: World;
let store: LiveModels;

beforeEach(() => {
  world = {
    clock: 0,
    record: { kind: 'absent' },
    reads: [],
    loads: [],
    closed: [],
    failures: [],
    broken: new Set(),
    now: () => world.clock,
    chance: 0,
    random: () => world.chance,
    onFailure: (what) => void world.failures.push(what),
    onLoaded: () => undefined,
    async readRecord(etag) {
      world.reads.push(etag);
      if (world.record instanceof Error) throw world.record;
      return world.record.kind === 'record' && world.record.etag === etag ? { kind: 'unchanged' } : world.record;
    },
    async load({ artifact }) {
      world.loads.push(artifact.sha256);
      if (world.broken.has(artifact.sha256)) throw new Error('ArtifactMismatch');
      return { close: async () => void world.closed.push(artifact.sha256) } as unknown as LoadedModel;
    },
  };
  store = new LiveModels(world, 5000);
});

const version = async (): Promise<string> => (await store.choose()).identity.modelVersion;
const later = (milliseconds = 5000): void => void (world.clock += milliseconds);

test('without a record it is not ready, and asks S3 no more often than the revalidation allows', async () => {
  await expect(store.choose()).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '5' }, message: 'No model has been deployed yet.' });
  await expect(store.choose()).rejects.toMatchObject({ status: 503 });
  expect(world.reads).toHaveLength(1);
  world.record = record(1);
  later();
  expect(await version()).toBe('1');
});

test('the record is read again only once it is old, and conditionally', async () => {
  world.record = record(1);
  for (let call = 0; call < 10; call += 1) expect(await version()).toBe('1');
  later(4999);
  await store.choose();
  expect(world.reads).toEqual([undefined]);
  later(1);
  await store.choose();
  expect(world.reads).toEqual([undefined, 'etag-1']);
  expect(world.loads).toEqual(['1']);
});

test('requests at once share one read', async () => {
  world.record = record(1);
  await Promise.all([store.choose(), store.choose(), store.choose()]);
  expect(world.reads).toHaveLength(1);
});

test('a new record is followed, a rollback is served from memory, and what is older is freed', async () => {
  for (const next of [1, 2, 1, 3]) {
    world.record = record(next);
    expect(await version()).toBe(String(next));
    later();
  }
  expect(world.loads).toEqual(['1', '2', '3']);
  expect(world.closed).toEqual(['2']);
});

test('the same bytes under a new version are not loaded again', async () => {
  world.record = record(1, 'same');
  await store.choose();
  later();
  world.record = record(2, 'same');
  expect(await version()).toBe('2');
  expect(world.loads).toEqual(['same']);
});

test('a model that is refused changes nothing, and is tried again', async () => {
  world.record = record(1);
  await store.choose();
  world.record = record(2);
  world.broken = new Set(['2']);
  later();
  expect(await version()).toBe('1');
  expect(world.failures).toEqual(['model']);
  expect(await version()).toBe('1');
  expect(world.loads).toEqual(['1', '2']);
  world.broken = new Set();
  later();
  expect(await version()).toBe('2');
});

test('a first model that is refused is named', async () => {
  world.record = record(1);
  world.broken = new Set(['1']);
  await expect(store.choose()).rejects.toMatchObject({ status: 503, message: 'The deployed model, version 1, cannot be loaded.' });
});

test('a record that cannot be read, or is gone, leaves what is served', async () => {
  world.record = new Error('SlowDown');
  await expect(store.choose()).rejects.toMatchObject({ status: 503, message: 'The deployment record cannot be read at the moment.' });
  later();
  world.record = record(1);
  await store.choose();
  for (const trouble of [new Error('SlowDown'), { kind: 'absent' } as const]) {
    later();
    world.record = trouble;
    expect(await version()).toBe('1');
  }
  expect(world.failures).toEqual(['record', 'record', 'record']);
});

test('a canary gets its share of the requests, and its role says so', async () => {
  world.record = withCanary(1, 2, 0.25);
  world.chance = 0.2499;
  expect(await store.choose()).toMatchObject({ identity: { modelVersion: '2' }, role: 'canary' });
  world.chance = 0.25;
  expect(await store.choose()).toMatchObject({ identity: { modelVersion: '1' }, role: 'stable' });
});

test('a weight of 0 is a weight: the canary is live for those who ask for its version', async () => {
  world.record = withCanary(1, 2, 0);
  expect(await version()).toBe('1');
  expect((await store.choose('2')).identity.modelVersion).toBe('2');
  expect((await store.choose('1')).identity.modelVersion).toBe('1');
  expect((await store.all()).map(({ identity }) => identity.modelVersion)).toEqual(['1', '2']);
  await expect(store.choose('3')).rejects.toMatchObject({ status: 404, code: 'ModelVersionNotFound', message: expect.stringMatching(/"3" is not live, expected 1 or 2/) as string });
});

test('a canary that the record names no more gets no request, even where the new stable model is refused', async () => {
  world.record = withCanary(1, 2, 1);
  expect(await version()).toBe('2');
  world.record = record(3);
  world.broken = new Set(['3']);
  later();
  expect(await version()).toBe('1');
  await expect(store.choose('2')).rejects.toMatchObject({ status: 404 });
});

test('a canary that is refused leaves all requests with the stable model, and is tried again', async () => {
  world.broken = new Set(['2']);
  world.record = withCanary(1, 2, 1);
  expect(await version()).toBe('1');
  world.broken = new Set();
  later();
  expect(await version()).toBe('2');
});

test('what was live before stays in memory for a rollback, and no more than that', async () => {
  world.record = withCanary(1, 2, 0.5);
  await store.choose();
  later();
  world.record = record(1);
  await store.choose();
  later();
  world.record = withCanary(1, 2, 0.5);
  await store.choose();
  expect(world.loads).toEqual(['1', '2']);
  for (const next of [3, 4]) {
    later();
    world.record = record(next);
    await store.choose();
  }
  expect(world.closed.sort()).toEqual(['1', '2']);
});
