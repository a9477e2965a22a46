import path from 'node:path';
import { buildHandlers } from './build/handlers.ts';
import { buildImages } from './build/images.ts';
import { buildLibrary } from './build/library.ts';
import { archs, BuildError, root } from './build/platform.ts';
import { copyHardLinks } from './build/unlink.ts';

/**
 * Builds the handlers' bundles and the folders of images for both architectures, and the library's JavaScript with its declarations.
 * With `--pack`, as `npm pack` calls it, what is published (handlers for arm64, the default, and images for both: serverless inference knows no arm64) holds files instead of links.
 */
try {
  const startedAt = performance.now();
  const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(1);
  for (const { arch, programs } of await buildHandlers(path.join(root, 'dist', 'handlers'), archs)) {
    console.log(`${String(programs.length)} handlers for ${arch} (${seconds()} s)`);
  }
  await buildImages(path.join(root, 'dist', 'images'), archs);
  console.log(`what images are built from (${seconds()} s)`);
  if (process.argv.includes('--pack')) for (const folder of ['handlers/arm64', 'images/arm64', 'images/x64']) copyHardLinks(path.join(root, 'dist', folder));
  await buildLibrary(path.join(root, 'dist'));
  console.log(`library and declarations, which load from ES modules and from CommonJS (${seconds()} s)`);
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
