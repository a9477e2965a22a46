import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { foreignPackage } from './foreign-packages.ts';
import { type Arch, BuildError, root } from './platform.ts';

/** A package of which a bundle needs some files. */
interface PackageFiles {
  readonly name: string;
  /** The paths in the package that go along: files, or folders with all the files of these endings. */
  readonly files: readonly string[];
  /** Whether the package is for one platform alone, and so may not be installed on this machine. */
  readonly ofPlatform?: boolean;
}

/** A file that goes into a bundle. */
export interface BundledFile {
  /** Where it is now. */
  readonly from: string;
  /** Where it goes, from the bundle's folder. */
  readonly to: string;
}

/**
 * The packages that esbuild leaves out of a bundle, since they load native code, and the files of them that a function on Linux needs.
 * onnxruntime-node ships the binaries of every platform (288 MB); DuckDB's are a package each.
 */
const nativePackages: Readonly<Record<string, (arch: Arch) => readonly PackageFiles[]>> = {
  'onnxruntime-node': (arch) => [
    {
      name: 'onnxruntime-node',
      files: [
        'package.json', 'dist/index.js', 'dist/backend.js', 'dist/binding.js', 'dist/version.js',
        `bin/napi-v6/linux/${arch}/onnxruntime_binding.node`, `bin/napi-v6/linux/${arch}/libonnxruntime.so.1`,
      ],
    },
    { name: 'onnxruntime-common', files: ['package.json', 'dist/cjs'] },
  ],
  '@duckdb/node-bindings': (arch) => [
    { name: '@duckdb/node-bindings', files: ['package.json', 'duckdb.js'] },
    { name: 'detect-libc', files: ['package.json', 'lib'] },
    { name: `@duckdb/node-bindings-linux-${arch}`, files: ['package.json', 'duckdb.node', 'libduckdb.so'], ofPlatform: true },
  ],
};

/** The names to leave out of the bundles. */
export const externalPackages: readonly string[] = Object.keys(nativePackages);

/** The files that a bundle needs beside its own, for the native packages that it imports. */
export async function nativeFiles(imported: readonly string[], arch: Arch, list: (folder: string) => readonly string[]): Promise<BundledFile[]> {
  const files: BundledFile[] = [];
  for (const name of imported) {
    const needed = nativePackages[name];
    if (needed === undefined) {
      throw new BuildError(`A handler imports '${name}', which is neither bundled nor a known native package: add it to scripts/build/native-packages.ts.`);
    }
    for (const part of needed(arch)) {
      const installed = path.join(root, 'node_modules', part.name);
      const folder = part.ofPlatform === true && !existsSync(installed) ? await foreignPackage(part.name, arch) : installed;
      for (const file of part.files.flatMap((entry) => expanded(folder, entry, list))) {
        files.push({ from: path.join(folder, file), to: path.join('node_modules', part.name, file) });
      }
    }
  }
  return files;
}

/** The version of an installed package. */
export function installedVersion(name: string): string {
  const manifest = JSON.parse(readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

function expanded(folder: string, entry: string, list: (folder: string) => readonly string[]): string[] {
  const place = path.join(folder, entry);
  if (!existsSync(place)) throw new BuildError(`${path.relative(root, place)} is missing: run \`npm ci\`.`);
  if (path.extname(entry) !== '' || entry.endsWith('.so.1')) return [entry];
  return list(place).filter((file) => file.endsWith('.js') || file.endsWith('package.json')).map((file) => path.join(entry, file));
}
