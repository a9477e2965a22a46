import { beforeEach, expect, test } from 'vitest';
import type { LoadedModel } from '../../../lambda/inference/loaded-model.ts';
import { ModelStore, type RecordRead, type StorePorts } from '../../../lambda/inference/model-store.ts';

interface World extends StorePorts {
  clock: number;
  record: RecordRead | Error;
  readonly reads: (string | undefined)[];
  readonly loads: string[];
  readonly closed: string[];
  readonly failures: string[];
  broken: ReadonlySet<string>;
}

const record = (version: number, digest = String(version)): RecordRead => ({
  kind: 'record',
  etag: `etag-${String(version)}`,
  record: {
    stable: { modelPackageArn: `arn/${String(version)}`, modelName: 'm', modelVersion: String(version), artifact: { bucket: 'b', key: 'k', sha256: digest } },
    updatedAt: '', run: '',
  },
});

let world: World;
let store: ModelStore;

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
  store = new ModelStore(world, 5000);
});

const version = async (): Promise<string> => (await store.get()).served.modelVersion;
const later = (milliseconds = 5000): void => void (world.clock += milliseconds);

test('without a record it is not ready, and asks S3 no more often than the revalidation allows', async () => {
  await expect(store.get()).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '5' }, message: 'No model has been deployed yet.' });
  await expect(store.get()).rejects.toMatchObject({ status: 503 });
  expect(world.reads).toHaveLength(1);
  world.record = record(1);
  later();
  expect(await version()).toBe('1');
});

test('the record is read again only once it is old, and conditionally', async () => {
  world.record = record(1);
  for (let call = 0; call < 10; call += 1) expect(await version()).toBe('1');
  later(4999);
  await store.get();
  expect(world.reads).toEqual([undefined]);
  later(1);
  await store.get();
  expect(world.reads).toEqual([undefined, 'etag-1']);
  expect(world.loads).toEqual(['1']);
});

test('requests at once share one read', async () => {
  world.record = record(1);
  await Promise.all([store.get(), store.get(), store.get()]);
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
  await store.get();
  later();
  world.record = record(2, 'same');
  expect(await version()).toBe('2');
  expect(world.loads).toEqual(['same']);
});

test('a model that is refused changes nothing, and is tried again', async () => {
  world.record = record(1);
  await store.get();
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
  await expect(store.get()).rejects.toMatchObject({ status: 503, message: 'The deployed model, version 1, cannot be loaded.' });
});

test('a record that cannot be read, or is gone, leaves what is served', async () => {
  world.record = new Error('SlowDown');
  await expect(store.get()).rejects.toMatchObject({ status: 503, message: 'The deployment record cannot be read at the moment.' });
  later();
  world.record = record(1);
  await store.get();
  for (const trouble of [new Error('SlowDown'), { kind: 'absent' } as const]) {
    later();
    world.record = trouble;
    expect(await version()).toBe('1');
  }
  expect(world.failures).toEqual(['record', 'record', 'record']);
});
