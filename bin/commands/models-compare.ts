import { Command } from 'commander';
import { connect } from '../cli/connection.ts';
import { figure } from '../cli/figures.ts';
import { compareVersions, type ComparedMetric, type Comparison } from '../cli/model-comparison.ts';
import { findVersion, type RegistryOptions, withRegistry } from '../cli/model-versions.ts';
import { options, versionOrLatest } from '../cli/options.ts';
import { findPaired, type PairedFigure, type PairedResult } from '../cli/paired-result.ts';
import { count, printJson, Terminal } from '../cli/terminal.ts';
import { direction } from '../../model/spec/metrics.ts';

/** `slipway models compare`. */
export function modelsCompareCommand(): Command {
  return new Command('compare')
    .description('Compare two versions: their metrics side by side, and what else differs')
    .argument('<a>', "the number of a version, or 'latest'", versionOrLatest)
    .argument('<b>', "the number of another, or 'latest'", versionOrLatest)
    .addOption(options.state())
    .addOption(options.aws())
    .addOption(options.region())
    .addOption(options.stacks())
    .addOption(options.json())
    .addHelpText('after', '\nExamples:\n  slipway models compare 3 4\n  slipway models compare 3 4 --json\n')
    .action(async (a: number | 'latest', b: number | 'latest', _: unknown, command: Command) => {
      const given = command.optsWithGlobals<RegistryOptions>();
      const [left, right] = await withRegistry(given, (client, group) => Promise.all([findVersion(client, group, a), findVersion(client, group, b)]));
      const comparison = compareVersions(left, right);
      const paired = await findPaired(await connect(given), left, right);
      if (given.json === true) {
        printJson({ a: left, b: right, ...comparison, ...(paired === undefined ? {} : { paired }) });
        return;
      }
      const terminal = new Terminal({ json: false });
      showComparison(terminal, left.version, right.version, comparison);
      if (paired !== undefined) showPaired(terminal, paired);
    });
}

/** Shows a comparison; the better value of a metric is marked. */
function showComparison(terminal: Terminal, a: number, b: number, { metrics, properties, sameData }: Comparison): void {
  const names = [...metrics, ...properties].map(({ name }) => name.length);
  const width = Math.max(0, ...names);
  const line = (name: string, left: string, right: string, more = ''): void => { terminal.line(`  ${name.padEnd(width)}  ${left.padEnd(14)}  ${right.padEnd(14)}  ${more}`.trimEnd()); };
  terminal.line(terminal.style('bold', `  ${''.padEnd(width)}  ${`version ${String(a)}`.padEnd(14)}  version ${String(b)}`));
  for (const metric of metrics) line(metric.name, figure(metric.a), figure(metric.b), verdict(terminal, a, b, metric));
  if (metrics.length > 0 && !sameData) terminal.line(terminal.style('yellow', '  ! Trained on different data, so measured on different rows: the differences are of the data as well.'));
  if (properties.length > 0) terminal.line();
  for (const { name, a: left = '', b: right = '' } of properties) line(name, left, right);
}

/** Shows how two versions did on the very same rows, as the run of one of them found when it was judged. */
function showPaired(terminal: Terminal, { challenger, champion, rows, metrics, note }: PairedResult): void {
  const width = Math.max(0, ...metrics.map((metric) => metric.metric.length));
  terminal.line();
  terminal.line(terminal.style('bold', `  On the same ${count(rows)} held-out rows, version ${String(challenger)} less version ${String(champion)}`));
  for (const metric of metrics) {
    terminal.line(`  ${metric.metric.padEnd(width)}  ${signed(metric.difference).padEnd(10)}  ${`${String(metric.confidence * 100)} % interval ${signed(metric.low)} to ${signed(metric.high)}`.padEnd(38)}  ${conclusion(terminal, metric)}`.trimEnd());
  }
  terminal.line(terminal.style('dim', `  ${note}`));
}

function conclusion(terminal: Terminal, { metric, low, high, test }: PairedFigure): string {
  const p = test === undefined || test.p === null ? '' : `, ${test.name} p ${test.p < 0.0001 ? '< 0.0001' : test.p.toFixed(4)}`;
  if (low <= 0 && high >= 0) return terminal.style('dim', `no clear difference${p}`);
  const better = (low > 0 ? 1 : -1) === direction(metric);
  return terminal.style(better ? 'green' : 'red', `clearly ${better ? 'better' : 'worse'}${p}`);
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${figure(Math.abs(value))}`;
}

function verdict(terminal: Terminal, a: number, b: number, { difference, better }: ComparedMetric): string {
  if (difference === undefined) return '';
  const sign = difference > 0 ? '+' : '';
  return better === undefined ? terminal.style('dim', 'the same') : terminal.style(better === 'b' ? 'green' : 'red', `${sign}${figure(difference)}, version ${String(better === 'a' ? a : b)} is better`);
}
