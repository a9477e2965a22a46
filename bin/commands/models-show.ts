import { Command } from 'commander';
import { figure } from '../cli/figures.ts';
import { findVersion, metricsOf, type ModelVersion, type RegistryOptions, withRegistry } from '../cli/model-versions.ts';
import { options, versionOrLatest } from '../cli/options.ts';
import { printJson, Terminal } from '../cli/terminal.ts';

/** `slipway models show`. */
export function modelsShowCommand(): Command {
  return new Command('show')
    .description('Show a version: what it reached, and where it comes from')
    .argument('<version>', "its number, or 'latest'", versionOrLatest)
    .addOption(options.state())
    .addOption(options.aws())
    .addOption(options.region())
    .addOption(options.stacks())
    .addOption(options.json())
    .addHelpText('after', '\nExamples:\n  slipway models show 3\n  slipway models show 3 --json\n')
    // `models` itself has these options too and takes them, wherever they stand.
    .action(async (which: number | 'latest', _: unknown, command: Command) => {
      const given = command.optsWithGlobals<RegistryOptions>();
      const version = await withRegistry(given, (client, group) => findVersion(client, group, which));
      if (given.json === true) printJson(version);
      else showVersion(new Terminal({ json: false }), version);
    });
}

/** Shows a version, its properties by what they are about. */
function showVersion(terminal: Terminal, version: ModelVersion): void {
  terminal.line(`${terminal.style('bold', `Version ${String(version.version)}`)}  ${version.approval ?? ''}  ${version.created ?? ''}`);
  if (version.description !== undefined) terminal.line(`  ${version.description}`);
  if (version.approvalDescription !== undefined) terminal.line(`  ${version.approvalDescription}`);
  if (version.changedBy !== undefined) terminal.line(`  changed last by ${version.changedBy}`);
  section(terminal, 'Card', wordsOf(version.card));
  section(terminal, 'Metrics', Object.entries(metricsOf(version)).map(([name, value]) => [name, figure(value)]));
  const named = (prefix: string): [string, string][] => Object.entries(version.properties).filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]);
  section(terminal, 'Gates', named('gate.'));
  section(terminal, 'Hyperparameters', named('hyperparameter.'));
  section(terminal, `Lineage (slipway lineage ${String(version.version)} traces it)`, [...Object.entries(version.properties).filter(([name]) => !/^(metric|gate|hyperparameter)\./.test(name)), ['arn', version.arn]]);
}

/** What people said of the model in its card; what the run wrote there stands in the other sections. */
function wordsOf(card: unknown): [string, string][] {
  const { model_overview: overview, intended_uses: uses, business_details: business, additional_information: more } = (card ?? {}) as Record<string, Record<string, unknown> | undefined>;
  return Object.entries({ ...overview, ...uses, ...business, ...more }).flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name.replaceAll('_', ' '), value]] : []));
}

function section(terminal: Terminal, title: string, lines: readonly (readonly [string, string])[]): void {
  if (lines.length === 0) return;
  const width = Math.max(...lines.map(([name]) => name.length));
  terminal.line();
  terminal.line(terminal.style('bold', title));
  for (const [name, value] of lines) terminal.line(`  ${name.padEnd(width)}  ${value}`);
}
