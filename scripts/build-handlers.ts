import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildHandlers } from './build/handlers.ts';
import { buildImages } from './build/images.ts';
import { type Arch, archs, BuildError, root } from './build/platform.ts';
import type { ProgramsBuild } from './build/programs.ts';

const help = `Builds the Lambda functions' bundles, dist/handlers/<arch>/<handler>/index.mjs and the native files beside it, and the folders that images
are built from, dist/images/<arch>/<image>: these for both architectures, since SageMaker's serverless inference knows no arm64.

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
  const say = ({ arch, folder, programs, built }: ProgramsBuild, kind: string): void => {
    const what = built ? `${String(programs.length)} ${kind} for ${arch}` : `${kind} for ${arch} are up to date`;
    console.log(`${what} in ${path.relative(root, folder)} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  };
  for (const build of await buildHandlers(path.join(root, 'dist', 'handlers'), targets)) say(build, 'handlers');
  for (const build of await buildImages(path.join(root, 'dist', 'images'), archs)) say(build, 'image folders');
}
