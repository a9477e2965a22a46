import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KeptServer } from '../../../local/compute/server/kept-server.ts';
import { ServerProcess } from '../../../local/compute/server/server-process.ts';
import type { ServerOptions } from '../../../local/compute/server/server-process.ts';
import { temporaryDirectory } from '../support/assembly.ts';

/** A server that behaves as its environment says. */
const program = `
  import { createServer } from 'node:http';
  import { spawn } from 'node:child_process';
  const { PORT, MODE } = process.env;
  if (MODE === 'broken') { console.error('no model in /opt/ml/model'); process.exit(3); }
  if (MODE === 'deaf') process.on('SIGTERM', () => undefined);
  if (MODE === 'child') spawn('sleep', ['1000'], { stdio: 'inherit' });
  createServer((request, response) => {
    if (request.url === '/crash') process.exit(1);
    response.writeHead(MODE === 'unready' && request.url === '/ping' ? 503 : 200).end(String(process.pid));
  }).listen(Number(PORT), '127.0.0.1', () => console.log('listening'));
`;

function options(mode = '', changes: Partial<ServerOptions> = {}): ServerOptions & { readonly lines: string[] } {
  const directory = temporaryDirectory();
  writeFileSync(path.join(directory, 'server.mjs'), program);
  const lines: string[] = [];
  return {
    command: [process.execPath, 'server.mjs'],
    directory,
    environment: { MODE: mode, PATH: process.env['PATH'] ?? '' },
    probe: { path: '/ping' },
    startupMilliseconds: 20_000,
    lines,
    line: (text) => void lines.push(text),
    ...changes,
  };
}

async function started(of: ServerOptions): Promise<ServerProcess> {
  const server = await ServerProcess.start(of);
  onTestFinished(async () => {
    server.kill();
    await server.exited;
  });
  return server;
}

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const ask = async (port: number | undefined, route = '/'): Promise<string> => (await fetch(`http://127.0.0.1:${String(port)}${route}`)).text();

describe('a server process', () => {
  it('is up once its health path answers 200, and ends when it is asked to', async () => {
    const of = options();
    const server = await started(of);
    await server.ready;
    expect(await ask(server.port)).toBe(String(server.pid));
    expect(of.lines).toEqual(['listening']);
    await server.stop(30_000);
    expect([server.running, lives(server.pid)]).toEqual([false, false]);
  });

  it('needs no health path: a port that takes connections is up', async () => {
    const server = await started(options('unready', { probe: {} }));
    await server.ready;
  });

  it('that never answers 200 is not up when its time is over', async () => {
    const server = await started(options('unready', { startupMilliseconds: 500 }));
    await expect(server.ready).rejects.toThrow('did not answer 200 to GET /ping within 0.5 s; its last words: listening');
    expect(server.running).toBe(true);
  });

  it('that ends at its start tells its last words', async () => {
    const server = await started(options('broken'));
    await expect(server.ready).rejects.toThrow('ended (exit code 3) before it answered 200 to GET /ping; its last words: no model in /opt/ml/model');
  });

  it('that does not end when it is asked to is killed after the grace, with what it started', async () => {
    const of = options('deaf');
    const server = await started(of);
    await server.ready;
    expect(await server.stop(50)).toMatchObject({ signal: 'SIGKILL' });

    const parent = await started(options('child'));
    await parent.ready;
    parent.kill();
    // Its output ends when no process holds it any more.
    await parent.exited;
  });

  it('is told its port by the variables that its image reads', async () => {
    const of = options('', { portVariables: ['PORT', 'SAGEMAKER_BIND_TO_PORT'] });
    await (await started(of)).ready;
  });
});

describe('a kept server', () => {
  it('is started again when it ends, and not after it was stopped', async () => {
    const of = options();
    const server = await KeptServer.start(of);
    const first = server.pid;
    await ask(server.port, '/crash').catch(() => undefined);
    await expect.poll(() => server.port !== undefined && server.pid !== first, { timeout: 10_000, interval: 10 }).toBe(true);
    expect(await ask(server.port)).toBe(String(server.pid));
    expect(of.lines).toContain('The program ended (1) and is started again.');
    await server.stop(30_000);
    expect([server.port, lives(server.pid)]).toEqual([undefined, false]);
  });

  it('that does not come up fails its start and leaves no process behind', async () => {
    await expect(KeptServer.start(options('broken'))).rejects.toThrow('exit code 3');
    const abandoned = new AbortController();
    const of = options('unready', { line: () => abandoned.abort() });
    await expect(KeptServer.start(of, abandoned.signal)).rejects.toThrow('SIGKILL');
  });
});
