import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A server that is measured. */
export interface Server {
  readonly url: string;
  readonly pid: number;
  /** The largest resident memory so far, in MB. */
  peakMb(): number;
  stop(): Promise<void>;
}

/** Starts a program that prints `{"message":"Listening","port":..}`, with nothing of this process's environment but the path. */
export async function startServer(command: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Server> {
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env['PATH'] ?? '', ...environment } });
  const port = await listening(child);
  return {
    url: `http://127.0.0.1:${String(port)}`,
    pid: child.pid!,
    peakMb: () => Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${String(child.pid)}/status`, 'utf8'))![1]) / 1024),
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

async function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const found = /"message":\s*"Listening".*"port":\s*(\d+)/.exec(line);
      if (found !== null) resolve(Number(found[1]));
    });
    child.once('error', reject);
    child.once('exit', (code) => { reject(new Error(`${child.spawnargs.join(' ')} ended with ${String(code)} before it listened.`)); });
  });
}
