import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { contractModel } from './model.ts';
import { contractSuite } from './suite.ts';
import { httpTarget, maximumRows } from './target.ts';

contractSuite('the container', async () => {
  const env = { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', MODEL_FOLDER: await contractModel(), MAX_BATCH_ROWS: String(maximumRows) };
  const server = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../containers/model-server/main.ts'), 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  for await (const line of createInterface({ input: server.stdout })) {
    const { message, port } = JSON.parse(line) as { message: string; port?: number };
    if (message !== 'Listening') continue;
    return httpTarget(`http://127.0.0.1:${String(port)}`, {
      close: async () => {
        server.kill('SIGTERM');
        await ended;
      },
    });
  }
  throw new Error('The server ended before it listened.');
});
