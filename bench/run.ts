/**
 * Runs benchmarks and prints one JSON line each: `npm run bench` (all) or `npm run bench -- trainer`.
 * A benchmark is a file of this folder that exports `run(): Promise<object>`.
 */
const benches: Readonly<Record<string, () => Promise<{ run(): Promise<object> }>>> = {
  trainer: () => import('./trainer.ts'),
  evaluation: () => import('./evaluation.ts'),
  synth: () => import('./synth.ts'),
  'serving-in-process': () => import('./serving-in-process.ts'),
  'validate-data': () => import('./validate-data.ts'),
  'serving-http': () => import('./serving-http.ts'),
  'serving-start': () => import('./serving-start.ts'),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  console.error(`Unknown benchmark ${unknown.join(', ')}, expected ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
for (const [name, load] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const bench = await load();
  console.log(JSON.stringify({ bench: name, ...(await bench.run()) }));
}
