import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../errors.ts';

/**
 * The context key that names another folder of bundles than the package's own `dist/handlers`, with the same layout. Tests
 * point it at a folder of tiny bundles.
 */
export const bundleRootContext = 'slipway:handlerBundles';

/**
 * The folder of a handler's bundle: `dist/handlers/<arm64|x64>/<handler>` of this package, or where the context key says.
 * @throws ConfigurationError where it was not built, or is larger than Lambda takes
 */
export function handlerBundle(scope: Construct, handler: string, architecture: Architecture): string {
  const configured: unknown = scope.node.tryGetContext(bundleRootContext);
  const root = typeof configured === 'string' ? path.resolve(configured) : (ownBundles ??= path.join(packageRoot(import.meta.dirname), 'dist', 'handlers'));
  const arch = architecture === Architecture.X86_64 ? 'x64' : 'arm64';
  const folder = path.join(root, arch, handler);
  if (taken.has(folder)) return folder;
  if (!existsSync(path.join(folder, 'index.mjs'))) {
    throw new ConfigurationError(scope, [`the bundle of the handler '${handler}' is missing: found no index.mjs in ${folder}. Run \`npm run build:handlers${arch === 'x64' ? ' -- --arch x64' : ''}\`.`]);
  }
  const bytes = sizeOf(folder);
  if (bytes > largestBundle) {
    throw new ConfigurationError(scope, [`the bundle of the handler '${handler}' has ${megabytes(bytes)} MB unpacked in ${folder}, expected at most ${megabytes(largestBundle)} MB, which is what Lambda takes: the function would not be created.`]);
  }
  taken.add(folder);
  return folder;
}

/**
 * The folder that an image is built from: `dist/images/<arm64|x64>/<image>` of this package, or `images/<arm64|x64>/<image>` beside the handlers' bundles
 * that the context key names.
 * @throws ConfigurationError where it was not built
 */
export function imageFolder(scope: Construct, image: string, architecture: Architecture): string {
  const configured: unknown = scope.node.tryGetContext(bundleRootContext);
  const root = typeof configured === 'string' ? path.resolve(configured) : path.join(packageRoot(import.meta.dirname), 'dist');
  const arch = architecture === Architecture.X86_64 ? 'x64' : 'arm64';
  const folder = path.join(root, 'images', arch, image);
  if (existsSync(path.join(folder, 'Dockerfile'))) return folder;
  throw new ConfigurationError(scope, [`what the image '${image}' is built from is missing: found no Dockerfile in ${folder}. Run \`npm run build:handlers${arch === 'x64' ? ' -- --arch x64' : ''}\`.`]);
}

/** Lambda's bound on what is unpacked. */
const largestBundle = 250 * 1024 * 1024;

/** The bundles that were looked at: an app of many pipelines asks for the same ones again and again. */
const taken = new Set<string>();
let ownBundles: string | undefined;

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).reduce((sum, entry) => sum + (entry.isFile() ? statSync(path.join(entry.parentPath, entry.name)).size : 0), 0);
}

/** The nearest folder above that holds a package.json with a name: the same from the sources and from the built `dist`. */
export function packageRoot(start: string): string {
  for (let folder = start; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file) && 'name' in (JSON.parse(readFileSync(file, 'utf8')) as object)) return folder;
    if (folder === path.dirname(folder)) throw new Error(`No package.json with a name in ${start} or above: the package is not complete. Install it again.`);
  }
}
