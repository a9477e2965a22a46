import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../local/core/clock.ts';
import { FunctionPool } from '../../../local/compute/lambda/function-pool.ts';
import type { Outcome } from '../../../local/compute/lambda/outcome.ts';

let root: string;
let pools: FunctionPool[];

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'stream-'));
  pools = [];
});

afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  rmSync(root, { recursive: true });
});

function pool(body: string, timeoutSeconds = 10): FunctionPool {
  const codeDirectory = mkdtempSync(path.join(root, 'code-'));
  writeFileSync(path.join(codeDirectory, 'index.mjs'), `export const handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} });`);
  const made = new FunctionPool(
    { name: 'fn', arn: 'arn:fn', version: '$LATEST', runtime: 'nodejs24.x', handler: 'index.handler', architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64', memoryMegabytes: 128, timeoutSeconds, environment: {}, codeDirectory, logGroup: 'g', jsonLogs: false },
    { region: 'eu-west-1', clock: systemClock, temporaryDirectory: path.join(root, 'tmp'), endpoint: () => 'http://127.0.0.1:9', credentials: () => ({ accessKeyId: 'AK', secretAccessKey: 'SK', sessionToken: 'ST', expiration: new Date() }), log: () => undefined, substituted: () => undefined },
  );
  pools.push(made);
  return made;
}

/** What a sink heard: the type, each chunk, and the outcome. */
async function stream(target: FunctionPool, event: object = {}, hear: (chunk: string) => void = () => undefined): Promise<{ type: string | undefined; chunks: string[]; outcome: Outcome }> {
  const chunks: string[] = [];
  let type: string | undefined;
  const sink = {
    start: (contentType: string) => void (type = contentType),
    write(chunk: Buffer) {
      chunks.push(chunk.toString());
      hear(chunk.toString());
    },
  };
  const outcome = await target.invoke({ requestId: 'id', payload: Buffer.from(JSON.stringify(event)), functionArn: target.spec.arn, sink });
  return { type, chunks, outcome };
}

it('gives each chunk as it comes, and stays warm', async () => {
  const go = path.join(root, 'go');
  const target = pool(`
    const { existsSync } = await import('node:fs');
    stream.setContentType('text/plain');
    stream.write('one');
    while (!existsSync(event.go)) await new Promise((resolve) => setTimeout(resolve, 5));
    stream.write({ two: 2 });
    stream.end('three');`);
  const first = await stream(target, { go }, (chunk) => {
    if (chunk === 'one') writeFileSync(go, '');
  });
  expect([first.type, first.chunks[0], first.outcome.payload.length]).toEqual(['text/plain', 'one', 0]);
  expect(first.chunks.join('')).toBe('one{"two":2}three');
  expect((await stream(target, { go })).outcome.logTail).not.toContain('Init Duration');
});

it('puts the metadata of an HTTP response before its body, behind eight NUL bytes', async () => {
  const target = pool('const out = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { a: "b" } }); out.write("body"); out.end();');
  const { type, chunks } = await stream(target);
  expect([type, chunks.join('')]).toEqual(['application/vnd.awslambda.http-integration-response', `{"statusCode":201,"headers":{"a":"b"}}${'\0'.repeat(8)}body`]);
});

it('is whole for a caller without a sink', async () => {
  const target = pool('stream.write("a"); await new Promise((resolve) => setTimeout(resolve, 5)); stream.write("b"); stream.end();');
  expect((await target.invoke({ requestId: 'id', payload: Buffer.from('{}'), functionArn: 'arn:fn' })).payload.toString()).toBe('ab');
});

it('fails as ever before its first byte, and breaks off after it', async () => {
  const target = pool('if (event.early) throw new TypeError("early"); stream.write("some"); await new Promise((resolve) => setTimeout(resolve, 20)); throw new RangeError("late");');
  const early = await stream(target, { early: true });
  expect([early.type, early.outcome.functionError, JSON.parse(early.outcome.payload.toString())]).toMatchObject([undefined, 'Unhandled', { errorType: 'TypeError', errorMessage: 'early' }]);
  const late = await stream(target);
  expect([late.chunks, late.outcome.functionError, JSON.parse(late.outcome.payload.toString())]).toMatchObject([['some'], 'Unhandled', { errorType: 'RangeError', errorMessage: 'late' }]);
  expect((await stream(target, { early: true })).outcome.functionError).toBe('Unhandled');
});

it('ends with its process, and at its timeout', async () => {
  const target = pool('stream.write("some"); await new Promise((resolve) => setTimeout(resolve, 20)); if (event.exit) process.exit(3); await new Promise(() => setInterval(() => {}, 1000));', 1);
  const gone = await stream(target, { exit: true });
  expect([gone.chunks, JSON.parse(gone.outcome.payload.toString())]).toMatchObject([['some'], { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 3') }]);
  const late = await stream(target);
  expect([late.chunks, JSON.parse(late.outcome.payload.toString())]).toMatchObject([['some'], { errorType: 'Sandbox.Timedout' }]);
});
