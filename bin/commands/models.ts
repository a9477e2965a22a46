import { Command } from 'commander';
import { headline } from '../cli/figures.ts';
import { listVersions, metricsOf, type RegistryOptions, withRegistry } from '../cli/model-versions.ts';
import { options } from '../cli/options.ts';
import { printJson, Terminal } from '../cli/terminal.ts';
import { modelsCompareCommand } from './models-compare.ts';
import { modelsShowCommand } from './models-show.ts';

/** `slipway models`. */
export function modelsCommand(): Command {
  return new Command('models')
    .description('List the registered model versions, newest first; show or compare them')
    .addOption(options.state())
    .addOption(options.aws())
    .addOption(options.region())
    .addOption(options.stacks())
    .addOption(options.json())
    .addHelpText('after', '\nExamples:\n  slipway models\n  slipway models --json\n  slipway models show 3\n  slipway models compare 3 4\n')
    .addCommand(modelsShowCommand())
    .addCommand(modelsCompareCommand())
    .action(async (given: RegistryOptions) => {
      const { modelPackageGroup, models } = await withRegistry(given, async (client, group) => ({ modelPackageGroup: group, models: await listVersions(client, group) }));
      if (given.json === true) {
        printJson({ modelPackageGroup, models });
        return;
      }
      const terminal = new Terminal({ json: false });
      terminal.line(terminal.style('bold', modelPackageGroup));
      if (models.length === 0) terminal.line('  no model yet: `slipway run FILE` trains one');
      for (const model of models) {
        const digest = model.properties['artifactSha256']?.slice(0, 12) ?? '';
        terminal.line(`  ${String(model.version).padStart(3)}  ${(model.approval ?? '').padEnd(22)} ${model.created ?? ''}  ${headline(metricsOf(model))}  ${terminal.style('dim', digest)}`);
      }
    });
}
