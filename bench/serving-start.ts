import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildImages } from '../scripts/build/images.ts';
import { createWorld } from '../scripts/soak/world.ts';
import { servingRows, servingShape } from './serving/model.ts';
import { startServer } from './serving/process.ts';

const starts = 15;
/** What Slipway promises: from the start of the process to its first answer, with the model fetched from a local S3. */
const promiseMs = 150;

/** How soon the model server answers after its process was started: it reads the deployment record, fetches the model, checks its digest and loads it. Beside it a Node process that answers nothing. */
export async function run(): Promise<object> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-start-'));
  const world = await createWorld(folder, 1);
  try {
    await world.write({ stable: world.model(1) });
    const [image] = await buildImages(path.resolve(import.meta.dirname, '../dist/images'), [process.arch === 'arm64' ? 'arm64' : 'x64']);
    const slipway = [process.execPath, '--max-semi-space-size=2', path.join(image!.folder, 'model-server/index.mjs'), 'serve'];
    const empty = [process.execPath, path.join(import.meta.dirname, 'serving/empty-server.mjs')];
    const environment = { ...world.environment, PORT: '0', HOST: '127.0.0.1' };
    const [own, bare]: [number[], number[]] = [[], []];
    for (let start = 0; start < starts; start += 1) {
      own.push(await firstAnswer(slipway, { ...environment, EVENT_LOOPS: '1' }));
      bare.push(await firstAnswer(empty, {}));
    }
    const [p50Ms, emptyP50Ms] = [median(own), median(bare)];
    return { ...servingShape, starts, p50Ms, largestMs: Math.round(Math.max(...own)), emptyP50Ms, ratio: Number((p50Ms / emptyP50Ms).toFixed(2)), promiseMs, met: p50Ms <= promiseMs };
  } finally {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function firstAnswer(command: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  const startedAt = performance.now();
  const server = await startServer(command, environment);
  try {
    const response = await fetch(`${server.url}/predict`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input: [...servingRows(1, 3)[0]!] }) });
    await response.text();
    if (response.status !== 200) throw new Error(`The first answer is ${String(response.status)}.`);
    return performance.now() - startedAt;
  } finally {
    await server.stop();
  }
}

function median(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!);
}
