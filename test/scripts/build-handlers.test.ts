import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildHandlers, handlerNames } from '../../scripts/build/handlers.ts';
import { type Arch, root } from '../../scripts/build/platform.ts';
import { isCurrent, stampOf, writeStamp } from '../../scripts/build/stamp.ts';

const json = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Record<string, Record<string, unknown> | undefined>;

test("the locked native packages have the version of the project's DuckDB", () => {
  const { version, optionalDependencies } = json('node_modules/@duckdb/node-bindings/package.json');
  const wanted = json('tools/native/package.json')['optionalDependencies'] ?? {};
  expect(Object.keys(wanted)).toEqual(['@duckdb/node-bindings-linux-arm64', '@duckdb/node-bindings-linux-x64']);
  const locked = json('tools/native/package-lock.json')['packages'] ?? {};
  for (const [name, found] of Object.entries(wanted)) {
    expect(found).toBe(version);
    expect(optionalDependencies?.[name]).toBe(version);
    expect(locked[`node_modules/${name}`]).toMatchObject({ version, integrity: expect.stringMatching(/^sha512-/) as string });
  }
});

test('every folder of lambda/ but the shared one is a handler', () => {
  const folders = readdirSync(path.join(root, 'lambda')).filter((name) => name !== 'shared');
  expect(handlerNames()).toEqual(folders.sort());
});

describe('a stamp', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'stamp-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('holds until a file, or a setting, changes', () => {
    const file = path.join(folder, 'input.js');
    const stampFile = path.join(folder, 'stamp.json');
    expect(isCurrent(stampFile, 's')).toBe(false);
    writeFileSync(file, 'one');
    writeStamp(stampFile, stampOf('s', [file]));
    expect(isCurrent(stampFile, 's')).toBe(true);
    expect(isCurrent(stampFile, 'other')).toBe(false);
    utimesSync(file, new Date(), new Date(0));
    expect(isCurrent(stampFile, 's')).toBe(false);
  });

  test('of a source of ours goes by its content: a checkout changes the times alone', () => {
    const stamp = stampOf('s', [path.join(root, 'package.json')]);
    const { 'package.json': seen } = stamp.files;
    const stampFile = path.join(folder, 'own.json');
    writeStamp(stampFile, { ...stamp, files: { 'package.json': { ...seen!, modified: 0 } } });
    expect(isCurrent(stampFile, 's')).toBe(true);
    writeStamp(stampFile, { ...stamp, files: { 'package.json': { ...seen!, modified: 0, sha256: 'another' } } });
    expect(isCurrent(stampFile, 's')).toBe(false);
  });
});

/** The variables that hold JSON. */
const variant = { instances: { type: 'ml.m5.large', count: 1 } };
const endpoint = { endpointName: 'e', roleArn: 'r', image: 'i', environment: {}, stable: variant, canary: variant, isolated: true, alarms: [], tags: {} };
const jsonVariables = { AUTHORIZATION: '{"kind":"frontDoor"}', CORS: '{}', API_KEYS: '{}', ENDPOINT: JSON.stringify(endpoint), ROLLOUT_PLAN: '{"kind":"allAtOnce"}' };

// The bundles are for Linux: on another system they can be built, but not started.
describe.skipIf(process.platform !== 'linux')('the bundles of this CPU', () => {
  const arch = process.arch as Arch;
  let out: string;
  beforeAll(async () => {
    out = await mkdtemp(path.join(os.tmpdir(), 'handlers-'));
    await buildHandlers(out, [arch]);
  }, 60_000);
  afterAll(() => rm(out, { recursive: true, force: true }));

  /** Imports the bundle without its environment, then with it, in a process outside the project, so that nothing is found in its node_modules. */
  const start = (handler: string, names: readonly string[]) => {
    const bundle = JSON.stringify(path.join(out, arch, handler, 'index.mjs'));
    const script = `
      console.log(await import(${bundle}).catch((error) => error.message));
      for (const name of ${JSON.stringify(names)}) process.env[name] = ${JSON.stringify(jsonVariables)}[name] ?? (/ROWS|SECONDS|BYTES|RECEIVES|TASKS/.test(name) ? '5' : 'x');
      console.log(typeof (await import(${bundle} + '?again')).handler);`;
    const env = { PATH: process.env['PATH'], AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
    return spawnSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: out, encoding: 'utf8', env });
  };

  test.each(handlerNames())('%s starts by itself, and names what its environment lacks', async (handler) => {
    const contract = path.join(root, 'lambda', handler, 'env.ts');
    const [names = []] = existsSync(contract) ? Object.values((await import(contract)) as Record<string, string[]>) : [];
    const { stdout, stderr } = start(handler, names);
    expect(stderr).toBe('');
    if (names.length > 0) expect(stdout).toContain(`The environment lacks ${names.join(', ')}`);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('function');
  });

  test('only those that use a native package carry it, for the target alone', () => {
    const carried = (handler: string, file: string) => existsSync(path.join(out, arch, handler, 'node_modules', file));
    for (const handler of handlerNames()) {
      expect([handler, carried(handler, '@duckdb')]).toEqual([handler, ['validate-data', 'prepare-data', 'convert-model', 'validate-model', 'update-feature-store'].includes(handler)]);
      expect([handler, carried(handler, 'onnxruntime-node')]).toEqual([handler, ['convert-model', 'validate-model', 'inference', 'async-inference'].includes(handler)]);
    }
    expect(readdirSync(path.join(out, arch, 'inference', 'node_modules', 'onnxruntime-node', 'bin', 'napi-v6', 'linux'))).toEqual([arch]);
    const size = readdirSync(path.join(out, arch, 'validate-model'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
    // Lambda unpacks at most 250 MB.
    expect(size).toBeLessThan(150_000_000);
  });

  test('a second build does nothing; a changed bundle is built again, to the same bytes', async () => {
    expect(await buildHandlers(out, [arch])).toMatchObject([{ built: false, arch }]);
    const file = path.join(out, arch, 'inference', 'index.mjs');
    const before = readFileSync(file);
    expect(before.includes(root)).toBe(false);
    writeFileSync(file, 'changed');
    expect(await buildHandlers(out, [arch])).toMatchObject([{ built: true }]);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});
