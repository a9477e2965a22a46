import { DescribeModelPackageCommand, paginateListModelPackages, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { Command } from 'commander';
import { findApplication } from '../cli/application.ts';
import { clientConfig, connect, type ConnectionOptions } from '../cli/connection.ts';
import { headline } from '../cli/figures.ts';
import { options } from '../cli/options.ts';
import { printJson, Terminal } from '../cli/terminal.ts';

interface ModelsOptions extends ConnectionOptions {
  readonly stacks: string;
  readonly json?: boolean;
}

/** `slipway models`. */
export function modelsCommand(): Command {
  return new Command('models')
    .description('List the registered model versions, newest first')
    .addOption(options.state())
    .addOption(options.aws())
    .addOption(options.region())
    .addOption(options.stacks())
    .addOption(options.json())
    .addHelpText('after', '\nExamples:\n  slipway models\n  slipway models --json\n')
    .action(async (given: ModelsOptions) => {
      const connection = await connect(given);
      const { modelPackageGroup } = await findApplication(connection, given.stacks);
      const client = new SageMakerClient(clientConfig(connection));
      const models = [];
      for await (const page of paginateListModelPackages({ client }, { ModelPackageGroupName: modelPackageGroup, SortBy: 'CreationTime', SortOrder: 'Descending' })) {
        for (const summary of page.ModelPackageSummaryList ?? []) {
          const model = await client.send(new DescribeModelPackageCommand({ ModelPackageName: summary.ModelPackageArn }));
          models.push({
            version: model.ModelPackageVersion,
            approval: model.ModelApprovalStatus,
            created: model.CreationTime?.toISOString(),
            arn: model.ModelPackageArn,
            properties: model.CustomerMetadataProperties ?? {},
          });
        }
      }
      client.destroy();
      if (given.json === true) {
        printJson({ modelPackageGroup, models });
        return;
      }
      const terminal = new Terminal({ json: false });
      terminal.line(terminal.style('bold', modelPackageGroup));
      if (models.length === 0) terminal.line('  no model yet: `slipway run FILE` trains one');
      for (const model of models) {
        const digest = model.properties['artifactSha256']?.slice(0, 12) ?? '';
        const metric = headline(metricsOf(model.properties));
        terminal.line(`  ${String(model.version).padStart(3)}  ${(model.approval ?? '').padEnd(22)} ${model.created ?? ''}  ${metric}  ${terminal.style('dim', digest)}`);
      }
    });
}

/** The properties called `metric.*`, as numbers. */
function metricsOf(properties: Readonly<Record<string, string>>): Record<string, number> {
  const prefix = 'metric.';
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), Number(value)]));
}
