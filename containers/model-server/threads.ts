import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { ModelServerEnv } from './env.ts';
import { startEventLoop } from './event-loop.ts';
import { log } from './log.ts';

/** More loops than that have not been measured to help. */
const mostLoops = 8;

/** New objects live in so many MB of a loop before they are looked through: more is memory that a server of small requests has no use for. */
const youngGenerationMb = 6;

/** How many event loops a server runs: one a processor, each with the models in its memory. */
export function loopsOf(env: ModelServerEnv): number {
  const given = Number(env.EVENT_LOOPS ?? Math.min(mostLoops, availableParallelism()));
  if (!Number.isInteger(given) || given < 1) throw new Error(`EVENT_LOOPS is '${String(env.EVENT_LOOPS)}', expected a whole number from 1.`);
  return process.platform === 'linux' ? given : 1; // elsewhere one port has one listener
}

/** A loop in another thread of this process. */
export interface Thread {
  stop(): Promise<void>;
}

/**
 * Starts a loop in a thread that runs this very program.
 * @param program the file that the process was started with: it calls `runThread` where it finds itself in such a thread
 */
export async function startThread(program: URL, port: number): Promise<Thread> {
  const worker = new Worker(program, { argv: process.argv.slice(2), workerData: { port } satisfies ThreadData, resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb } });
  const exited = once(worker, 'exit');
  await once(worker, 'message');
  let stopping = false;
  worker.on('error', (error) => { log.error('An event loop failed', { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }); });
  // A server that lacks a loop would answer slower and slower: whoever runs it starts it anew.
  worker.on('exit', () => { if (!stopping) process.exit(1); });
  return {
    async stop() {
      stopping = true;
      worker.postMessage('stop');
      await exited;
    },
  };
}

interface ThreadData {
  readonly port: number;
}

/** What such a thread does. */
export async function runThread(env: ModelServerEnv): Promise<void> {
  const { port } = workerData as ThreadData;
  const loop = await startEventLoop(env, port, loopsOf(env));
  parentPort?.once('message', () => void loop.stop().then(() => parentPort?.close()));
  parentPort?.postMessage('up');
}
