import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasWrk, load, type Load } from './serving/load.ts';
import { servingShape, writeServingModel } from './serving/model.ts';
import { type Server, startServer } from './serving/process.ts';
import { buildImages } from '../scripts/build/images.ts';

const python = '/usr/bin/python3';
const root = path.resolve(import.meta.dirname, '..');
const seconds = Number(process.env['BENCH_SECONDS'] ?? '5');
/** What Slipway promises, of this machine's two cores. */
const promise = { overBareNode: 1.6, memoryMb: 130 };

interface Measured {
  readonly connections1: Load;
  readonly connections64: Load;
  readonly peakMb: number;
}

/**
 * The model server over HTTP, beside what one would write by hand: node:http with onnxruntime-node, and FastAPI with XGBoost where it is installed. One
 * process each, one after the other, the same model and rows, wrk as the generator.
 */
export async function run(): Promise<object> {
  if (!hasWrk()) return { skipped: 'wrk is absent (apt-get install wrk): a generator in Node would take one of two cores for itself' };
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-serving-'));
  try {
    await writeServingModel(folder);
    // What the image holds, started as it starts it.
    const [image] = await buildImages(path.join(root, 'dist/images'), [process.arch === 'arm64' ? 'arm64' : 'x64']);
    const program = [process.execPath, '--max-semi-space-size=2', path.join(image!.folder, 'model-server/index.mjs'), 'serve'];
    const slipway = await measure(() => startServer(program, { MODEL_FOLDER: folder, PORT: '0', HOST: '127.0.0.1' }), folder);
    const bareNode = await measure(() => startServer([process.execPath, path.join(root, 'bench/serving/bare-server.ts'), path.join(folder, 'bare.onnx')]), folder);
    const fastApi = hasFastApi() ? await measure(() => startServer([python, path.join(root, 'bench/serving/fastapi-server.py'), path.join(folder, 'model.ubj'), '18099']), folder) : undefined;
    const overBareNode = slipway.connections64.requestsPerSecond / bareNode.connections64.requestsPerSecond;
    return {
      ...servingShape, seconds, slipway: rounded(slipway), bareNode: rounded(bareNode),
      fastApi: fastApi === undefined ? 'absent (apt-get install python3-fastapi python3-uvicorn python3-xgboost)' : rounded(fastApi),
      overBareNode: Number(overBareNode.toFixed(2)), promise,
      met: overBareNode >= promise.overBareNode && slipway.peakMb <= promise.memoryMb && (fastApi === undefined || slipway.connections1.p99Ms <= fastApi.connections1.p99Ms),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(start: () => Promise<Server>, folder: string): Promise<Measured> {
  const server = await start();
  try {
    await load(server.url, folder, { connections: 8, seconds: 2 });
    const connections1 = await load(server.url, folder, { connections: 1, seconds });
    const connections64 = await load(server.url, folder, { connections: 64, seconds });
    return { connections1, connections64, peakMb: server.peakMb() };
  } finally {
    await server.stop();
  }
}

function hasFastApi(): boolean {
  try {
    execFileSync(python, ['-c', 'import fastapi, uvicorn, xgboost'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // the bench says so in its line
  }
}

function rounded({ connections1, connections64, peakMb }: Measured): object {
  const load = ({ requestsPerSecond, p50Ms, p99Ms }: Load): object => ({ requestsPerSecond: Math.round(requestsPerSecond), p50Ms: Number(p50Ms.toFixed(3)), p99Ms: Number(p99Ms.toFixed(3)) });
  return { connections1: load(connections1), connections64: load(connections64), peakMb };
}
