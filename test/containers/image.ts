import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildImages } from '../../scripts/build/images.ts';

const root = path.resolve(import.meta.dirname, '../..');
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';

/** An image that was built, and its file system. */
export interface BuiltImage {
  /** Where its file system lies, unpacked. */
  readonly root: string;
  readonly configuration: {
    readonly User: string;
    readonly Entrypoint: readonly string[];
    readonly Cmd: readonly string[];
    readonly Env: readonly string[];
    readonly ExposedPorts: Readonly<Record<string, unknown>>;
    readonly Healthcheck: { readonly Test: readonly string[] };
  };
  /** Of its files, in bytes. */
  readonly bytes: number;
}

/**
 * Builds the model server's image by its Dockerfile, without a Docker daemon: with buildah, on a base that is made on the spot of Debian's C and C++
 * libraries, with the Node that these tests run on.
 */
export async function buildModelServerImage(folder: string): Promise<BuiltImage> {
  const [built] = await buildImages(path.join(root, 'dist/images'), [arch]);
  const buildah = (...parameters: string[]): string =>
    execFileSync('buildah', ['--root', path.join(folder, 'storage'), '--runroot', path.join(folder, 'run'), '--storage-driver', 'vfs', ...parameters], { encoding: 'utf8', env: { ...process.env, BUILDAH_ISOLATION: 'chroot' }, stdio: ['ignore', 'pipe', 'pipe'] }).trim();

  const base = path.join(folder, 'base');
  mkdirSync(base);
  execFileSync('mmdebstrap', ['--quiet', '--variant=extract', '--include=libc6,libstdc++6,libgcc-s1', debianRelease(), path.join(base, 'root.tar')], { stdio: ['ignore', 'ignore', 'pipe'] });
  copyFileSync(process.execPath, path.join(base, 'node'));
  writeFileSync(path.join(base, 'Dockerfile'), 'FROM scratch AS base\nADD root.tar /\nFROM scratch AS node\nCOPY node /usr/local/bin/node\n');
  for (const target of ['base', 'node']) buildah('build', '--quiet', '--target', target, '--tag', `localhost/${target}:1`, base);

  // A copy: the folder may be built anew by another test meanwhile.
  const context = path.join(folder, 'context');
  cpSync(path.join(built!.folder, 'model-server'), context, { recursive: true });
  buildah('build', '--quiet', '--format', 'docker', '--build-arg', 'BASE_IMAGE=localhost/base:1', '--build-arg', 'NODE_IMAGE=localhost/node:1', '--tag', 'model-server', context);
  const container = buildah('from', '--pull-never', 'model-server');
  const place = buildah('mount', container);
  const { Docker } = JSON.parse(buildah('inspect', 'model-server')) as { Docker: { config: BuiltImage['configuration'] } };
  const bytes = Number(execFileSync('du', ['--summarize', '--apparent-size', '--block-size=1', place], { encoding: 'utf8' }).split('\t')[0]);
  return { root: place, configuration: Docker.config, bytes };
}

/** The release of Debian that this machine runs, whose mirror it knows. */
function debianRelease(): string {
  return /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
}
