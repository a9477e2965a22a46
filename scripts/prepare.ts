import { fetchForeignPackages } from './build/foreign-packages.ts';
import { BuildError } from './build/platform.ts';

/**
 * Runs after `npm ci` in this repository (never at a consumer's): downloads DuckDB for the platform of the handlers' bundles, so that
 * everything after it works offline. Without the network it is left to the first build, which then says what is missing.
 */
try {
  await fetchForeignPackages('arm64');
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.warn(error.message);
}
