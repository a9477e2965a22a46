import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bundle, Program } from './bundle.ts';
import { installedVersion, nativeFiles } from './native-packages.ts';
import { type Arch, root } from './platform.ts';
import { isCurrent, stampOf, writeStamp } from './stamp.ts';

/** What a build did. */
export interface ProgramsBuild {
  readonly arch: Arch;
  readonly folder: string;
  readonly programs: readonly string[];
  /** False where everything was there already. */
  readonly built: boolean;
}

/**
 * Builds `<out>/<arch>/<program>/index.mjs` with the native files that the program needs beside it, for each architecture.
 * The same sources and packages give the same bytes. Where nothing has changed since the last build, nothing is done.
 */
export async function buildPrograms(out: string, archs: readonly Arch[], programs: readonly Program[]): Promise<ProgramsBuild[]> {
  const settings = JSON.stringify({ programs, esbuild: installedVersion('esbuild'), layout: 2 });
  const stampFile = (arch: Arch) => path.join(out, `.${arch}.json`);
  const stale = archs.filter((arch) => !isCurrent(stampFile(arch), settings));
  if (stale.length > 0) {
    const { bundlePrograms } = await import('./bundle.ts');
    const bundles = await bundlePrograms(programs);
    for (const arch of stale) {
      const folder = path.join(out, arch);
      const scratch = path.join(out, `.${arch}.${String(process.pid)}`);
      try {
        const inputs = await writeBundles(bundles, arch, scratch);
        rmSync(stampFile(arch), { force: true });
        replace(folder, scratch);
        const outputs = listFiles(folder).map((file) => path.join(folder, file));
        writeStamp(stampFile(arch), stampOf(settings, [...inputs, ...buildSources(), ...outputs]));
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    }
  }
  return archs.map((arch) => ({ arch, folder: path.join(out, arch), programs: programs.map(({ name }) => name), built: stale.includes(arch) }));
}

/** Writes the bundles with their native files, and answers what they were made from. */
async function writeBundles(bundles: readonly Bundle[], arch: Arch, folder: string): Promise<Set<string>> {
  rmSync(folder, { recursive: true, force: true });
  const inputs = new Set<string>();
  for (const bundle of bundles) {
    const place = path.join(folder, bundle.program.name);
    mkdirSync(place, { recursive: true });
    for (const [file, code] of Object.entries(bundle.code)) writeFileSync(path.join(place, file), code);
    for (const input of bundle.inputs) inputs.add(input);
    for (const file of bundle.program.files) {
      const from = path.join(root, file);
      // A copy: whoever edits what was built does not edit the source.
      copyFileSync(from, path.join(place, path.basename(file)));
      inputs.add(from);
    }
    for (const { from, to } of await nativeFiles(bundle.natives, arch, listFiles)) {
      linkOrCopy(from, path.join(place, to));
      inputs.add(from);
    }
  }
  return inputs;
}

/** The files under a folder, as sorted paths from it; none where it is no folder. */
export function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [];
    throw error;
  }
}

/** What decides on the outcome beside the handlers' own sources. */
function buildSources(): string[] {
  return [path.join(root, 'tsconfig.json'), ...listFiles(import.meta.dirname).map((file) => path.join(import.meta.dirname, file))];
}

/** A hard link where the file system allows it: the natives of all bundles are hundreds of megabytes. */
function linkOrCopy(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** Puts a finished folder in the place of the old one, so that no half-built bundle is ever seen. Two builds at once may both get here. */
function replace(folder: string, finished: string): void {
  const old = `${finished}.old`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (existsSync(folder)) renameSync(folder, old);
      renameSync(finished, folder);
      break;
    } catch (error) {
      const isRace = ['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (!isRace || attempt === 10) throw error;
    }
    rmSync(old, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
}
