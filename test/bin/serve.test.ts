import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'serve-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

const serve = (...parameters: string[]) =>
  spawn(process.execPath, [path.resolve(import.meta.dirname, '../../bin/slipway.ts'), 'serve', '--state', folder, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });

it('serves a model that it trains on the spot where none is registered, says so in one line of JSON, and stops on a signal', async () => {
  const child = serve('--port', '0', '--json');
  const ended = once(child, 'close');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { url, model } = JSON.parse(line) as { url: string; model: string };
  expect(model).toBe('trips');
  const answer = await fetch(`${url}/predict`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input: { start: '2026-03-07T18:05:00', distance: 12, station: 'north' } }) });
  expect(await answer.json()).toMatchObject({ prediction: 1, modelName: 'trips', modelVersion: '1' });
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await expect(fetch(`${url}/health`)).rejects.toThrow();
}, 30_000);

it('names a model that it cannot read', async () => {
  const child = serve('--model', path.join(folder, 'nothing'), '--json');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  expect((await once(child, 'close'))[0]).toBe(1);
  expect(said).toMatch(/^slipway: --model .*nothing cannot be read: ENOENT/);
});
