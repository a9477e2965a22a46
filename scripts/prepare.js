// Runs after `npm ci` in this repository (never at a consumer's): downloads DuckDB for the platform of the handlers' bundles, so that
// everything after it works offline. Without the network it is left to the first build, which then says what is missing.
// JavaScript, since Node 20 outside Linux starts it as well, where there is nothing to build with yet.
if (process.features.typescript) {
  const { fetchForeignPackages } = await import('./build/foreign-packages.ts');
  try {
    await fetchForeignPackages('arm64');
  } catch (error) {
    if (error.name !== 'BuildError') throw error;
    console.warn(error.message);
  }
}
