import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../lambda/shared/digest.ts';
import { type Arch, BuildError, root } from './platform.ts';

/** The locked list of native packages of every platform; npm installs it for a platform other than this machine's. */
const lockedFolder = path.join(root, 'tools', 'native');

/**
 * The folder of a package for another platform than this machine's. It is downloaded once, by its locked version and integrity, and kept under node_modules/.cache.
 * @throws BuildError where it is not there and cannot be downloaded.
 */
export async function foreignPackage(name: string, arch: Arch): Promise<string> {
  const cache = cacheFolder(arch);
  const folder = path.join(cache, 'node_modules', name);
  if (!existsSync(path.join(folder, 'package.json'))) install(cache, arch, name);
  return folder;
}

/** Downloads what the bundles of an architecture need and this machine lacks; nothing where it is there already. */
export async function fetchForeignPackages(arch: Arch): Promise<void> {
  const manifest = JSON.parse(readFileSync(path.join(lockedFolder, 'package.json'), 'utf8')) as { optionalDependencies: Record<string, string> };
  for (const name of Object.keys(manifest.optionalDependencies).filter((candidate) => candidate.endsWith(`-${arch}`))) {
    if (!existsSync(path.join(root, 'node_modules', name))) await foreignPackage(name, arch);
  }
}

function cacheFolder(arch: Arch): string {
  const lock = sha256(readFileSync(path.join(lockedFolder, 'package-lock.json'))).slice(0, 16);
  return path.join(root, 'node_modules', '.cache', 'slipway-native', `linux-${arch}-${lock}`);
}

function install(cache: string, arch: Arch, name: string): void {
  const scratch = `${cache}.${String(process.pid)}`;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(path.join(lockedFolder, file), path.join(scratch, file));
  const options = ['--os=linux', `--cpu=${arch}`, '--libc=glibc', '--ignore-scripts', '--no-audit', '--no-fund', `--prefix=${scratch}`];
  const npm = spawnSync('npm', ['ci', ...options], { cwd: scratch, encoding: 'utf8' });
  // npm drops an optional package that it cannot download without a word, so that its exit code says nothing.
  if (!existsSync(path.join(scratch, 'node_modules', name, 'package.json'))) {
    rmSync(scratch, { recursive: true, force: true });
    throw new BuildError(
      `${name}, which the handlers' bundles for linux-${arch} hold, is not on this machine and could not be downloaded ` +
      `(npm ci in tools/native: ${npm.error?.message ?? firstLines(npm.stderr)}). Connect to the registry once and run \`npm run build:handlers\` again.`,
    );
  }
  rmSync(cache, { recursive: true, force: true });
  renameSync(scratch, cache);
}

function firstLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.startsWith('npm error'));
  return lines.length === 0 ? 'npm gave no reason' : lines.slice(0, 3).join(' | ');
}
