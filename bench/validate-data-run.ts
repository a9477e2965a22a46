import { validateDataset } from '../model/data/validate.ts';
import { resolveChecks } from '../model/spec/resolve-checks.ts';
import { schema } from './validate-data-file.ts';

/** One validation in a process of its own, so that its peak memory is its own. Prints {seconds, peakRssMb, rows, duplicates, ..}. */
const { file, memoryMb, threads } = JSON.parse(process.argv[2] ?? '{}') as { file: string; memoryMb: number; threads: number };
const usage = process.cpuUsage();
const start = performance.now();
const report = await validateDataset({ file, schema, checks: resolveChecks([]), memoryMb, threads });
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(usage);
if (!report.passed) throw new Error(report.reasons.join('\n'));
const { rows, duplicates, label, columns } = report;
const price = columns.find(({ name }) => name === 'price')?.numbers;
console.log(JSON.stringify({
  seconds,
  cpuSeconds: (user + system) / 1e6,
  peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  found: { rows, duplicates, positives: label?.task === 'binary' ? label.positives : null, price: [price?.minimum, price?.mean, price?.maximum] },
}));
