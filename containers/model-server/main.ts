import { isMainThread } from 'node:worker_threads';
import type { ModelServerEnv } from './env.ts';
import { startEventLoop } from './event-loop.ts';
import { checkHealth } from './health.ts';
import { log } from './log.ts';
import { loopsOf, runThread, startThread } from './threads.ts';

// Here, since what a thread of its own sets is not seen by ONNX Runtime: it reports its use to Microsoft otherwise.
process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
const env: ModelServerEnv = process.env;
const defaultPort = 8080;

/** `serve`, as SageMaker starts it, or nothing: serves. `health`: exits with 0 where the server of this container answers. */
async function main([command = 'serve', ...more]: readonly string[]): Promise<void> {
  if (!isMainThread) return runThread(env);
  const port = portOf(env);
  if (command === 'health' && more.length === 0) process.exitCode = (await checkHealth(port)) ? 0 : 1;
  else if (command === 'serve' && more.length === 0) await serve(port);
  else throw new Error(`The arguments are '${[command, ...more].join(' ')}', expected serve or health.`);
}

async function serve(port: number): Promise<void> {
  const loops = loopsOf(env);
  const first = await startEventLoop(env, port, loops);
  const others = await Promise.all(Array.from({ length: loops - 1 }, () => startThread(new URL(import.meta.url), first.port)));
  log.info('Listening', { port: first.port, loops });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info('Stopping', { signal });
      void Promise.all([first, ...others].map((loop) => loop.stop())).then(() => process.exit(0));
    });
  }
}

function portOf({ PORT }: ModelServerEnv): number {
  const port = Number(PORT ?? defaultPort);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT is '${String(PORT)}', expected a number from 0 to 65535.`);
  return port;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  log.error('The server cannot start', { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
}
