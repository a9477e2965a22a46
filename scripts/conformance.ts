import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { RecordedCase } from './conformance/recording.ts';
import { judge, type Verdict } from './conformance/score.ts';
import { summarise, type Tally } from './conformance/summary.ts';

/** Scores the interpreter of `local/states` on executions recorded on AWS: `npm run conformance -- [FILE] [--json]`. */
const { values, positionals } = parseArgs({ options: { json: { type: 'boolean', default: false } }, allowPositionals: true });
const file = positionals[0] ?? path.join(import.meta.dirname, '../../shared/asl/recordings.json');

if (!existsSync(file)) {
  console.error(`There are no recordings at '${file}'. Give a file: npm run conformance -- FILE`);
  process.exit(2);
}
const cases = JSON.parse(readFileSync(file, 'utf8')) as RecordedCase[];
const verdicts: Verdict[] = [];
for (const recorded of cases) verdicts.push(await judge(recorded));

for (const { case: id, outcome, reason } of verdicts) {
  if (outcome !== 'passed') console.log(`${outcome.toUpperCase()} ${id}\n    ${reason ?? ''}`);
}
const summary = summarise(verdicts);
if (values.json) console.log(JSON.stringify(summary));
else {
  const share = ({ passed, total }: Tally): string => `${passed} of ${total}${total === 0 ? '' : ` (${((100 * passed) / total).toFixed(1)} %)`}`;
  for (const [name, { cases, tests }] of Object.entries({ all: summary, ...summary.byQueryLanguage })) {
    console.log(`${name}: ${share(tests)} tests, ${share(cases)} cases`);
  }
  console.log(`skipped: ${summary.skipped} cases`);
}
