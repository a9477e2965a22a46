import { writeFileSync } from 'node:fs';
import { exampleCsv, exampleNames } from './example-data/csv.ts';

/** `npm run example-data -- NAME FILE`: writes the data of an example as CSV. */
const [name = '', file] = process.argv.slice(2);
if (!exampleNames.includes(name) || file === undefined) {
  console.error(`Usage: npm run example-data -- ${exampleNames.join('|')} FILE.csv`);
  process.exit(1);
}
const csv = exampleCsv(name);
writeFileSync(file, csv);
console.log(`${file}: ${String(csv.trimEnd().split('\n').length - 1)} rows`);
