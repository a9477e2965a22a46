/**
 * Runs after `npm ci` in this repository (never at a consumer's): DuckDB for the platform of the handlers' bundles is downloaded, so that
 * everything after this works offline. Without the network it is left to the first build, which then says what is missing.
 */
import { fetchForeignPackages } from './build/foreign-packages.ts';
import { BuildError } from './build/platform.ts';

try {
  await fetchForeignPackages('arm64');
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.warn(error.message);
}
