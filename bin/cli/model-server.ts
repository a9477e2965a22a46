import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CommandError } from './errors.ts';
import { modelServerCommand } from './programs.ts';

/** A model server that is up. */
export interface RunningServer {
  readonly url: string;
  /** Resolves when it has ended, with its exit code. */
  readonly ended: Promise<number>;
  /** Lets it finish what it is at, and ends it. */
  stop(): Promise<void>;
}

/**
 * Starts the model server of this package as a process of its own, on a loopback address.
 * @param environment of the server, which has nothing else of this process's but the path
 * @param onLine is told each line of its log
 * @throws CommandError with its last lines where it does not come up
 */
export async function startModelServer(environment: Readonly<Record<string, string>>, onLine: (line: string) => void): Promise<RunningServer> {
  const [program, ...parameters] = modelServerCommand();
  const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', ...environment } });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => { resolve(code ?? 1); }));
  const last: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        last.push(line);
        if (last.length > 20) last.shift();
        onLine(line);
        const listening = portOf(line);
        if (listening !== undefined) resolve(listening);
      });
    }
    void ended.then((code) => { reject(new CommandError(`The model server ended with exit code ${String(code)} before it was up:\n${last.join('\n')}`)); });
  });
  return {
    url: `http://127.0.0.1:${String(port)}`,
    ended,
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    },
  };
}

function portOf(line: string): number | undefined {
  try {
    const { message, port } = JSON.parse(line) as { message?: string; port?: number };
    return message === 'Listening' ? port : undefined;
  } catch {
    return undefined; // a line of somebody else's, such as a warning of the runtime
  }
}
