import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../local/core/clock.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConcurrencyExceeded, FunctionPool } from '../../../local/compute/lambda/function-pool.ts';
import type { FunctionHost, FunctionSpec } from '../../../local/compute/lambda/function-spec.ts';

let root: string;
let pools: FunctionPool[];
let lines: string[];
let substitutions: string[];

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'lambda-'));
  [pools, lines, substitutions] = [[], [], []];
});

afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  rmSync(root, { recursive: true });
});

function pool(files: Record<string, string>, overrides: Partial<FunctionSpec> = {}, limits = {}, hostModules?: string): FunctionPool {
  const code = mkdtempSync(path.join(root, 'code-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(code, name)), { recursive: true });
    writeFileSync(path.join(code, name), text);
  }
  const spec: FunctionSpec = {
    name: 'fn',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:fn',
    version: '$LATEST',
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
    memoryMegabytes: 128,
    timeoutSeconds: 10,
    environment: { COLOUR: 'blue' },
    codeDirectory: code,
    logGroup: '/aws/lambda/fn',
    jsonLogs: false,
    ...overrides,
  };
  const host: FunctionHost = {
    region: 'eu-west-1',
    clock: systemClock,
    temporaryDirectory: path.join(root, 'tmp'),
    ...(hostModules === undefined ? {} : { hostModules }),
    endpoint: () => 'http://127.0.0.1:9',
    credentials: () => ({ accessKeyId: 'AK', secretAccessKey: 'SK', sessionToken: 'ST', expiration: new Date() }),
    log: (line) => void lines.push(line),
    substituted: (wanted, used) => void substitutions.push(`${wanted} <- ${used}`),
  };
  const made = new FunctionPool(spec, host, limits);
  pools.push(made);
  return made;
}

let count = 0;
const call = async (target: FunctionPool, event: unknown = {}): Promise<{ payload: unknown; error: string | undefined; tail: string }> => {
  const outcome = await target.invoke({ requestId: `id-${++count}`, payload: Buffer.from(JSON.stringify(event)), functionArn: target.spec.arn });
  return { payload: JSON.parse(outcome.payload.toString()), error: outcome.functionError, tail: outcome.logTail };
};

describe('handlers', () => {
  it('runs ES modules and CommonJS, nested files and exports', async () => {
    expect(await call(pool({ 'index.mjs': 'export const handler = async (event) => ({ twice: event.n * 2 });' }), { n: 21 })).toMatchObject({ payload: { twice: 42 } });
    expect(await call(pool({ 'index.js': 'exports.handler = async () => "cjs";' }))).toMatchObject({ payload: 'cjs' });
    const nested = pool({ 'src/app.cjs': 'module.exports = { api: { get: async () => undefined } };' }, { handler: 'src/app.api.get' });
    expect(await call(nested)).toMatchObject({ payload: null, error: undefined });
  });

  it('serves callbacks on old runtimes only', async () => {
    const files = { 'index.js': 'exports.handler = (event, context, callback) => callback(null, "called back");' };
    expect(await call(pool(files, { runtime: 'nodejs22.x' }))).toMatchObject({ payload: 'called back' });
    expect(await call(pool(files))).toMatchObject({ error: 'Unhandled', payload: { errorType: 'Runtime.CallbackHandlerDeprecated' } });
  });

  it('sets what Lambda sets, and nothing else of the host but PATH', async () => {
    process.env['HOST_SECRET'] = 'leaks';
    const target = pool({
      'index.mjs': 'export const handler = async (_, c) => ({ env: { ...process.env }, id: c.awsRequestId, memory: c.memoryLimitInMB, left: c.getRemainingTimeInMillis() });',
    });
    const { payload } = (await call(target)) as { payload: { env: Record<string, string>; id: string; memory: string; left: number } };
    delete process.env['HOST_SECRET'];
    expect(payload.env).toMatchObject({
      COLOUR: 'blue',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ACCESS_KEY_ID: 'AK',
      AWS_LAMBDA_FUNCTION_NAME: 'fn',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      LAMBDA_TASK_ROOT: target.spec.codeDirectory,
      TZ: ':UTC',
      PATH: process.env['PATH'],
    });
    expect(payload.env).not.toHaveProperty('HOST_SECRET');
    expect(payload).toMatchObject({ id: `id-${count}`, memory: '128' });
    expect(payload.left).toBeGreaterThan(9000);
  });
});

describe('errors', () => {
  it('describes what a handler throws, and stays warm', async () => {
    const target = pool({
      'index.mjs': 'let n = 0; class DataRejected extends Error { name = "DataRejected" }; export const handler = async () => { if (n++ === 0) throw new DataRejected("too few rows"); return process.pid; };',
    });
    expect(await call(target)).toMatchObject({ error: 'Unhandled', payload: { errorType: 'DataRejected', errorMessage: 'too few rows', trace: expect.arrayContaining(['DataRejected: too few rows']) } });
    const { payload } = await call(target);
    expect(await call(target)).toMatchObject({ payload });
  });

  it('reports what goes wrong while the function loads', async () => {
    const cases = {
      'throw new RangeError("no such table")': { errorType: 'RangeError', errorMessage: 'no such table' },
      'import "absent"; export const handler = 1': { errorType: 'Runtime.ImportModuleError' },
      'export const other = 1': { errorType: 'Runtime.HandlerNotFound' },
      'export const handler = ': { errorType: 'Runtime.UserCodeSyntaxError' },
    };
    for (const [code, payload] of Object.entries(cases)) expect(await call(pool({ 'index.mjs': code }))).toMatchObject({ error: 'Unhandled', payload });
  });

  it('ends a function at its timeout, even in an endless loop, and starts afresh', async () => {
    const target = pool({ 'index.mjs': 'export const handler = async ({ hang }) => { while (hang); return "ok"; };' }, { timeoutSeconds: 1 });
    const { payload, error } = await call(target, { hang: true });
    expect([error, payload]).toEqual(['Unhandled', { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: id-${count} Error: Task timed out after 1.00 seconds` }]);
    expect(await call(target, { hang: false })).toMatchObject({ payload: 'ok' });
  });

  it('tells a crash from an error', async () => {
    const target = pool({ 'index.mjs': 'export const handler = async ({ how }) => { if (how === "exit") process.exit(3); if (how === "kill") process.kill(process.pid, "SIGKILL"); setTimeout(() => { throw new TypeError("late") }); await new Promise(() => {}); };' });
    expect(await call(target, { how: 'exit' })).toMatchObject({ payload: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 3') } });
    expect(await call(target, { how: 'kill' })).toMatchObject({ payload: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('signal: killed') } });
    expect(await call(target, { how: 'throw' })).toMatchObject({ payload: { errorType: 'TypeError', errorMessage: 'late' } });
  });

  it('refuses a response over 6 MB', async () => {
    const target = pool({ 'index.mjs': 'export const handler = async ({ n }) => "x".repeat(n);' });
    expect(await call(target, { n: 7_000_000 })).toMatchObject({ error: 'Unhandled', payload: { errorType: 'Function.ResponseSizeTooLarge' } });
    expect(await call(target, { n: 6_000_000 })).toMatchObject({ error: undefined });
  });
});

describe('processes', () => {
  const pidOf = { 'index.mjs': 'export const handler = async ({ wait }) => { await new Promise((r) => setTimeout(r, wait)); return process.pid; };' };

  it('uses a warm one again, one after the other, and another when busy', async () => {
    const target = pool(pidOf);
    const pids = new Set<unknown>();
    for (let index = 0; index < 5; index += 1) pids.add((await call(target, { wait: 0 })).payload);
    expect(pids.size).toBe(1);
    const parallel = await Promise.all([call(target, { wait: 100 }), call(target, { wait: 100 })]);
    expect(new Set(parallel.map(({ payload }) => payload)).size).toBe(2);
  });

  it('throttles beyond the reserved concurrency, and waits where none is reserved', async () => {
    const reserved = pool(pidOf, { reservedConcurrency: 1 });
    const first = call(reserved, { wait: 200 });
    await expect(call(reserved)).rejects.toThrow(ConcurrencyExceeded);
    await first;
    const shared = pool(pidOf, {}, { processes: 1 });
    const [one, two] = await Promise.all([call(shared, { wait: 50 }), call(shared, { wait: 0 })]);
    expect(one.payload).toBe(two.payload);
  });

  it('starts nothing any more once it is closed', async () => {
    const target = pool({ 'index.mjs': 'export const handler = () => { console.log("at work"); return new Promise(() => setInterval(() => {}, 1000)); };' }, {}, { processes: 1 });
    const calls = Promise.allSettled([call(target), call(target)]);
    await expect.poll(() => lines.join()).toContain('at work');
    await target.close();
    const [running, waiting] = await calls;
    expect(running).toMatchObject({ status: 'fulfilled', value: { error: 'Unhandled', payload: { errorType: 'Runtime.ExitError' } } });
    expect(waiting).toMatchObject({ status: 'rejected', reason: { message: 'The function fn is closed.' } });
    await expect(call(target)).rejects.toThrow('closed');
  });

  it('starts no process for a call that is still without one when it is closed', async () => {
    const target = pool(pidOf, {}, { processes: 1 });
    const calls = Promise.allSettled([call(target, { wait: 0 }), call(target, { wait: 0 })]);
    await target.close();
    const closed = { status: 'rejected', reason: expect.objectContaining({ message: 'The function fn is closed.' }) };
    expect(await calls).toEqual([closed, closed]);
    expect(existsSync(path.join(root, 'tmp')), 'folders of processes').toBe(false);
  });

  it('retires after the calls that it has, even those without a process', async () => {
    const target = pool(pidOf, {}, { processes: 1 });
    const calls = Promise.all([call(target, { wait: 0 }), call(target, { wait: 0 })]);
    await target.retire();
    rmSync(target.spec.codeDirectory, { recursive: true });
    for (const { payload, error } of await calls) {
      expect(error).toBeUndefined();
      expect(isAlive(payload as number)).toBe(false);
    }
  });

  it('ends idle processes', async () => {
    const target = pool(pidOf, {}, { idleMilliseconds: 20 });
    const { payload } = await call(target, { wait: 0 });
    await expect.poll(() => isAlive(payload as number), { interval: 10 }).toBe(false);
  });

  it('leaves nothing behind when the laptop is killed', async () => {
    const script = path.join(root, 'laptop.ts');
    writeFileSync(
      script,
      `import { startChild } from ${JSON.stringify(path.resolve('local/compute/child.ts'))};
       const child = startChild({ command: [process.execPath, '-e', 'for (;;);'], directory: '/', environment: {} });
       console.log(child.pid);
       setInterval(() => {}, 1000);`,
    );
    const laptop = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = Number(await new Promise((resolve) => laptop.stdout.once('data', resolve)));
    expect(isAlive(pid)).toBe(true);
    laptop.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { interval: 10 }).toBe(false);
  });
});

describe('logs', () => {
  it('frames each invocation as Lambda does', async () => {
    const target = pool({ 'index.mjs': 'export const handler = async () => { console.log("hello %s", "world"); console.error({ a: 1 }); };' });
    const { tail } = await call(target);
    expect(tail).toContain(`START RequestId: id-${count} Version: $LATEST\n`);
    expect(tail).toMatch(/Z\tid-\d+\tINFO\thello world\n/);
    expect(tail).toMatch(/Z\tid-\d+\tERROR\t\{ a: 1 \}\n/);
    expect(tail).toMatch(/REPORT RequestId: id-\d+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t.*Init Duration/);
    expect(lines.join('\n')).toContain('hello world');
  });
});

describe('native packages of the host', () => {
  const other = process.arch === 'arm64' ? 'x64' : 'arm64';
  const here = `${process.platform}-${process.arch}`;
  const index = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);
    export const handler = async () => require('native-' + process.platform + '-' + process.arch).name;`;

  it('stand in where the bundle holds another machine\'s, and nowhere else', async () => {
    const hostModules = path.join(root, 'host', 'node_modules');
    mkdirSync(path.join(hostModules, `native-${here}`), { recursive: true });
    writeFileSync(path.join(hostModules, `native-${here}`, 'index.js'), 'exports.name = "host";');
    const architecture = other === 'arm64' ? 'arm64' : 'x86_64';

    const built = pool({ 'index.mjs': index, [`node_modules/native-linux-${other}/index.js`]: 'exports.name = "target";' }, { architecture }, {}, hostModules);
    expect(await call(built)).toMatchObject({ payload: 'host' });
    await expect.poll(() => substitutions).toEqual([`native-linux-${other}/index.js <- ${path.join(hostModules, `native-${here}`, 'index.js')}`]);

    const forgotten = pool({ 'index.mjs': index }, { architecture }, {}, hostModules);
    expect(await call(forgotten)).toMatchObject({ error: 'Unhandled', payload: { errorMessage: expect.stringContaining(`native-${here}`) } });
  });
});

/** A process that has ended may stay in the table as a zombie until its new parent looks. */
function isAlive(pid: number): boolean {
  return !/^(|.*\bZ.*)$/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim());
}
