import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contractModel } from '../contract/model.ts';
import { contractSuite } from '../contract/suite.ts';
import { httpTarget, maximumRows } from '../contract/target.ts';
import { describeWithOracle } from '../support/oracle.ts';
import { type BuiltImage, buildModelServerImage } from './image.ts';

describeWithOracle('buildah', "the model server's image", () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'image-'));
  let image: BuiltImage;
  beforeAll(async () => {
    image = await buildModelServerImage(folder);
  }, 120_000);
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  it('has at most 200 MB of files', () => {
    expect(image.bytes).toBeLessThanOrEqual(200e6);
  });

  it('runs as nobody special, on port 8080, with a health check that needs no shell', () => {
    const { User, Entrypoint, Cmd, ExposedPorts, Healthcheck } = image.configuration;
    expect(User).toBe('1000:1000');
    expect(Cmd).toEqual(['serve']);
    expect(ExposedPorts).toEqual({ '8080/tcp': {} });
    expect(Healthcheck.Test).toEqual(['CMD', ...Entrypoint, 'health'].filter((word) => !word.startsWith('--')));
  });

  /** Starts the image's own entry point in its own file system, as its own user. */
  const start = (environment: Readonly<Record<string, string>>, ...command: string[]): ChildProcess => {
    const { configuration, root } = image;
    const variables = Object.fromEntries(configuration.Env.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
    return spawn('chroot', [`--userspec=${configuration.User}`, root, ...configuration.Entrypoint, ...command], { env: { ...variables, HOST: '127.0.0.1', ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
  };

  contractSuite('the entry point of the image', async () => {
    // Where SageMaker puts a model.
    cpSync(await contractModel(), path.join(image.root, 'opt/ml/model'), { recursive: true });
    const server = start({ PORT: '0', MAX_BATCH_ROWS: String(maximumRows) }, ...image.configuration.Cmd);
    const ended = once(server, 'exit');
    for await (const line of createInterface({ input: server.stdout! })) {
      const { message, port } = JSON.parse(line) as { message: string; port?: number };
      if (message !== 'Listening') continue;
      expect((await once(start({ PORT: String(port) }, 'health'), 'exit'))[0], 'the health check').toBe(0);
      return httpTarget(`http://127.0.0.1:${String(port)}`, {
        hasMetrics: true,
        close: async () => {
          server.kill('SIGTERM');
          expect(await ended, 'a graceful stop').toEqual([0, null]);
          expect((await once(start({ PORT: String(port) }, 'health'), 'exit'))[0], 'the health check of no server').toBe(1);
        },
      });
    }
    throw new Error('The server ended before it listened.');
  });
});
