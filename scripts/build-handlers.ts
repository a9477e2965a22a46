import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildHandlers } from './build/handlers.ts';
import { type Arch, archs, BuildError, root } from './build/platform.ts';

const help = `Builds the Lambda functions' bundles: dist/handlers/<arch>/<handler>/index.mjs and the native files beside it.

  npm run build:handlers                    for arm64, which the constructs deploy by default
  npm run build:handlers -- --arch x64
  npm run build:handlers -- --arch all`;

try {
  const { values } = parseArgs({ options: { arch: { type: 'string', default: 'arm64' }, help: { type: 'boolean', default: false } } });
  if (values.help) console.log(help);
  else await run(wanted(values.arch));
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function wanted(arch: string): readonly Arch[] {
  if (arch === 'all') return archs;
  const found = archs.find((candidate) => candidate === arch);
  if (found === undefined) throw new BuildError(`--arch is '${arch}', expected ${archs.join(', ')} or all.`);
  return [found];
}

async function run(targets: readonly Arch[]): Promise<void> {
  const startedAt = performance.now();
  for (const { arch, folder, handlers, built } of await buildHandlers(path.join(root, 'dist', 'handlers'), targets)) {
    const what = built ? `${String(handlers.length)} handlers for ${arch}` : `handlers for ${arch} are up to date`;
    console.log(`${what} in ${path.relative(root, folder)} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  }
}
