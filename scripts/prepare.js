// Runs after `npm ci` in this repository (never at a consumer's): downloads DuckDB for the platform of the handlers' bundles, so that
// everything after it works offline. Without the network it is left to the first build, which then says what is missing.
// JavaScript, since npm may start it with Node 20, which then hands over to the Node that was just installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const installed = new URL('../node_modules/.bin/node', import.meta.url).pathname;

if (process.features.typescript) {
  const { fetchForeignPackages } = await import('./build/foreign-packages.ts');
  try {
    await fetchForeignPackages('arm64');
  } catch (error) {
    if (error.name !== 'BuildError') throw error;
    console.warn(error.message);
  }
} else if (existsSync(installed)) {
  process.exitCode = spawnSync(installed, [import.meta.filename], { stdio: 'inherit' }).status ?? 1;
}
