import { Command } from 'commander';
import { figure } from '../cli/figures.ts';
import { compareVersions, type ComparedMetric, type Comparison } from '../cli/model-comparison.ts';
import { findVersion, type RegistryOptions, withRegistry } from '../cli/model-versions.ts';
import { options, versionNumber } from '../cli/options.ts';
import { printJson, Terminal } from '../cli/terminal.ts';

/** `slipway models compare`. */
export function modelsCompareCommand(): Command {
  return new Command('compare')
    .description('Compare two versions: their metrics side by side, and what else differs')
    .argument('<a>', 'the number of a version', versionNumber)
    .argument('<b>', 'the number of another', versionNumber)
    .addOption(options.state())
    .addOption(options.aws())
    .addOption(options.region())
    .addOption(options.stacks())
    .addOption(options.json())
    .addHelpText('after', '\nExamples:\n  slipway models compare 3 4\n  slipway models compare 3 4 --json\n')
    .action(async (a: number, b: number, _: unknown, command: Command) => {
      const given = command.optsWithGlobals<RegistryOptions>();
      const [left, right] = await withRegistry(given, (client, group) => Promise.all([findVersion(client, group, a), findVersion(client, group, b)]));
      const comparison = compareVersions(left, right);
      if (given.json === true) printJson({ a: left, b: right, ...comparison });
      else showComparison(new Terminal({ json: false }), a, b, comparison);
    });
}

/** Shows a comparison; the better value of a metric is marked. */
export function showComparison(terminal: Terminal, a: number, b: number, { metrics, properties, sameData }: Comparison): void {
  const names = [...metrics, ...properties].map(({ name }) => name.length);
  const width = Math.max(0, ...names);
  const line = (name: string, left: string, right: string, more = ''): void => { terminal.line(`  ${name.padEnd(width)}  ${left.padEnd(14)}  ${right.padEnd(14)}  ${more}`.trimEnd()); };
  terminal.line(terminal.style('bold', `  ${''.padEnd(width)}  ${`version ${String(a)}`.padEnd(14)}  version ${String(b)}`));
  for (const metric of metrics) line(metric.name, figure(metric.a), figure(metric.b), verdict(terminal, a, b, metric));
  if (metrics.length > 0 && !sameData) terminal.line(terminal.style('yellow', '  ! Trained on different data, so measured on different rows: the differences are of the data as well.'));
  if (properties.length > 0) terminal.line();
  for (const { name, a: left = '', b: right = '' } of properties) line(name, left, right);
}

function verdict(terminal: Terminal, a: number, b: number, { difference, better }: ComparedMetric): string {
  if (difference === undefined) return '';
  const sign = difference > 0 ? '+' : '';
  return better === undefined ? terminal.style('dim', 'the same') : terminal.style(better === 'b' ? 'green' : 'red', `${sign}${figure(difference)}, version ${String(better === 'a' ? a : b)} is better`);
}
