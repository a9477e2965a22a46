import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { rows } from './cases.ts';
import { contractModel } from './model.ts';
import { contractSuite } from './suite.ts';
import { httpTarget, maximumRows } from './target.ts';

interface Started {
  readonly url: string;
  readonly server: ChildProcess;
  readonly lines: Record<string, unknown>[];
  stop(): Promise<void>;
}

/** Starts the model server with the contract's model. */
async function start(more: Readonly<Record<string, string>> = {}): Promise<Started> {
  const env = { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', MODEL_FOLDER: await contractModel(), MAX_BATCH_ROWS: String(maximumRows), ...more };
  const server = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../containers/model-server/main.ts'), 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'close');
  const lines: Record<string, unknown>[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    server.once('exit', () => { reject(new Error('The server ended before it listened.')); });
    createInterface({ input: server.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as Record<string, unknown>;
      lines.push(said);
      if (said['message'] === 'Listening') resolve(`http://127.0.0.1:${String(said['port'])}`);
    });
  });
  return {
    url, server, lines,
    async stop() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

contractSuite('the container', async () => {
  const { url, stop } = await start();
  return httpTarget(url, { hasMetrics: true, close: stop });
});

test('the container counts the requests of all its loops, reports them to CloudWatch by its log, and logs refusals without what they say', { timeout: 30_000 }, async () => {
  const { url, lines, stop } = await start({ EVENT_LOOPS: '3', TARGET_NAME: 'blue' });
  const post = (body: unknown) => fetch(`${url}/predict`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => post(index < 30 ? { input: rows[1] } : { input: { start: 'secret' } })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(30);
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  expect(text).toContain('slipway_requests_total{route="/predict",status="200",role="stable",model_version="1"} 30\n');
  expect(text).toContain('slipway_requests_total{route="/predict",status="400",role="stable",model_version="1"} 10\n');
  expect(text).toContain('slipway_model_info{model_name="trips",model_version="1",role="stable"} 1\n');
  await stop();
  const reported = lines.filter((line) => '_aws' in line);
  const sum = (name: string): number => reported.reduce((total, line) => total + (line[name] as number), 0);
  expect([sum('Requests'), sum('Errors'), sum('RefusedRequests')]).toEqual([40, 0, 10]);
  expect(reported[0]).toMatchObject({ Target: 'blue', Role: 'stable', ModelVersion: '1' });
  const refusals = lines.filter(({ message }) => message === 'Request');
  expect(refusals).toHaveLength(10);
  expect(refusals[0]).toMatchObject({ route: '/predict', status: 400, modelVersion: '1' });
  expect(JSON.stringify(lines)).not.toContain('secret');
});
